import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Workflow {
  readonly on: { readonly workflow_call: { readonly inputs: object } };
  readonly jobs: Readonly<Record<string, { readonly permissions?: object; readonly steps: readonly Step[] }>>;
}

const read = async (path: string): Promise<unknown> => parse(await readFile(join(__dirname, '../..', path), 'utf8'));

let folder: string;
let check: Step;
let inputsOfLogin: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-cluster-login-'));
  const { inputs, runs } = (await read('actions/cluster-login/action.yml')) as {
    inputs: object;
    runs: { steps: readonly Step[] };
  };
  inputsOfLogin = Object.keys(inputs);
  check = runs.steps.find(({ id }) => id === 'path')!;
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the first step as the runner does, with the expressions of its `env` filled in. */
function run(inputs: Readonly<Record<string, string>>) {
  const given = Object.entries(check.env ?? {}).map(([name, value]) => [
    name,
    value.replace(/\$\{\{ inputs\.([\w-]+) \}\}/, (_, input: string) => inputs[input] ?? ''),
  ]);
  const output = join(folder, 'output');
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', check.run ?? ''], {
    env: { PATH: process.env['PATH'], ...Object.fromEntries(given), RUNNER_TEMP: folder, GITHUB_OUTPUT: output },
    encoding: 'utf8',
  });
  return { status, stdout };
}

const eks = {
  'eks-cluster': 'prod',
  'aws-region': 'eu-central-1',
  'aws-role': 'arn:aws:iam::111122223333:role/deliver',
};
const gke = {
  'gke-cluster': 'projects/p/locations/europe-west1/clusters/prod',
  'google-provider': 'projects/1/locations/global/workloadIdentityPools/github/providers/github',
};
const aks = {
  'aks-cluster': 'team/prod',
  'azure-client-id': 'c',
  'azure-tenant-id': 't',
  'azure-subscription-id': 's',
};

test.each<[string, Readonly<Record<string, string>>]>([
  ['a kubeconfig', { kubeconfig: 'apiVersion: v1' }],
  ['EKS', eks],
  ['GKE', gke],
  ['AKS', aks],
])('%s alone is a cluster', async (_name, inputs) => {
  expect(run(inputs)).toEqual({ status: 0, stdout: '' });
  expect(await readFile(join(folder, 'output'), 'utf8')).toContain(`kubeconfig=${folder}/kubeconfig\n`);
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['no cluster', {}, 'The cluster is named in 0 ways and must be in one:'],
  ['two clusters', { ...eks, ...gke }, 'The cluster is named in 2 ways and must be in one:'],
  ['a cloud beside a kubeconfig', { ...aks, kubeconfig: 'hidden' }, 'The cluster is named in 2 ways'],
  ['no role', { ...eks, 'aws-role': '' }, 'eks-cluster needs the input aws-role too.'],
  ['no provider', { ...gke, 'google-provider': '' }, 'gke-cluster needs the input google-provider too.'],
  ['a bare name', { ...gke, 'gke-cluster': 'prod' }, 'gke-cluster is "prod" and must be projects/<project>/'],
  ['no tenant', { ...aks, 'azure-tenant-id': '' }, 'aks-cluster needs the input azure-tenant-id too.'],
  ['no resource group', { ...aks, 'aks-cluster': 'prod' }, 'aks-cluster is "prod" and must be <resource group>/'],
])('%s is reported before anybody logs in', (_name, inputs, expected) => {
  const { status, stdout } = run(inputs);
  expect(status).toBe(1);
  expect(stdout).toContain(`::error::${expected}`);
  expect(stdout).not.toContain('hidden');
});

test.each([
  ['deliver.yml', ['deploy', 'release'], []],
  // whose jobs end within the hour for which a role is taken
  ['rescan.yml', ['list'], ['aws-session-seconds']],
  ['rollback.yml', ['rollback'], ['aws-session-seconds']],
])('every job of %s that needs the cluster logs in to each of the clouds', async (name, expected, left) => {
  const { on, jobs } = (await read(`workflows/${name}`)) as Workflow;
  const kubeconfig = (steps: readonly Step[]) => steps.some(step => step.with?.['kubeconfig']);
  expect(Object.keys(jobs).filter(job => kubeconfig(jobs[job]!.steps))).toEqual(expected);
  for (const { permissions, steps } of expected.map(job => jobs[job]!)) {
    const given = inputsOfLogin.filter(input => !left.some(other => other === input));
    expect(steps.find(({ uses }) => uses === '$/actions/cluster-login')?.with).toEqual(
      Object.fromEntries(
        given.map(input => [input, `\${{ ${input === 'kubeconfig' ? 'secrets' : 'inputs'}.${input} }}`]),
      ),
    );
    expect(Object.keys(on.workflow_call.inputs)).toEqual(
      expect.arrayContaining(given.filter(input => input !== 'kubeconfig')),
    );
    expect(permissions).toMatchObject({ 'id-token': 'write' });
  }
});

test('Push logs in for a key by the actions that log in to clusters', async () => {
  const { runs } = (await read('actions/cluster-login/action.yml')) as { runs: { steps: readonly Step[] } };
  const { jobs } = (await read('workflows/deliver.yml')) as Workflow;
  const known = runs.steps.flatMap(({ uses }) => uses ?? []);
  const used = jobs['push']!.steps.flatMap(({ uses = '' }) =>
    /^(?:aws-actions|google-|azure)/.test(uses) ? uses : [],
  );
  expect(used.map(uses => uses.split('/')[0])).toEqual(['aws-actions', 'google-github-actions', 'azure']);
  expect(known).toEqual(expect.arrayContaining(used));
});
