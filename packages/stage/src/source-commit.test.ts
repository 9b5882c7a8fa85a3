import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sourceCommit } from './source-commit.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-commit-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function git(...words: string[]): Promise<string> {
  const author = ['-c', 'user.name=Ada Lovelace', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgSign=false'];
  const { stdout } = await promisify(execFile)('git', ['-C', folder, ...author, ...words]);
  return stdout.trim();
}

it('reads the commit, its author without the address, and the first line of its message', async () => {
  await git('init', '-q');
  await git('commit', '-q', '--allow-empty', '-m', 'Raise the context to 32k (#12)', '-m', 'Users asked for it.');
  expect(await sourceCommit(folder)).toEqual({
    commit: await git('rev-parse', 'HEAD'),
    author: 'Ada Lovelace',
    subject: 'Raise the context to 32k (#12)',
  });
});

it('cuts a subject that is a whole page', async () => {
  await git('init', '-q');
  await git('commit', '-q', '--allow-empty', '-m', 'x'.repeat(5000));
  expect((await sourceCommit(folder))?.subject).toBe(`${'x'.repeat(199)}…`);
});

it('names nothing where nothing is committed, or nothing is a repository', async () => {
  expect(await sourceCommit(folder)).toBeUndefined();
  await git('init', '-q');
  expect(await sourceCommit(folder)).toBeUndefined();
});
