import { badGateway, primaryLimit, secondaryLimit } from '../../../../test/github/faults.ts';
import { githubDouble } from '../../../../test/github/double.ts';
import type { GithubDouble } from '../../../../test/github/double.ts';
import { beginDeployment } from './index.ts';

let github: GithubDouble;
const request = {
  service: 'team/hello',
  token: 'secret-token',
  repository: 'team/hello',
  ref: 'a'.repeat(40),
  environment: 'production',
  description: 'x'.repeat(200),
  payload: { image: 'registry/hello@sha256:0' },
};

beforeAll(async () => {
  github = await githubDouble({
    tokens: {
      'secret-token': { permissions: { deployments: 'write' } },
      'reading-token': { permissions: { deployments: 'read' } },
    },
  });
  // read when the library is first loaded, which beginDeployment does
  process.env['GITHUB_API_URL'] = github.url;
});
beforeEach(() => void github.deployments.splice(0));
afterAll(() => github.close());

const before = (id: number, service: string | undefined, state: string) => ({
  id,
  ref: 'main',
  environment: 'production',
  description: '',
  payload: service ? { service } : '',
  production: true,
  statuses: [{ state, description: '' }],
});
const states = (id: number) => github.deployments.find(one => one.id === id)?.statuses.map(({ state }) => state);

test.each([
  ['production', true],
  ['prod-eu', true],
  ['Production/west', true],
  ['staging', false],
  ['products', false],
  ['pre-production', false],
])('the environment %s is production: %s', async (environment, production) => {
  await beginDeployment({ ...request, environment });
  expect(github.deployments.at(-1)).toMatchObject({ environment, production });
});

test('a deployment begins, and ends with its address; the one that broke off before it is ended', async () => {
  github.deployments.push(
    before(3, undefined, 'success'),
    before(4, 'team/hello', 'success'),
    before(5, 'team/hello', 'in_progress'),
    before(6, 'other/other', 'in_progress'),
  );
  const deployment = await beginDeployment(request);
  await deployment.finish('success', 'all traffic', 'https://llm.example');
  expect([3, 4, 5, 6].map(states)).toEqual([['success'], ['success'], ['in_progress', 'error'], ['in_progress']]);
  const [made] = github.deployments.slice(4);
  expect(made).toMatchObject({
    ref: request.ref,
    environment: 'production',
    description: 'x'.repeat(140),
    payload: { ...request.payload, service: 'team/hello' },
    statuses: [
      { state: 'in_progress', description: 'x'.repeat(140) },
      { state: 'success', description: 'all traffic', address: 'https://llm.example' },
    ],
  });
});

test.each([
  ['a bad gateway', badGateway],
  ['a connection that is dropped', undefined],
  ['an answer that breaks off', 'part' as const],
])('after %s nothing is there twice, whether GitHub did what was asked or not', async (_name, answer) => {
  const [many, environment] = [github.deployments.length, `after ${_name}`];
  const posts = /^POST .*\/deployments$/;
  const setsState = /^POST .*\/statuses$/;
  for (const when of [posts, setsState]) github.faults.push({ answer, after: true, when });
  const deployment = await beginDeployment({ ...request, environment });
  if (answer !== 'part') github.faults.push({ answer, when: setsState });
  github.faults.push({ answer, after: true, when: setsState });
  await deployment.finish('failure', 'a step missed its objective');
  expect(github.deployments.slice(many)).toMatchObject([
    { environment, statuses: [{ state: 'in_progress' }, { state: 'failure' }] },
  ]);
});

test('one that broke off before it had a state is ended, and a cancelled release still ends its own', async () => {
  github.deployments.push({ ...before(1, 'team/hello', ''), statuses: [] });
  const cancelled = new AbortController();
  const deployment = await beginDeployment({ ...request, signal: cancelled.signal });
  cancelled.abort();
  await deployment.finish('failure', 'it was cancelled');
  expect([1, 2].map(states)).toEqual([['error'], ['in_progress', 'failure']]);
});

test('two deployments of the same are two', async () => {
  const many = github.deployments.length;
  await beginDeployment(request);
  await beginDeployment(request);
  expect(github.deployments).toHaveLength(many + 2);
});

test.each([
  ['a primary limit', 403 as const, (at: number) => primaryLimit(Math.ceil(at / 1000) + 1)],
  ['a primary limit', 429 as const, (at: number) => primaryLimit(Math.ceil(at / 1000) + 1, 429)],
  ['a secondary limit', 403 as const, () => secondaryLimit(1)],
  ['a secondary limit', 429 as const, () => secondaryLimit(1, 429)],
])('%s (%i) is waited for as long as GitHub says', async (_name, _status, limit) => {
  const now = Date.now();
  const answer = limit(now);
  const reset = Number(answer.headers?.['x-ratelimit-reset'] ?? now / 1000 + 1);
  github.faults.push({ answer, when: /^POST .*\/deployments$/ });
  await beginDeployment({ ...request, environment: 'limited' });
  const [rejected, taken] = github.requests.filter(({ request: one }) => /^POST .*\/deployments$/.test(one)).slice(-2);
  expect(taken?.at).toBeGreaterThanOrEqual(Math.max(reset * 1000, (rejected?.at ?? 0) + 1000));
});

test('a limit that ends in an hour ends the step, and says when', async () => {
  const reset = Math.ceil(Date.now() / 1000) + 3600;
  github.faults.push({ answer: primaryLimit(reset), when: /deployments/ });
  const error = await beginDeployment(request).catch((caught: Error) => caught);
  expect(String(error)).toMatch(
    /github: listing the deployments in team\/hello ended with 403: API rate limit exceeded.* GitHub takes no more requests of this token before \d{4}-.*Z: run the job again after that\.$/,
  );
});

test('a gateway that stays bad ends the step after four tries', async () => {
  const many = github.requests.length;
  github.faults.push(...Array.from({ length: 4 }, () => ({ answer: badGateway })));
  await expect(beginDeployment(request)).rejects.toThrow(/ended with 502/);
  expect(github.requests).toHaveLength(many + 4);
});

test('a wait ends with its job', async () => {
  const cancelled = new AbortController();
  github.faults.push({ answer: secondaryLimit(120) });
  const begun = beginDeployment({ ...request, signal: cancelled.signal });
  setTimeout(() => cancelled.abort(new Error('the job was cancelled')), 500);
  await expect(begun).rejects.toThrow(/cancelled|abort/);
});

test('a missing permission is named as a workflow writes it, without the token', async () => {
  const error = await beginDeployment({ ...request, token: 'reading-token' }).catch((caught: Error) => caught);
  expect(String(error)).toMatch(
    /^ToolError: github: creating a deployment in team\/hello ended with 403: Resource not accessible by integration.* The job needs the permission deployments: write, and its caller must grant it too\.$/,
  );
  expect(String(error)).not.toContain('reading-token');
  expect(github.takeRejected()).toHaveLength(1);
});

test("a ref that is not there is GitHub's own word", async () => {
  await expect(beginDeployment({ ...request, ref: 'b'.repeat(40) })).rejects.toThrow(/422: No ref found for: b+/);
  expect(github.takeRejected()).toHaveLength(1);
});
