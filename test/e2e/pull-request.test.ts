import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseRecord, type DeliveryRecord } from '@fairway/stage';
import { platform } from './platform.ts';
import { inputLines, workflowRepository, type WorkflowRepository } from './workflow-repository.ts';

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

test('a check that fails leaves its results, also for who has no delivery of the base branch to compare with', async () => {
  const { record, log } = await checked('1');
  expect(log).toMatch(/Success - Main Take what the base branch delivered/);
  expect(record.stages.prepare?.verdict).toBe('pass');
  expect(record.stages.build?.verdict).toBe('fail');
  expect(log).toMatch(/Success - Main Upload the results/);
});

test('the other workflow says it in a comment, once, though the first answer was lost', async () => {
  const log = await commented('1');
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toMatch(/^<!-- fairway [0-9a-f]{16} -->\n### ❌ Fairway: `hello-pull-request`/);
  expect(comments[0]?.body).toMatch(/\| prepare \| ✅ pass \| `.+` \|\n\| build \| ❌ fail \| `.+` \|/);
  expect(asked[0]?.request).toMatch(/pulls\?state=open&head=fork%3Afeature/);
  expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set(['token comment-token']));
  expect(log).not.toContain('comment-token');
});

test('the results of the next check take the place of the first', async () => {
  await checked('2');
  await commented('2');
  expect(comments).toHaveLength(1);
  expect(comments[0]?.body).toContain('/runs/2)');
});

/** Runs the check as GitHub would for a pull request. */
async function checked(run: string): Promise<{ record: DeliveryRecord; log: string }> {
  const base = { sha: 'b'.repeat(40), ref: 'main' };
  const payload = { pull_request: { number: 7, head: { sha: commit, ref: 'feature' }, base } };
  const log = await repository
    .run('pull_request', 'check.yml', { payload, environment: { GITHUB_RUN_ID: run } })
    .catch((error: Error) => error.message);
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
  const ended = { id: Number(run), event: 'pull_request', conclusion: 'failure', html_url: `${address}/runs/${run}` };
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
    // nothing builds there
    'docker-host': 'unix:///nowhere/docker.sock',
    scanner: platform.scanner.trivy,
  };
  return `on: pull_request
jobs:
  check:
    uses: ./.github/workflows/pull-request.yml
    with:
${inputLines(inputs)}
`;
}
