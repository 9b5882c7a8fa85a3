import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseRecord, type DeliveryRecord } from '@fairway/stage';
import { platform } from './platform.ts';
import { workflowRepository, type WorkflowRepository } from './workflow-repository.ts';

jest.setTimeout(30 * 60_000);

const commit = randomBytes(20).toString('hex');
const fork = { full_name: 'fork/hello', owner: { login: 'fork' } };
let repository: WorkflowRepository;
let github: http.Server;
let comments: { id: number; body: string; user: { type: string } }[];
let asked: { request: string; authorization?: string }[];

/** The part of GitHub's API that comments need, in the form of its REST description; the first answer to a comment is lost on its way. */
beforeAll(async () => {
  [comments, asked] = [[], []];
  github = http.createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      asked.push({ request: `${request.method} ${request.url}`, authorization: request.headers.authorization });
      const body = (JSON.parse(text || '{}') as { body?: string }).body ?? '';
      const answer = (content: unknown) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify(content));
      if (request.url?.includes('/pulls?')) return void answer([{ number: 7, head: { sha: commit } }]);
      if (request.method === 'POST') {
        comments.push({ id: 1, body, user: { type: 'Bot' } });
        return void response.writeHead(502).end('<html>bad gateway</html>');
      }
      if (request.method === 'PATCH') comments = comments.map(one => ({ ...one, body }));
      answer(comments);
    });
  });
  await new Promise<void>(resolve => github.listen(0, '127.0.0.1', resolve));
  repository = await workflowRepository('hello-pull-request', { 'check.yml': check(), 'comment.yml': comment });
});

afterAll(async () => {
  await new Promise(resolve => github.close(resolve));
  await repository.remove();
});

test('without a delivery of the base branch all findings count: the image is fixed, made smaller, and nothing is pushed', async () => {
  const { record, log } = await checked('1');
  expect(Object.entries(record.stages).map(([stage, { verdict }]) => `${stage} ${verdict}`)).toEqual([
    'prepare pass',
    'build pass',
    'scan pass',
    'remediate pass',
    'optimize pass',
  ]);
  expect(log).toMatch(/Success - Main Scan again/);
});

test('the other workflow says it in a comment, once, though the first answer was lost', async () => {
  const log = await commented('1');
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toMatch(/^<!-- fairway [0-9a-f]{16} -->\n### ✅ Fairway: `hello-pull-request`/);
  expect(comments[0]?.body).toContain('No delivery of the base branch is stored, so all findings count as new.');
  expect(comments[0]?.body).toContain('**Fixed in a layer on the image**');
  expect(asked[0]?.request).toMatch(/pulls\?state=open&head=fork%3Afeature/);
  expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['token comment-token']));
  expect(log).not.toContain('comment-token');
});

test('what the base branch has in the same version does not stop, and the comment is brought up to date', async () => {
  const stored = join(repository.store, 'cache/fairway-base-service-0');
  await mkdir(stored, { recursive: true });
  await cp(join(results('1'), 'evidence/build/sbom.cdx.json'), join(stored, 'sbom.cdx.json'));
  await cp(join(results('1'), 'delivery.json'), join(stored, 'delivery.json'));
  const { record } = await checked('2');
  expect(record.stages.remediate).toBeUndefined();
  expect(record.stages.scan).toMatchObject({
    verdict: 'pass',
    reason: expect.stringMatching(/in the base branch too/),
  });
  expect(record.stages.optimize?.verdict).toBe('pass');
  await commented('2');
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toMatch(/\d+ more are in packages that the base branch has in the same version/);
  expect(comments[0]?.body).toMatch(/\*\*Size\.\*\* [\d.]+ MB, [\d.]+ MB (less|more) than the base branch/);
});

/** Runs the check as GitHub would for a pull request. */
async function checked(run: string): Promise<{ record: DeliveryRecord; log: string }> {
  const base = { sha: 'b'.repeat(40), ref: 'main' };
  const log = await repository.run('pull_request', 'check.yml', {
    payload: { pull_request: { number: 7, head: { sha: commit, ref: 'feature' }, base } },
    environment: { GITHUB_RUN_ID: run },
  });
  const [name = ''] = await readdir(join(repository.store, 'artifacts', run));
  artifacts.set(run, name);
  return { record: parseRecord(await readFile(join(results(run), 'delivery.json'), 'utf8'), run), log };
}

const artifacts = new Map<string, string>();

function results(run: string): string {
  return join(repository.store, 'artifacts', run, artifacts.get(run) ?? '');
}

/** Runs the workflow that GitHub starts when the check has ended. */
function commented(run: string): Promise<string> {
  const address = `http://127.0.0.1:${(github.address() as AddressInfo).port}`;
  const ended = { id: Number(run), event: 'pull_request', conclusion: 'success', html_url: `${address}/runs/${run}` };
  const head = { head_branch: 'feature', head_sha: commit, head_repository: fork };
  return repository.run('workflow_run', 'comment.yml', {
    payload: { action: 'completed', workflow_run: { ...ended, ...head } },
    environment: { GITHUB_API_URL: address },
    secrets: { GITHUB_TOKEN: 'comment-token' },
  });
}

const comment = `on: { workflow_run: { workflows: [Check], types: [completed] } }
jobs:
  comment:
    uses: ./.github/workflows/pull-request-comment.yml
    with: { service: service }
`;

function check(): string {
  const inputs = {
    service: 'service',
    before: 'python3 make-model.py',
    'docker-host': platform.docker.host,
    network: platform.docker.network,
    scanner: platform.scanner.trivy,
    database: platform.scanner.database,
  };
  return `on: pull_request
jobs:
  check:
    uses: ./.github/workflows/pull-request.yml
    with:
${Object.entries(inputs)
  .map(([key, value]) => `      ${key}: ${JSON.stringify(value)}`)
  .join('\n')}
`;
}
