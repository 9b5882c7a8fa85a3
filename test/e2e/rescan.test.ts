import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alertmanager } from '@fairway/clients/alertmanager/index';
import { headManifest, openRepository, parseRepository, putBlob, putManifest } from '@fairway/clients/registry/index';
import { runCommand } from '@fairway/platform/command';
import { tenant } from '../bare-api-server.ts';
import { badGateway, secondaryLimit } from '../github/faults.ts';
import { githubDouble } from '../github/double.ts';
import type { GithubDouble } from '../github/double.ts';
import { startServedService } from '../served-service.ts';
import type { ServedService } from '../served-service.ts';
import { inputLines, workflowRepository, type WorkflowRepository } from './workflow-repository.ts';

jest.setTimeout(30 * 60_000);

const { signal } = new AbortController();
const digest = `sha256:${'a'.repeat(64)}`;
let served: ServedService;
let base: string;
let repository: WorkflowRepository;
let github: GithubDouble;

/** rescan.yml called from a repository, as a user calls it; act is the runner. It needs no platform. */
beforeAll(async () => {
  served = await startServedService();
  base = served.repository.replace(/[^/]+$/, 'base');
  await writeFile(join(served.folder, 'Dockerfile'), `FROM ${base}:1@${digest}\n`);
  const client = openRepository(parseRepository(base), {}, signal);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = await putBlob(client, 'application/vnd.oci.image.config.v1+json', Buffer.from('{}'));
  await putManifest(client, mediaType, { schemaVersion: 2, mediaType, config, layers: [] }, '1');
  repository = await workflowRepository({ folder: served.folder }, { 'nightly.yml': nightly() });
  const commit = await runCommand('git', ['-C', repository.folder, 'rev-parse', 'HEAD'], { signal });
  const files = { 'service/Dockerfile': await readFile(join(served.folder, 'Dockerfile'), 'utf8'), 'README.md': 'a' };
  github = await githubDouble({
    commit: commit.trim(),
    files,
    tokens: {
      // what the permissions of the jobs propose and show give
      'fix-token': { permissions: { contents: 'write', pull_requests: 'write' } },
      'job-token': { permissions: { actions: 'read', contents: 'read', security_events: 'write' } },
    },
  });
});

afterAll(async () => {
  await github?.close();
  await repository?.remove();
  await served?.stop();
});

test('what serves is scanned, an alert is raised, and the fix is a pull request', async () => {
  // the answer to the pull request is lost on its way
  github.faults.push(
    { answer: secondaryLimit(1), when: /^POST .*\/git\/trees$/ },
    { answer: badGateway, after: true, when: /^POST .*\/pulls$/ },
  );
  const log = await nightOf('today', 'the run is red');
  expect(log).toMatch(/reason=2 findings of severity high or higher can be fixed, in libexpat1\./);
  await expect(alertmanager(served.alertmanager).alerts()).resolves.toMatchObject([
    { labels: { alertname: 'FairwayServedImageVulnerable', image: served.image.digest } },
  ]);

  const [pull, ...others] = github.pulls;
  expect(others).toEqual([]);
  expect(pull?.head).toMatch(/^fairway\/fix-service-[0-9a-f]{8}$/);
  expect(pull?.base).toBe('main');
  expect(pull?.body).toMatch(
    /\| `libexpat1` \| `2\.5\.0-1` \| `2\.5\.0-1\+deb12u1` \| `CVE-2024-45490, CVE-2024-45491` \|/,
  );
  const today = await headManifest(openRepository(parseRepository(base), {}, signal), '1');
  expect(github.files(pull?.head ?? '')?.get('service/Dockerfile')).toBe(`FROM ${base}:1@${today?.digest}\n`);
  const writers = github.requests
    .filter(({ request }) => !request.includes('/code-scanning/'))
    .map(({ token }) => token);
  expect(new Set(writers)).toEqual(new Set(['fix-token']));
  expect(log).not.toMatch(/fix-token|job-token/);
});

