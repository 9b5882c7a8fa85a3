import { spawn } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dirname, 'main.ts');

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-main-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The command as a program of its own, on a machine that has no platform. */
function start(words: readonly string[], stdout: 'pipe' | number = 'pipe') {
  const env = { PATH: process.env['PATH'], XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(process.execPath, [main, ...words], { cwd: folder, env, stdio: ['ignore', stdout, 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout?.on('data', (text: Buffer) => void (said.out += String(text)));
  child.stderr?.on('data', (text: Buffer) => void (said.err += String(text)));
  const ended = new Promise<{ code: number | null; out: string; err: string }>(resolve => {
    child.on('close', code => resolve({ code, ...said }));
  });
  return { child, ended };
}

test.each([
  [['delivr'], 'Did you mean deliver?'],
  // a name that every object has
  [['constructor'], 'has no command "constructor". It has compare,'],
  [['deliver', ''], 'One of the arguments is empty.'],
  [['stop', 'extra'], 'takes options only; found "extra"'],
  [['start', 'service'], 'fairway deliver service delivers yours'],
])('fairway %j is something to correct', async (words, sentence) => {
  const { code, out, err } = await start(words).ended;
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(sentence);
});

test('with --json an error is one document on standard output', async () => {
  const { code, out, err } = await start(['deliver', '--json']).ended;
  expect(code).toBe(2);
  expect(JSON.parse(out)).toEqual({ exitCode: 2, error: expect.stringContaining('has no fairway.yaml') as string });
  expect(err).toContain('has no fairway.yaml');
});

test('a reader that is gone is no error of the program', async () => {
  const { child, ended } = start(['--help']);
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

// full(4): a write to it fails as on a full disk
(process.platform === 'linux' ? test : test.skip)('a result that was not written is no success', async () => {
  const full = await open('/dev/full', 'w');
  const { code, err } = await start(['--help'], full.fd).ended;
  await full.close();
  expect(code).toBe(2);
  expect(err).toContain('The result could not be written to standard output: ENOSPC');
});
