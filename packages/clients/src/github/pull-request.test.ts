import { badGateway, secondaryLimit } from '../../../../test/github/faults.ts';
import { githubDouble } from '../../../../test/github/double.ts';
import type { GithubDouble } from '../../../../test/github/double.ts';
import { findPullRequest, keepComment } from './pull-request.ts';

let github: GithubDouble;
const access = { token: 'secret-token', repository: 'team/hello' };
const comment = { marker: '<!-- fairway 1 -->', text: 'all is well' };
const bodies = () => github.comments.map(({ body }) => body);

beforeAll(async () => {
  github = await githubDouble({
    tokens: {
      'secret-token': { permissions: { pull_requests: 'write' } },
      'reading-token': { permissions: { pull_requests: 'read' } },
    },
  });
  const pull = { owner: 'fork', head: 'feature/x', base: 'main', state: 'open' as const, title: 'x', body: '' };
  github.pulls.push({ ...pull, number: 3, commit: 'c'.repeat(40) }, { ...pull, number: 4, commit: 'b'.repeat(40) });
  // read when the library is first loaded
  process.env['GITHUB_API_URL'] = github.url;
});
beforeEach(() => {
  const foreign = { id: 1, issue: 4, login: 'somebody', body: '<!-- fairway 1 -->\nwritten by somebody' };
  github.comments.splice(0, Infinity, foreign);
});
afterAll(() => github.close());

test('the pull request is the one whose newest commit was checked', async () => {
  const head = { owner: 'fork', branch: 'feature/x', commit: 'b'.repeat(40) };
  await expect(findPullRequest(access, head)).resolves.toBe(4);
  await expect(findPullRequest(access, { ...head, commit: 'd'.repeat(40) })).resolves.toBeUndefined();
});

test('there is one comment, which is brought up to date; one of a user is left alone', async () => {
  await expect(keepComment(access, 4, comment)).resolves.toBe('created');
  await expect(keepComment(access, 4, comment)).resolves.toBe('unchanged');
  await expect(keepComment(access, 4, { ...comment, text: 'now it is not' })).resolves.toBe('updated');
  expect(bodies()).toEqual(['<!-- fairway 1 -->\nwritten by somebody', '<!-- fairway 1 -->\nnow it is not']);
});

test('it is found behind a hundred others', async () => {
  for (let id = 2; id < 150; id++) github.comments.push({ id, issue: 4, login: 'somebody', body: `comment ${id}` });
  await keepComment(access, 4, comment);
  await expect(keepComment(access, 4, comment)).resolves.toBe('unchanged');
});

test.each([
  ['a bad gateway', badGateway],
  ['a secondary rate limit', secondaryLimit(0)],
  ['a rate limit', secondaryLimit(0, 429)],
  ['a connection that is dropped', undefined],
])('after %s it asks again', async (_name, answer) => {
  github.faults.push({ answer, when: /^POST/ });
  await expect(keepComment(access, 4, comment)).resolves.toBe('created');
  expect(bodies()).toHaveLength(2);
});

test.each([
  ['a bad gateway', badGateway],
  ['a connection that is dropped', undefined],
])('a comment whose answer was lost by %s is not written twice', async (_name, answer) => {
  github.faults.push({ answer, after: true, when: /^POST/ });
  await expect(keepComment(access, 4, comment)).resolves.toBe('unchanged');
  expect(bodies()).toHaveLength(2);
});

test('half a list of comments is no list', async () => {
  await keepComment(access, 4, comment);
  github.faults.push({ answer: 'part', when: /^GET/ });
  await expect(keepComment(access, 4, comment)).resolves.toBe('unchanged');
});

test('a token that may not comment is said, without it', async () => {
  const error = await keepComment({ ...access, token: 'reading-token' }, 4, comment).catch((caught: Error) => caught);
  expect(String(error)).toMatch(
    /github: commenting on pull request 4 in team\/hello ended with 403: Resource not accessible by integration.* The job needs the permission pull-requests: write, and its caller must grant it too\.$/,
  );
  expect(String(error)).not.toContain('reading-token');
  expect(github.takeRejected()).toHaveLength(1);
});
