import { gzipSync } from 'node:zlib';
import { badGateway, primaryLimit } from '../github/faults.ts';
import { githubDouble } from '../github/double.ts';
import type { GithubDouble } from '../github/double.ts';

let github: GithubDouble;

beforeAll(async () => {
  github = await githubDouble({
    tokens: {
      writer: {
        permissions: { contents: 'write', pull_requests: 'write', deployments: 'write', security_events: 'write' },
      },
      reader: { permissions: { contents: 'read' } },
    },
  });
});
afterAll(() => github.close());

async function ask(method: string, path: string, body?: unknown, token = 'writer') {
  const answer = await fetch(`${github.url}/repos/team/hello${path}`, {
    method,
    headers: { authorization: `token ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

test.each([
  ['a path that is not described', 'POST', '/deployment', {}, 404],
  ['a field of another type', 'POST', '/deployments', { ref: 1 }, 422],
  ['a field that is missing', 'POST', '/git/commits', { message: 'x' }, 422],
  ['a field that GitHub does not know', 'POST', '/deployments', { ref: 'main', reff: 'main' }, 422],
  ['a value that is none of those described', 'POST', '/deployments/1/statuses', { state: 'done' }, 422],
  ['a parameter that GitHub does not know', 'GET', '/deployments?enviroment=production', undefined, 422],
  ['a ref that is not there', 'POST', '/deployments', { ref: 'nowhere' }, 422],
  ['an operation that the double lacks', 'GET', '/milestones', undefined, 501],
])('%s fails the test that asks', async (_name, method, path, body, status) => {
  await expect(ask(method, path, body)).resolves.toMatchObject({ status });
  const [rejected] = github.takeRejected();
  expect(rejected).toContain(`${method} /repos/team/hello${path.split('?')[0]}`);
});

test('a token without the permission is answered as GitHub does, with what it accepts', async () => {
  const answer = await ask('POST', '/deployments', { ref: 'main' }, 'reader');
  expect(answer.status).toBe(403);
  expect(answer.text).toContain('Resource not accessible by integration');
  expect(answer.headers.get('x-accepted-github-permissions')).toBe('deployments=write');
  await expect(ask('GET', '', undefined, 'somebody')).resolves.toMatchObject({ status: 401 });
  expect(github.takeRejected()).toHaveLength(2);
});

test('what was asked for is there afterwards, in the form that GitHub describes', async () => {
  const made = await ask('POST', '/deployments', { ref: 'main', environment: 'production', required_contexts: [] });
  expect(made.status).toBe(201);
  const { id } = JSON.parse(made.text) as { id: number };
  await ask('POST', `/deployments/${id}/statuses`, { state: 'success', description: 'all traffic' });
  const statuses = JSON.parse((await ask('GET', `/deployments/${id}/statuses`)).text) as object[];
  expect(statuses).toMatchObject([{ state: 'success', description: 'all traffic', environment: 'production' }]);
});

test('a longer list comes by pages, with the link to the next', async () => {
  for (let at = 0; at < 3; at++) await ask('POST', '/deployments', { ref: 'main', environment: 'staging' });
  const first = await ask('GET', '/deployments?environment=staging&per_page=2');
  expect(JSON.parse(first.text)).toHaveLength(2);
  const [, next = ''] = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
  const last = await fetch(next, { headers: { authorization: 'token writer' } });
  expect(await last.json()).toHaveLength(1);
  expect(last.headers.get('link')).toBeNull();
});

test('code scanning takes compressed SARIF within its limits, and nothing else', async () => {
  const rule = { id: 'CVE-1', shortDescription: { text: 'one' } };
  const location = { physicalLocation: { artifactLocation: { uri: 'Dockerfile' } } };
  const result = { ruleId: 'CVE-1', message: { text: 'one' }, locations: [location] };
  const sarif = (results: readonly object[]) => ({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'trivy', rules: [rule] } }, results }],
  });
  const upload = (document: object, compress = (text: string) => gzipSync(text).toString('base64')) =>
    ask('POST', '/code-scanning/sarifs', {
      commit_sha: 'a'.repeat(40),
      ref: 'refs/heads/main',
      sarif: compress(JSON.stringify(document)),
    });
  await expect(upload(sarif([result]))).resolves.toMatchObject({ status: 202 });
  expect(github.analyses).toHaveLength(1);
  const rejections = [
    upload(sarif([result]), text => Buffer.from(text).toString('base64')),
    upload(sarif([result]), text => text),
    upload(sarif(Array.from({ length: 25_001 }, () => result))),
    upload(sarif([{ ...result, locations: [] }])),
  ];
  for (const rejected of rejections) await expect(rejected).resolves.toMatchObject({ status: 400 });
  expect(github.takeRejected()).toHaveLength(4);
});

test('it answers what is scripted once, before or after it does what was asked', async () => {
  const reset = Math.ceil(Date.now() / 1000) + 60;
  const post = () => ask('POST', '/deployments', { ref: 'main', environment: 'faults' });
  github.faults.push({ answer: primaryLimit(reset), when: /^POST/ });
  const limited = await post();
  expect(limited.headers.get('x-ratelimit-remaining')).toBe('0');
  expect(limited.headers.get('x-ratelimit-reset')).toBe(String(reset));
  const made = () => github.deployments.filter(({ environment }) => environment === 'faults');
  expect(made()).toHaveLength(0);
  github.faults.push({ answer: badGateway, after: true });
  await expect(post()).resolves.toMatchObject({ status: 502 });
  expect(made()).toHaveLength(1);
  github.faults.push({ answer: undefined, after: true }, { answer: 'part' });
  await expect(post()).rejects.toThrow('fetch failed');
  await expect(post()).rejects.toThrow('terminated');
  expect(made()).toHaveLength(3);
});