test('the same again is the same pull request, and an end of the findings the end of the alert', async () => {
  const before = github.commits(github.pulls[0]?.head ?? '');
  await nightOf('today', 'the run is red');
  expect(github.commits(github.pulls[0]?.head ?? '')).toEqual(before);
  expect(github.pulls).toHaveLength(1);

  await writeFile(
    join(repository.folder, 'service/fairway.yaml'),
    `${await readFile(join(served.folder, 'fairway.yaml'), 'utf8')}scan:
  exceptions: [{ id: CVE-2024-45490, owner: team-a, reason: it reads no XML, until: 2999-01-01 }]
`,
  );
  const log = await nightOf('yesterday');
  expect(log).toMatch(/rescan: pass: No fixable finding of severity high or higher, 1 accepted for a time/);
  await expect(alertmanager(served.alertmanager).alerts()).resolves.toEqual([]);
});

test('code scanning has what is open each night, in the file where it is fixed, and nothing that is accepted', () => {
  expect(github.analyses).toHaveLength(3);
  const [first, , last] = github.analyses;
  expect(first?.ref).toBe('refs/heads/main');
  const [run] = first?.sarif.runs ?? [];
  expect(run?.automationDetails?.id).toMatch(/^fairway-rescan-[0-9a-f]{16}\/$/);
  expect(run?.results.map(({ ruleId }) => ruleId).toSorted()).toEqual(['CVE-2024-45490', 'CVE-2024-45491']);
  expect(run?.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('service/Dockerfile');
  expect(last?.sarif.runs[0]?.results).toEqual([]);
});

test('the results are stored with the run', async () => {
  const artifacts = join(repository.store, 'artifacts');
  const runs = await Promise.all(
    (await readdir(artifacts)).map(async run => ({ run, names: (await readdir(join(artifacts, run))).toSorted() })),
  );
  // two nights had something to fix, and one had not
  const [first, ...more] = runs.toSorted((a, b) => b.names.length - a.names.length);
  expect(more.map(({ names }) => names.length)).toEqual([3, 2]);
  const stored = join(artifacts, first?.run ?? '');
  const [fix = '', results = '', served = '', ...others] = first?.names ?? [];
  expect(others).toEqual([]);
  // all that the job with a right to write gets
  expect(fix).toBe(results.replace('rescan', 'fix'));
  expect(await readdir(join(stored, fix))).toEqual(['fix.json']);
  expect(results).toMatch(/^fairway-rescan-[0-9a-f]{16}$/);
  expect((await readdir(join(stored, results))).toSorted()).toEqual(['rescan.json', 'rescan.sarif']);
  // all that the job of the scanner gets
  expect(served).toBe(results.replace('rescan', 'served'));
  expect(await readdir(join(stored, served))).toEqual(['served.json']);
});

/** Runs the workflow of one night; act ends with an error where a job does. */
async function nightOf(day: 'yesterday' | 'today', red?: string): Promise<string> {
  await rm(join(served.root, 'now'), { force: true });
  await symlink(served.databases[day], join(served.root, 'now'));
  const run = repository.run('schedule', 'nightly.yml', {
    environment: {
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'team/hello',
      GITHUB_RUN_ID: String(randomBytes(3).readUIntBE(0, 3)),
    },
    secrets: {
      GITHUB_TOKEN: 'job-token',
      FIX_TOKEN: 'fix-token',
      KUBECONFIG_CONTENT: await readFile(served.server.kubeconfig, 'utf8'),
      ALERTMANAGER: served.alertmanager,
    },
  });
  if (!red) return run;
  return run.then(
    log => {
      throw new Error(`${red}, and this was not: ${log.slice(-2000)}`);
    },
    (error: Error) => error.message,
  );
}

function nightly(): string {
  const inputs = {
    service: 'service',
    context: tenant,
    'code-scanning': true,
    scanner: served.trivy,
    // nothing asks it: the only finding is in a package of the distribution
    uv: '/nowhere/uv',
  };
  return `on: { schedule: [{ cron: '17 3 * * *' }] }
jobs:
  rescan:
    uses: ./.github/workflows/rescan.yml
    with:
${inputLines(inputs)}
      database: ${served.root}/now
    secrets:
      kubeconfig: \${{ secrets.KUBECONFIG_CONTENT }}
      alertmanager-url: \${{ secrets.ALERTMANAGER }}
      fix-token: \${{ secrets.FIX_TOKEN }}
`;
}
