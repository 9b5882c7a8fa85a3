import { badGateway, primaryLimit, secondaryLimit } from '../../../../test/github/faults.ts';
import { githubDouble } from '../../../../test/github/double.ts';
import type { GithubDouble } from '../../../../test/github/double.ts';
import { changeFolder, proposalState } from './repository-folder.ts';
import type { FolderChange } from './repository-folder.ts';

const folder = 'clusters/production/hello';
const before = {
  'README.md': 'hello',
  'clusters/production/other/a.yaml': 'a: other\n',
  [`${folder}/a.yaml`]: 'a: 1\n',
  [`${folder}/deploy/b.yaml`]: 'b: 1\n',
  [`${folder}/notes.md`]: 'of somebody',
};
const access = { token: 'secret-token', repository: 'team/deployments', tokenName: 'the input gitops-token' };
const rejected = {
  status: 422,
  body: { message: 'Repository rule violations found\n\nChanges must be made through a pull request.' },
};

let github: GithubDouble;
beforeAll(async () => {
  github = await githubDouble({
    repository: access.repository,
    tokens: {
      'secret-token': { permissions: { contents: 'write', pull_requests: 'write' } },
      'reading-token': { permissions: { contents: 'read' } },
      'writing-token': { permissions: { contents: 'write', pull_requests: 'read' } },
    },
    files: before,
  });
  // read when the library is first loaded
  process.env['GITHUB_API_URL'] = github.url;
});
afterAll(() => github.close());

// each test has a branch of its own
let number = 0;
let branch: string;
let place: { readonly path: string; readonly branch: string };
let proposed: typeof place & { readonly proposal: string };
beforeEach(() => {
  branch = `main-${++number}`;
  github.push(branch, before);
  place = { path: folder, branch };
  proposed = { ...place, proposal: `fairway/hello-${number}` };
});

const change =
  (files: FolderChange['files'], text = 'a table') =>
  async (): Promise<FolderChange> => ({
    files,
    message: 'Deliver hello',
    title: 'Deliver hello',
    body: text,
  });
const desired = new Map([
  ['a.yaml', 'a: 1\n'],
  ['deploy/b.yaml', undefined],
  ['deploy/c.yaml', 'c: ä\n'],
  ['gone.yaml', undefined],
]);
const after = new Map(Object.entries({ ...before, [`${folder}/deploy/c.yaml`]: 'c: ä\n' }));
after.delete(`${folder}/deploy/b.yaml`);

test('a commit holds what differs in the folder and nothing else, and there is none where nothing does', async () => {
  const read: string[] = [];
  const brought = await changeFolder(access, place, async found => {
    for (const file of found.files.keys()) read.push(`${file}: ${await found.read(file)}`);
    return change(desired)();
  });
  expect(read).toEqual(['a.yaml: a: 1\n', 'deploy/b.yaml: b: 1\n', 'notes.md: of somebody']);
  expect(brought).toMatchObject({ branch, commit: expect.stringContaining('https://github.com/') });
  expect(github.files(branch)).toEqual(after);
  expect(github.commits(branch)).toHaveLength(2);
  await expect(changeFolder(access, place, change(desired))).resolves.toEqual({ branch });
  expect(github.commits(branch)).toHaveLength(2);
});

test('what others push in between stays, and the change is planned anew on it', async () => {
  let plans = 0;
  await changeFolder(access, place, async () => {
    if (++plans === 1) github.push(branch, { 'clusters/production/other/a.yaml': 'a: 2\n' });
    return change(desired)();
  });
  expect(plans).toBe(2);
  expect(github.takeRejected()).toEqual([expect.stringContaining('Update is not a fast forward')]);
  expect(github.files(branch)).toEqual(new Map([...after, ['clusters/production/other/a.yaml', 'a: 2\n']]));
  // docs.github.com, "Update a reference": 409 Conflict
  github.faults.push({ answer: { status: 409, body: { message: 'Conflict' } }, when: /^PATCH/ });
  await changeFolder(access, place, change(new Map([['a.yaml', 'a: 2\n']])));
  expect(github.files(branch)?.get(`${folder}/a.yaml`)).toBe('a: 2\n');
});

test('who is overtaken each time says so after five times', async () => {
  for (let times = 0; times < 5; times++)
    github.faults.push({ answer: { status: 409, body: { message: 'Conflict' } }, when: /^PATCH/ });
  await expect(changeFolder(access, place, change(desired))).rejects.toThrow(
    /^github: writing the branch main-\d+ in team\/deployments ended with 409: Conflict/,
  );
});

test('a commit whose answer is lost is made once', async () => {
  github.faults.push({ answer: badGateway, after: true, when: /^PATCH/ });
  await changeFolder(access, place, change(desired));
  expect(github.commits(branch)).toHaveLength(2);
});

