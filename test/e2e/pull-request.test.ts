import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@fairway/platform/command';
import { parseRecord, type DeliveryRecord } from '@fairway/stage';
import { githubDouble } from '../github/double.ts';
import type { GithubDouble } from '../github/double.ts';
import { badGateway, secondaryLimit } from '../github/faults.ts';
import { platform } from './platform.ts';
import { inputLines, workflowRepository, type WorkflowRepository } from './workflow-repository.ts';

jest.setTimeout(30 * 60_000);

const [number, name] = [7, 'hello-pull-request'];
let commit: string;
let repository: WorkflowRepository;
let github: GithubDouble;

beforeAll(async () => {
  repository = await workflowRepository(name, {
    // nothing builds there
    'broken.yml': check('unix:///nowhere/docker.sock'),
    'check.yml': check(platform.docker.host),
    'comment.yml': comment,
  });
  const { signal } = new AbortController();
  commit = (await runCommand('git', ['-C', repository.folder, 'rev-parse', 'HEAD'], { signal })).trim();
  github = await githubDouble({
    tokens: {
      // what the permissions of the jobs give
      'comment-token': { permissions: { actions: 'read', pull_requests: 'write' } },
      'check-token': { permissions: { actions: 'read', contents: 'read', security_events: 'write' } },
    },
    commit,
  });
  const text = { title: 'x', body: '' };
  github.pulls.push(
    { number, owner: 'fork', head: 'feature', base: 'main', commit, state: 'open', ...text },
    { number: 8, owner: 'team', head: 'feature', base: 'main', commit: 'b'.repeat(40), state: 'open', ...text },
  );
});

afterAll(async () => {
  await github?.close();
  await repository?.remove();
});

test('a check that fails leaves its results, also for who has no delivery of the base branch to compare with', async () => {
  const { record, log } = await checked('1', 'broken.yml', 'fork');
  expect(log).toMatch(/Success - Main Take what the base branch delivered/);
  expect(record.stages.prepare?.verdict).toBe('pass');
  expect(record.stages.build?.verdict).toBe('fail');
  expect(log).toMatch(/Success - Main Upload the results/);
});

test('the other workflow says it in a comment, once, though GitHub was busy and the first answer was lost', async () => {
  github.faults.push(
    { answer: secondaryLimit(1), when: /^GET .*\/comments/ },
    { answer: badGateway, after: true, when: /^POST .*\/comments$/ },
  );
  const log = await commented('1', 'failure');
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]).toMatchObject({ issue: number, login: 'github-actions[bot]' });
  expect(github.comments[0]?.body).toMatch(/^<!-- fairway [0-9a-f]{16} -->\n### ❌ Fairway: `hello-pull-request`/);
  expect(github.comments[0]?.body).toMatch(/\| prepare \| ✅ pass \| `.+` \|\n\| build \| ❌ fail \| `.+` \|/);
  expect(new Set(github.requests.map(({ token }) => token))).toEqual(new Set(['comment-token']));
  expect(log).not.toContain('comment-token');
});

test('a job that may not comment says which permission it lacks', async () => {
  const log = await commented('1', 'failure', 'check-token').catch((error: Error) => error.message);
  expect(log).toMatch(
    /::error::.*ended with 403: Resource not accessible by integration.*The job needs the permission pull-requests: (read|write), and its caller must grant it too\./,
  );
  expect(github.takeRejected()).toHaveLength(1);
});

test('the results of a check that passes take the place of the first', async () => {
  const { record, log } = await checked('2', 'check.yml', 'fork');
  expect(Object.entries(record.stages).map(([stage, { verdict }]) => `${stage} ${verdict}`)).toEqual(
    expect.arrayContaining(['prepare pass', 'build pass', 'scan pass', 'optimize pass']),
  );
  expect(log).not.toMatch(/Main Upload to code scanning/);
  await commented('2', 'success');
  expect(github.comments).toHaveLength(1);
  expect(github.comments[0]?.body).toContain('/runs/2)');
  expect(github.comments[0]?.body).toMatch(/### ✅ Fairway: `hello-pull-request`/);
  expect(github.comments[0]?.body).toMatch(/\*\*Size\.\*\* \d/);
});

test('where it is no fork, code scanning gets what was found', async () => {
  const { record } = await checked('3', 'check.yml', 'team');
  const [analysis, ...others] = github.analyses;
  expect(others).toEqual([]);
  expect(analysis).toMatchObject({ commit, ref: `refs/pull/${number}/merge` });
  const [run] = analysis?.sarif.runs ?? [];
  expect(run?.automationDetails?.id).toMatch(/^fairway-[0-9a-f]{16}\/$/);
  expect(run?.results).toHaveLength(Number(record.stages.scan?.outputs['findings']));
  for (const { locations } of run?.results ?? [])
    expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe('service/Dockerfile');
});

/** Runs the check as GitHub would for a pull request. @param owner of the repository that it comes from */
async function checked(run: string, workflow: string, owner: string): Promise<{ record: DeliveryRecord; log: string }> {
  const base = { sha: 'b'.repeat(40), ref: 'main' };
  const head = { sha: commit, ref: 'feature', repo: { full_name: `${owner}/hello` } };
  const log = await repository
    .run('pull_request', workflow, {
      payload: { number, pull_request: { number, head, base } },
      environment: { GITHUB_RUN_ID: run, GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'team/hello' },
      secrets: { GITHUB_TOKEN: 'check-token' },
    })
    .catch((error: Error) => error.message);
  const [folder = ''] = await readdir(join(repository.store, 'artifacts', run));
  const path = join(repository.store, 'artifacts', run, folder, 'delivery.json');
  return { record: parseRecord(await readFile(path, 'utf8'), run), log };
}

/** Runs the workflow that GitHub starts when the check has ended. */
function commented(run: string, conclusion: string, token = 'comment-token'): Promise<string> {
  const address = `${github.url}/runs/${run}`;
  const ended = { id: Number(run), event: 'pull_request', conclusion, html_url: address };
  const fork = { full_name: 'fork/hello', owner: { login: 'fork' } };
  const head = { head_branch: 'feature', head_sha: commit, head_repository: fork };
  return repository.run('workflow_run', 'comment.yml', {
    payload: { action: 'completed', workflow_run: { ...ended, ...head } },
    environment: { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'team/hello' },
    secrets: { GITHUB_TOKEN: token },
  });
}

const comment = `on: { workflow_run: { workflows: [Check], types: [completed] } }
jobs:
  comment:
    uses: ./.github/workflows/pull-request-comment.yml
    with: { service: service }
`;

function check(dockerHost: string): string {
  const inputs = {
    service: 'service',
    before: 'python3 make-model.py',
    'docker-host': dockerHost,
    network: platform.docker.network,
    scanner: platform.scanner.trivy,
    database: platform.scanner.database,
  };
  return `on: pull_request
jobs:
  check:
    uses: ./.github/workflows/pull-request.yml
    with:
${inputLines(inputs)}
  show:
    needs: check
    if: \${{ !cancelled() }}
    permissions: { actions: read, contents: read, security-events: write }
    uses: ./.github/workflows/code-scanning.yml
    with: { service: service }
`;
}
