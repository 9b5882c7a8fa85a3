import { logQuery, printed } from './logs-command.ts';

const now = new Date('2026-11-26T12:00:00Z');

test('a request is searched for as far back as the store reaches, unless told otherwise', async () => {
  await expect(logQuery([], { request: 'r1' }, now)).resolves.toMatchObject({ requestId: 'r1', since: undefined });
  const { since } = await logQuery([], { request: 'r1', since: '90m' }, now);
  expect(since?.toISOString()).toBe('2026-11-26T10:30:00.000Z');
});

test.each([
  [[], {}, 'found neither'],
  [['a', 'b'], {}, 'found "a", "b"'],
  [
    [],
    { request: 'r', since: 'yesterday' },
    '--since takes a number with s, m, h or d, such as 30m; found "yesterday"',
  ],
  [[], { request: 'r', level: 'bad' }, '--level takes debug, info, warn, error; found "bad"'],
  [[], { request: 'r', limit: '0' }, '--limit takes a number of lines from 1 to 10000; found "0"'],
])('%j with %j is a mistake to correct', async (folders, given, sentence) => {
  await expect(logQuery(folders, given, now)).rejects.toThrow(sentence);
});

test('a line for people says who, what and which request, and commands nothing to a terminal', () => {
  const text = printed({
    ...{ time: '2026-11-26T10:31:18.445123456Z', level: 'warn', dataset: 'access', message: 'GET \u001b[2J/ 404' },
    ...{ requestId: 'r1\u009b2J', service: 'hello', version: '1a2b3c4d', tenant: 'ann', durationMilliseconds: 3 },
    ...{ namespace: 'n', pod: 'p', container: 'c' },
  });
  // U+009B is what ESC [ is in one sign: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
  expect(text).toBe(
    '2026-11-26 10:31:18.445  WARN   access    hello@1a2b3c4d  GET  [2J/ 404  (tenant ann, 3 ms, request r1 2J)',
  );
});