test('one pull request is there, which is brought up to date on the newest commit of the branch', async () => {
  const pull = { number: 1, url: 'https://github.com/team/deployments/pull/1' };
  expect(github.pulls).toEqual([]);
  await expect(changeFolder(access, proposed, change(desired))).resolves.toEqual({ branch, pull });
  expect(github.files(branch)).toEqual(new Map(Object.entries(before)));
  expect(github.files(proposed.proposal)).toEqual(after);

  const [first] = github.commits(proposed.proposal);
  github.push(branch, { 'clusters/production/other/a.yaml': 'a: 2\n' });
  await expect(changeFolder(access, proposed, change(desired))).resolves.toEqual({ branch, pull });
  // nothing of it is in the folder, and a review of the pull request counts on
  expect(github.commits(proposed.proposal)[0]).toEqual(first);

  github.push(branch, { [`${folder}/a.yaml`]: 'a: 0\n' });
  await changeFolder(access, proposed, change(desired, 'another table'));
  expect(github.pulls).toMatchObject([{ number: 1, state: 'open', body: 'another table' }]);
  expect(github.files(proposed.proposal)).toEqual(new Map([...after, ['clusters/production/other/a.yaml', 'a: 2\n']]));
  expect(github.commits(proposed.proposal)[1]).toEqual(github.commits(branch)[0]);
});

test('a pull request that is not needed any more is closed, and merged it is not opened again', async () => {
  const { pull } = await changeFolder(access, proposed, change(desired));
  await expect(proposalState(access, pull!.number)).resolves.toBe('open');
  const asBefore = new Map([
    ['deploy/b.yaml', 'b: 1\n'],
    ['deploy/c.yaml', undefined],
  ]);
  await expect(changeFolder(access, proposed, change(asBefore))).resolves.toEqual({ branch });
  await expect(proposalState(access, pull!.number)).resolves.toBe('closed');

  await changeFolder(access, proposed, change(desired));
  github.push(branch, { [`${folder}/deploy/c.yaml`]: 'c: ä\n' });
  const last = github.pulls.at(-1)!;
  Object.assign(last, { state: 'closed', merged: true });
  await expect(proposalState(access, last.number)).resolves.toBe('merged');
  const rest = new Map([['deploy/c.yaml', 'c: ä\n']]);
  await expect(changeFolder(access, proposed, change(rest))).resolves.toEqual({ branch });
  expect(github.pulls.at(-1)).toBe(last);
});

test('a folder that is not there yet is made', async () => {
  await changeFolder(access, { path: 'new/folder', branch }, change(new Map([['a.yaml', 'a: 1\n']])));
  expect(github.files(branch)?.get('new/folder/a.yaml')).toBe('a: 1\n');
});

test('without a branch it is the one that the repository has as default', async () => {
  const seven = change(new Map([['a.yaml', 'a: 7\n']]));
  await expect(changeFolder(access, { path: folder }, seven)).resolves.toMatchObject({ branch: 'main' });
  expect(github.files('main')?.get(`${folder}/a.yaml`)).toBe('a: 7\n');
});

test('a secondary limit is waited for', async () => {
  github.faults.push({ answer: secondaryLimit(1), when: /^POST .*\/git\/trees$/ });
  await changeFolder(access, place, change(desired));
  expect(github.files(branch)).toEqual(after);
});

test.each([
  [
    'a token that may read alone',
    { token: 'reading-token' },
    {},
    /writing the files in team\/deployments ended with 403.* The input gitops-token needs the permission contents: write in team\/deployments\.$/,
  ],
  [
    'one that may open no pull requests',
    { token: 'writing-token' },
    { proposal: 'fairway/hello' },
    /opening the pull request in team\/deployments ended with 403.* The input gitops-token needs the permission pull-requests: write in team\/deployments\.$/,
  ],
  [
    'a token that has ended',
    { token: 'another-token' },
    {},
    /ended with 401: Bad credentials.* The input gitops-token is not valid: it has expired, was revoked, or is not one of this GitHub\.$/,
  ],
  [
    'a repository that is not seen',
    { repository: 'team/other' },
    {},
    /reading the repository in team\/other ended with 404.* There is no team\/other, or the input gitops-token has no access to it: it needs the permission contents: read there\.$/,
  ],
  [
    'a branch that is not there',
    {},
    { branch: 'prod' },
    /reading the branch prod in team\/deployments ended with 404.* There is no such branch: name one that is there\.$/,
  ],
])('%s is said in a sentence', async (_name, other, where, expected) => {
  const asking = { ...access, ...other };
  const error = await changeFolder(asking, { ...place, ...where }, change(desired)).catch((caught: Error) => caught);
  expect(String(error)).toMatch(expected);
  expect(String(error)).not.toContain(asking.token);
  github.takeRejected();
});

test('a branch that takes pull requests alone is not tried again', async () => {
  github.faults.push({ answer: rejected, when: /^PATCH/ });
  await expect(changeFolder(access, place, change(desired))).rejects.toThrow(
    /ended with 422: Repository rule violations found.* A rule of the branch keeps the token from pushing to it: bring the change as a pull request, or let the token bypass the rule\.$/s,
  );
});

test('a limit that ends in an hour ends it, and a repository without a commit is said', async () => {
  github.faults.push({ answer: primaryLimit(Math.ceil(Date.now() / 1000) + 3600) });
  await expect(changeFolder(access, place, change(desired))).rejects.toThrow(
    /takes no more requests of this token before/,
  );
  // docs.github.com, "Get a reference": 409 Conflict
  github.faults.push({ answer: { status: 409, body: { message: 'Git Repository is empty.' } }, when: /git\/ref/ });
  await expect(changeFolder(access, place, change(desired))).rejects.toThrow(/is empty\..* Push its first commit/);
});
