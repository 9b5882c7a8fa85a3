import { badGateway } from '../../../../test/github/faults.ts';
import { githubDouble } from '../../../../test/github/double.ts';
import type { GithubDouble } from '../../../../test/github/double.ts';
import { keepProposal } from './proposal.ts';

const access = { token: 'secret-token', repository: 'team/hello' };
const proposal = {
  branch: 'fairway/fix-hello-1',
  base: 'main',
  parent: 'a'.repeat(40),
  files: new Map([['services/hello/requirements.txt', 'jinja2==3.1.6\n']]),
  message: 'Fix',
  title: 'Fix vulnerable packages of hello',
  body: 'a table',
};
let github: GithubDouble;

beforeAll(async () => {
  github = await githubDouble({
    tokens: {
      'secret-token': { permissions: { contents: 'write', pull_requests: 'write' } },
      'reading-token': { permissions: { contents: 'read', pull_requests: 'read' } },
      'writing-token': { permissions: { contents: 'write' } },
    },
    files: { 'services/hello/requirements.txt': 'jinja2==3.1.4\n', 'README.md': 'hello' },
    commit: proposal.parent,
  });
  // read when the library is first loaded
  process.env['GITHUB_API_URL'] = github.url;
});
afterAll(() => github.close());

test('a change is a commit on a branch of its own, and one pull request, though answers are lost on their way', async () => {
  github.faults.push(
    { answer: badGateway, after: true, when: /^POST .*\/git\/refs$/ },
    { answer: undefined, after: true, when: /^POST .*\/pulls$/ },
  );
  await expect(keepProposal(access, proposal)).resolves.toMatchObject({
    number: 1,
    url: 'https://github.com/team/hello/pull/1',
  });
  expect([...github.files(proposal.branch)!]).toEqual([
    ['services/hello/requirements.txt', 'jinja2==3.1.6\n'],
    ['README.md', 'hello'],
  ]);
  expect(
    github
      .commits(proposal.branch)
      .map(({ sha }) => sha)
      .at(-1),
  ).toBe(proposal.parent);
  expect(github.pulls).toMatchObject([{ head: proposal.branch, base: 'main', title: proposal.title, body: 'a table' }]);
});

test('the same again changes nothing', async () => {
  const before = github.commits(proposal.branch);
  await expect(keepProposal(access, proposal)).resolves.toMatchObject({ number: 1, done: 'unchanged' });
  expect(github.commits(proposal.branch)).toEqual(before);
});

test('another change takes the place of the first, in the same pull request', async () => {
  const files = new Map([['README.md', 'bye']]);
  await expect(keepProposal(access, { ...proposal, files, body: 'another' })).resolves.toMatchObject({
    number: 1,
    done: 'updated',
  });
  expect(github.commits(proposal.branch)).toHaveLength(2);
  expect(github.files(proposal.branch)?.get('services/hello/requirements.txt')).toBe('jinja2==3.1.4\n');
  expect(github.pulls).toMatchObject([{ body: 'another' }]);
});

test('a change of the branch whose answer was lost is said to be one', async () => {
  github.faults.push({ answer: badGateway, after: true, when: /^PATCH .*\/git\/refs/ });
  const files = new Map([['README.md', 'see you']]);
  await expect(keepProposal(access, { ...proposal, files, body: 'another' })).resolves.toMatchObject({
    number: 1,
    done: 'updated',
  });
});

test('in a fork nothing is written', async () => {
  github.settings.fork = true;
  const before = github.requests.length;
  await expect(keepProposal(access, proposal)).resolves.toBeUndefined();
  expect(github.requests.slice(before).map(({ request }) => request)).toEqual(['GET /repos/team/hello']);
  github.settings.fork = false;
});

test.each([
  [
    'reading-token',
    /writing the files in team\/hello ended with 403: Resource not accessible.* the permission contents: write,/,
  ],
  [
    'writing-token',
    /opening the pull request in team\/hello ended with 403: Resource not accessible.* the permission pull-requests: write,/,
  ],
])('what the %s may not is said, without it', async (token, expected) => {
  const error = await keepProposal({ ...access, token }, proposal).catch((caught: Error) => caught);
  expect(String(error)).toMatch(expected);
  expect(String(error)).not.toContain(token);
  expect(github.takeRejected()).toHaveLength(1);
});

test('a repository that lets Actions open no pull requests is said to be set so', async () => {
  github.settings.actionsMayOpenPulls = false;
  await expect(keepProposal(access, { ...proposal, branch: 'fairway/other' })).rejects.toThrow(
    /ended with 403: GitHub Actions is not permitted to create or approve pull requests.* Turn on "Allow GitHub Actions to create and approve pull requests" in the settings of the repository, under Actions\.$/,
  );
  expect(github.takeRejected()).toHaveLength(1);
});
