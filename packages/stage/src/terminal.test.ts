import { openTerminal } from './terminal.ts';

/** What a terminal is sent for two texts of progress and the line after them. */
function written(stream: { readonly isTTY?: boolean; readonly columns?: number }, term: string): string {
  const before = process.env['TERM'];
  process.env['TERM'] = term;
  const texts: string[] = [];
  try {
    const terminal = openTerminal({ ...stream, write: text => texts.push(text) });
    const { progress } = terminal.log('build');
    progress('step 1');
    progress('step 2');
    terminal.line('done');
  } finally {
    if (before === undefined) delete process.env['TERM'];
    else process.env['TERM'] = before;
  }
  return texts.join('');
}

test('progress stays on one line, which a narrow terminal does not break', () => {
  expect(written({ isTTY: true, columns: 10 }, 'xterm')).toBe('\r\x1b[2Kbuild: st\r\x1b[2Kbuild: st\r\x1b[2Kdone\n');
  // as a terminal that knows no width says it
  expect(written({ isTTY: true, columns: 0 }, 'xterm')).toContain('build: step 2\r');
});

test.each([
  ['no terminal', { isTTY: false }, 'xterm'],
  ['a terminal that cannot go back', { isTTY: true, columns: 80 }, 'dumb'],
])('%s gets lines', (_what, stream, term) => {
  expect(written(stream, term)).toBe('build: step 1\nbuild: step 2\ndone\n');
});
