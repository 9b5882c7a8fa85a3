import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './command.ts';

test('gives standard output and shows the lines of standard error', async () => {
  const lines: string[] = [];
  const output = await runCommand('sh', ['-c', 'echo out; echo one >&2; echo two >&2'], {
    onErrorLine: line => lines.push(line),
  });
  expect(output).toBe('out\n');
  expect(lines).toEqual(['one', 'two']);
});

test('a failure names the command, the status, the last words and the advice', async () => {
  const run = runCommand('sh', ['-c', 'echo broken >&2; exit 3'], { advice: 'Mend it.' });
  await expect(run).rejects.toMatchObject({ name: 'ToolError', tool: 'sh', status: 3, output: 'broken' });
  await expect(run).rejects.toThrow('Mend it.');
});

test('a missing program is said to be missing', async () => {
  await expect(runCommand('fairway-no-such-program', [])).rejects.toThrow('is not installed');
});

test('cancelling ends the program and those it started', async () => {
  const controller = new AbortController();
  const run = runCommand('sh', ['-c', 'sleep 61.5 & wait'], { signal: controller.signal });
  await sleep(50);
  controller.abort(new Error('stop'));
  await expect(run).rejects.toThrow('stop');
});
