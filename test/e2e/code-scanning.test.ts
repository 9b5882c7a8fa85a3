import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findingsSarif } from '@fairway/clients/scanner/index';
import type { Finding, ScanReport } from '@fairway/clients/scanner/index';
import { runCommand } from '@fairway/platform/command';
import { githubDouble } from '../github/double.ts';
import type { GithubDouble } from '../github/double.ts';
import { workflowRepository, type WorkflowRepository } from './workflow-repository.ts';

jest.setTimeout(10 * 60_000);

let service: string;
let repository: WorkflowRepository;
let github: GithubDouble;
let runs = 0;

/** code-scanning.yml after a job that leaves what pull-request.yml and deliver.yml leave. It needs no platform. */
beforeAll(async () => {
  service = await mkdtemp(join(tmpdir(), 'fairway-code-scanning-'));
  await mkdir(join(service, 'left/evidence/scan'), { recursive: true });
  await writeFile(
    join(service, 'left/evidence/scan/code-scanning.sarif'),
    findingsSarif(report, judgement, 'service/Dockerfile'),
  );
  await writeFile(join(service, 'left/delivery.json'), '{}');
  repository = await workflowRepository(
    { folder: service },
    { 'found.yml': caller('service/left'), 'nothing.yml': caller('service/left/evidence') },
  );
  const { signal } = new AbortController();
  const commit = (await runCommand('git', ['-C', repository.folder, 'rev-parse', 'HEAD'], { signal })).trim();
  github = await githubDouble({
    commit,
    tokens: {
      // what the permissions of the job give
      'show-token': { permissions: { actions: 'read', contents: 'read', security_events: 'write' } },
      'read-token': { permissions: { actions: 'read', contents: 'read' } },
    },
  });
});
afterAll(async () => {
  await github?.close();
  await repository?.remove();
  await rm(service, { recursive: true });
});

test('a pull request of the repository shows what was found, within what GitHub takes', async () => {
  const log = await run('found.yml', 'team/hello');
  expect(log).toMatch(/Success - Main Upload to code scanning/);
  expect(log).not.toContain('show-token');
  const [analysis] = github.analyses;
  expect(analysis?.ref).toBe('refs/pull/7/merge');
  const [found] = analysis?.sarif.runs ?? [];
  expect(found?.automationDetails?.id).toMatch(/^fairway-[0-9a-f]{16}\/$/);
  // GitHub shows 5,000 of a run
  expect(found?.results).toHaveLength(5_000);
  expect(new Set(found?.results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints))).size).toBe(
    5_000,
  );
});

test('a pull request from a fork, whose token may write nothing, asks for nothing', async () => {
  const before = github.requests.length;
  await expect(run('found.yml', 'fork/hello')).resolves.not.toMatch(/Upload to code scanning/);
  expect(github.requests).toHaveLength(before);
});

test('without a scan there is nothing to upload, and nothing fails', async () => {
  const before = github.requests.length;
  await expect(run('nothing.yml', 'team/hello')).resolves.not.toMatch(/Main Upload to code scanning/);
  expect(github.requests).toHaveLength(before);
});

test('a job without the permission fails, and says what GitHub says', async () => {
  const log = await run('found.yml', 'team/hello', 'read-token').catch((error: Error) => error.message);
  expect(log).toMatch(/code scanning answers 403: .*Resource not accessible by integration/);
  expect(github.takeRejected()).toHaveLength(1);
});

function run(workflow: string, from: string, token = 'show-token'): Promise<string> {
  return repository.run('pull_request', workflow, {
    payload: {
      number: 7,
      pull_request: { number: 7, head: { repo: { full_name: from }, ref: 'x' }, base: { ref: 'main' } },
    },
    environment: { GITHUB_RUN_ID: String(++runs), GITHUB_API_URL: github.url, GITHUB_REPOSITORY: 'team/hello' },
    secrets: { GITHUB_TOKEN: token },
  });
}

function caller(folder: string): string {
  const name = "fairway-$(printf '%s' service | sha256sum | cut -c1-16)";
  return `on: pull_request
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1
      - id: name
        run: echo "name=${name}" >> "$GITHUB_OUTPUT"
      - uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a
        with: { name: '\${{ steps.name.outputs.name }}', path: '${folder}' }
  show:
    needs: check
    uses: ./.github/workflows/code-scanning.yml
    with: { service: service }
`;
}

const finding = (at: number): Finding => ({
  id: `CVE-2024-${at}`,
  severity: 'high',
  package: `package-${at}`,
  installed: '1',
  title: 'A vulnerability',
  ecosystem: 'debian',
});
const report: ScanReport = {
  image: `sha256:${'a'.repeat(64)}`,
  scanner: { name: 'trivy', version: '0.58.1' },
  packages: { debian: 6_000 },
  inconclusive: [],
  notes: [],
  findings: Array.from({ length: 6_000 }, (_unused, at) => finding(at)),
};
const judgement = { blocking: [], fixable: [], accepted: [], expired: [], stated: [], old: [] };
