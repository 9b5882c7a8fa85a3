import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitText } from './commit-text.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-commit-'))));
afterEach(() => rm(folder, { recursive: true }));

const git = (...words: readonly string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.email=ann@example.com', ...words], { encoding: 'utf8' }).trim();
const commit = (author: string, message: string) => {
  git('-c', `user.name=${author}`, 'commit', '--quiet', '--allow-empty', '-m', message);
  return git('rev-parse', 'HEAD');
};

test('the author and the first line of that commit, whatever came after it', async () => {
  git('init', '--quiet');
  const first = commit('Ann Müller', 'Serve with a longer context (#41)\n\nClients asked for it.');
  commit('Bob', 'Another');
  expect(await commitText(folder, first)).toEqual({
    author: 'Ann Müller',
    subject: 'Serve with a longer context (#41)',
  });
  expect((await commitText(folder, commit('Bob', 'x'.repeat(300))))?.subject).toHaveLength(200);
});

test('nothing where there is no such commit, and no option of git is taken from its name', async () => {
  expect(await commitText(folder, 'HEAD')).toBeUndefined();
  git('init', '--quiet');
  commit('Ann', 'One');
  expect(await commitText(folder, 'f'.repeat(40))).toBeUndefined();
  expect(await commitText(folder, `--output=${join(folder, 'written')}`)).toBeUndefined();
  expect(await commitText(folder, undefined)).toBeUndefined();
});
