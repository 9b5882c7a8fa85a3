import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitFacts } from './git-facts.ts';

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
  expect(await gitFacts(folder, first)).toEqual({
    author: 'Ann Müller',
    subject: 'Serve with a longer context (#41)',
  });
  expect((await gitFacts(folder, commit('Bob', 'x'.repeat(300))))?.subject).toHaveLength(200);
});

// https://docs.gitlab.com/user/project/merge_requests/commit_templates/
test.each([
  ["Merge branch 'longer' into 'main'\n\nServe longer\n\nCloses #3\n\nSee merge request acme/llms/chat!41", '41'],
  ["Merge branch 'longer' into 'main'\n\nSee merge request !7\n", '7'],
  ['Serve longer\n\nAs said in !41 and in See merge request !41.', undefined],
])('the merge request that GitLab names below the first line: %j', async (message, number) => {
  git('init', '--quiet');
  expect((await gitFacts(folder, commit('Ann', message)))?.mergeRequest).toBe(number);
});

test('that the source is not the commit: a change, a new file, and neither of what is ignored, delivered or elsewhere', async () => {
  git('init', '--quiet');
  const service = join(folder, 'chat');
  await mkdir(join(service, '.fairway'), { recursive: true });
  await writeFile(join(service, 'fairway.yaml'), 'name: chat\n');
  await writeFile(join(service, '.gitignore'), 'model\n');
  git('add', '.');
  const id = commit('Ann', 'One');
  const modified = async () => (await gitFacts(service, id))?.modified;
  for (const name of ['chat/model', 'chat/.fairway/delivery.json', 'README.md'])
    await writeFile(join(folder, name), '');
  expect(await modified()).toBeUndefined();
  await writeFile(join(service, 'Dockerfile'), 'FROM scratch\n');
  expect(await modified()).toBe(true);
  git('add', '.');
  commit('Ann', 'Two');
  // of the commit that is asked for, and not of the last
  expect(await modified()).toBe(true);
  await rm(join(service, 'Dockerfile'));
  expect(await modified()).toBeUndefined();
  await writeFile(join(service, 'fairway.yaml'), 'name: chat2\n');
  expect(await modified()).toBe(true);
});

test('nothing where there is no such commit, and no option of git is taken from its name', async () => {
  expect(await gitFacts(folder, 'HEAD')).toBeUndefined();
  git('init', '--quiet');
  commit('Ann', 'One');
  expect(await gitFacts(folder, 'f'.repeat(40))).toBeUndefined();
  expect(await gitFacts(folder, `--output=${join(folder, 'written')}`)).toBeUndefined();
  expect(await gitFacts(folder, undefined)).toBeUndefined();
});

test('the folder of its documentation in the repository, where it has one', async () => {
  git('init', '--quiet');
  const id = commit('Ann', 'One');
  await writeFile(join(folder, 'mkdocs.yml'), 'site_name: chat\n');
  expect(await gitFacts(folder, id)).toMatchObject({ docs: '.', modified: true });
  const service = join(folder, 'services/chat');
  await mkdir(service, { recursive: true });
  expect(await gitFacts(service, id)).toEqual({ author: 'Ann', subject: 'One' });
  await writeFile(join(service, 'mkdocs.yml'), 'site_name: chat\n');
  expect((await gitFacts(service, id))?.docs).toBe('services/chat');
});

// githooks(5): a hook runs with GIT_DIR, and that of a commit with GIT_INDEX_FILE
test('the repository is that of the folder, whatever a hook of another one has in its environment', async () => {
  git('init', '--quiet');
  const id = commit('Ann', 'One');
  const elsewhere = join(folder, 'elsewhere');
  execFileSync('git', ['init', '--quiet', elsewhere]);
  const before = { ...process.env };
  Object.assign(process.env, {
    GIT_DIR: join(elsewhere, '.git'),
    GIT_WORK_TREE: elsewhere,
    GIT_INDEX_FILE: join(elsewhere, '.git/index'),
  });
  try {
    expect(await gitFacts(folder, id)).toMatchObject({ author: 'Ann', subject: 'One' });
  } finally {
    for (const name of ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});
