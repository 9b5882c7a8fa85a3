import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { deliverArguments } from '../../packages/cli/src/arguments.ts';

const root = join(__dirname, '../..');
let folder: string;
/** What the job started, one line each. */
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-gitlab-'));
  log = join(folder, 'log');
  await mkdir(join(folder, 'workflows'));
  await cp(join(root, 'workflows/gitlab'), join(folder, 'workflows/gitlab'), { recursive: true });
  const say = `#!/bin/sh\nfor word in "$(basename "$0")" "$@"; do printf '%s\\0' "$word" >> ${log}; done; echo >> ${log}\n`;
  const login = `${say}printf '%s\\0\\n' "$(cat "$AWS_WEB_IDENTITY_TOKEN_FILE")" >> ${log}\n`;
  await mkdir(join(folder, 'bin'));
  for (const [name, text] of Object.entries({
    fairway: `${say}printf '%s\\0' "$FAIRWAY_PASSWORD" "\${FAIRWAY_PORTAL_TOKEN-none}" >> ${log}\n`,
    ...{ aws: login, gcloud: say, az: say, kubelogin: say },
  })) {
    await writeFile(join(folder, 'bin', name), text);
    await chmod(join(folder, 'bin', name), 0o755);
  }
});
afterEach(() => rm(folder, { recursive: true }));

/** As GitLab gives them to a job, with those that docs/create.md asks for. */
const job = {
  CI_PROJECT_DIR: '/builds/acme/chat',
  CI_REGISTRY_IMAGE: 'registry.gitlab.com/acme/chat',
  CI_REGISTRY_USER: 'gitlab-ci-token',
  CI_REGISTRY_PASSWORD: 'of-the-job',
  KUBECONFIG: '/builds/acme/chat.tmp/KUBECONFIG',
  FAIRWAY_CONTEXT: 'production',
  FAIRWAY_GATEWAY: 'fairway-system/gateway',
  FAIRWAY_AWS_TOKEN: 'token-for-aws',
  FAIRWAY_GOOGLE_TOKEN: 'token-for-google',
  FAIRWAY_AZURE_TOKEN: 'token-for-azure',
  FAIRWAY_PORTAL_TOKEN: 'token-for-portal',
  FAIRWAY_PORTAL_URL: '',
};

async function run(more: NodeJS.ProcessEnv = {}) {
  const script = join(folder, 'workflows/gitlab/deliver.sh');
  const path = [join(folder, 'bin'), process.env['PATH']].join(delimiter);
  await promisify(execFile)('sh', [script, '/tools/trivy'], { env: { PATH: path, TMPDIR: folder, ...job, ...more } });
  const lines = (await readFile(log, 'utf8')).split('\n').map(line => line.split('\0').slice(0, -1));
  return { started: lines.filter(([name]) => name !== undefined), last: lines.at(-1) };
}

async function delivered(more?: NodeJS.ProcessEnv) {
  const { started, last } = await run(more);
  const [, , ...words] = started.find(([name]) => name === 'fairway') ?? [];
  return { started, last, arguments: await deliverArguments(words, {}) };
}

test('the command gets what the project has, and every option is one of its own', async () => {
  const { arguments: given, last } = await delivered();
  expect(given.folder).toBe('/builds/acme/chat');
  expect(given.inputs).toMatchObject({
    ...{ registry: 'registry.gitlab.com/acme/chat', username: 'gitlab-ci-token', scanner: '/tools/trivy' },
    ...{ kubeconfig: job.KUBECONFIG, context: 'production', gateway: 'fairway-system/gateway' },
  });
  expect(last).toEqual(['of-the-job', 'none']);
});

test('a portal gets the token of the job', async () => {
  const { last } = await delivered({ FAIRWAY_PORTAL_URL: 'https://portal.example.com' });
  expect(last).toEqual(['of-the-job', 'token-for-portal']);
});

test('EKS is logged in to by the token of the job, and no kubeconfig is needed', async () => {
  const eks = {
    FAIRWAY_EKS_CLUSTER: 'prod',
    FAIRWAY_AWS_REGION: 'eu-central-1',
    FAIRWAY_AWS_ROLE: 'arn:aws:iam::1:role/r',
  };
  const { started, arguments: given } = await delivered({ ...eks, KUBECONFIG: '' });
  const words = ['aws', 'eks', 'update-kubeconfig', '--name', 'prod', '--alias', 'production', '--kubeconfig'];
  expect(started[0]).toEqual([...words, given.inputs['kubeconfig']]);
  expect(started[1]).toEqual(['token-for-aws']);
});

test('GKE and AKS are asked for the cluster by its parts', async () => {
  const google = {
    FAIRWAY_GKE_CLUSTER: 'projects/acme-prod/locations/europe-west1/clusters/llm',
    FAIRWAY_GOOGLE_PROVIDER: 'projects/7/locations/global/workloadIdentityPools/gitlab/providers/gitlab',
  };
  const gke = await run(google);
  expect(gke.started).toContainEqual([
    ...['gcloud', 'container', 'clusters', 'get-credentials', 'llm', '--location', 'europe-west1'],
    ...['--project', 'acme-prod'],
  ]);
  await rm(log);
  const azure = { FAIRWAY_AZURE_CLIENT_ID: 'c', FAIRWAY_AZURE_TENANT_ID: 't', FAIRWAY_AZURE_SUBSCRIPTION_ID: 's' };
  const { started } = await run({ ...azure, FAIRWAY_AKS_CLUSTER: 'group/llm' });
  const credentials = started.find(([name, , what]) => name === 'az' && what === 'get-credentials');
  expect(credentials?.join(' ')).toContain('--resource-group group --name llm --context production');
});

test.each([
  ['KUBECONFIG', { KUBECONFIG: '' }],
  ['FAIRWAY_CONTEXT', { FAIRWAY_CONTEXT: '' }],
  ['FAIRWAY_AWS_ROLE', { FAIRWAY_EKS_CLUSTER: 'prod', FAIRWAY_AWS_REGION: 'eu-central-1' }],
])('without %s the job ends before anything is started, and says so', async (name, more) => {
  await expect(run(more)).rejects.toThrow(`The variable ${name} is not set`);
});
