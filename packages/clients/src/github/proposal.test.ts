import { keepProposal } from './proposal.ts';
import { repositoryDouble } from './testing/repository-double.ts';
import type { RepositoryDouble } from './testing/repository-double.ts';

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
let github: RepositoryDouble;

beforeAll(async () => {
  github = await repositoryDouble(
    { 'services/hello/requirements.txt': 'jinja2==3.1.4\n', 'README.md': 'hello' },
    proposal.parent,
  );
  // read when the library is first loaded
  process.env['GITHUB_API_URL'] = github.url;
});
afterAll(() => github.close());

test('a change is a commit on a branch of its own, and one pull request, though answers are lost on their way', async () => {
  github.busy.push(
    { status: 502, after: true, when: /^POST .*\/git\/refs$/ },
    { status: 502, after: true, when: /^POST .*\/pulls$/ },
  );
  await expect(keepProposal(access, proposal)).resolves.toMatchObject({ number: 1 });
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
  await expect(keepProposal(access, proposal)).resolves.toEqual({ number: 1, done: 'unchanged' });
  expect(github.commits(proposal.branch)).toEqual(before);
});

test('another change takes the place of the first, in the same pull request', async () => {
  const files = new Map([['README.md', 'bye']]);
  await expect(keepProposal(access, { ...proposal, files, body: 'another' })).resolves.toEqual({
    number: 1,
    done: 'updated',
  });
  expect(github.commits(proposal.branch)).toHaveLength(2);
  expect(github.files(proposal.branch)?.get('services/hello/requirements.txt')).toBe('jinja2==3.1.4\n');
  expect(github.pulls).toMatchObject([{ body: 'another' }]);
});

test('in a fork nothing is written', async () => {
  github.fork = true;
  const before = github.requests.length;
  await expect(keepProposal(access, proposal)).resolves.toBeUndefined();
  expect(github.requests.slice(before).map(({ request }) => request)).toEqual(['GET /repos/team/hello']);
  github.fork = false;
});

test('a token that may not write is said, without it', async () => {
  github.busy.push({ status: 403, body: '{"message":"Resource not accessible by integration"}', when: /git\/trees/ });
  const error = await keepProposal(access, proposal).catch((caught: Error) => caught);
  expect(String(error)).toMatch(
    /writing the files in team\/hello ended with 403: Resource not accessible.* contents: write and pull-requests: write, and "Allow GitHub Actions/,
  );
  expect(String(error)).not.toContain('secret-token');
});
