import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { stageOrder } from '@fairway/stage';

interface Workflow {
  readonly on: { readonly workflow_call: Readonly<Record<'inputs' | 'secrets', Readonly<Record<string, Declared>>>> };
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}
interface Declared {
  readonly default?: unknown;
}
interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const workflow = (name: string) => parse(read(`workflows/${name}`)) as Workflow;

/** Inputs of stages that a workflow gives to no step, and why its caller needs no way to give them. */
const own: Readonly<Record<string, string>> = {
  record: 'the first action of a job takes it, and the others find it in the folder',
  image: 'the record has it',
  revision: 'the record has it',
  url: 'the record has it',
  pods: 'the record has it',
  base: 'the record has it',
  'base-layers': 'the record has it',
  'id-token-url': 'GitHub sets it',
  'id-token-request': 'GitHub sets it',
  'github-token': 'the environment of the job records the deployment',
  repository: 'the same',
  'docker-certificates': 'DOCKER_CERT_PATH of the runner says it',
  'ssh-agent': 'an agent lives in the job that started it',
};

/** The job that prepares a delivery has no login at the cluster, since the preparation of the caller runs there. */
const cluster = ['kubeconfig', 'context', 'gateway', 'istio-revision'];
/** The check of a pull request has no credential, so it asks nothing that wants one. */
const asked = [
  ...['registry', 'username', 'password', 'docker-config', 'signing-key', 'signing-passphrase', 'gitops-token'],
  ...['prometheus-url', 'ruler-url', 'prometheus-token', 'prometheus-token-file', 'prometheus-token-command'],
  ...['prometheus-aws-region', 'prometheus-tenant', 'prometheus-client-certificate', 'prometheus-ca'],
];
const without: Readonly<Record<string, readonly string[]>> = {
  'deliver.yml prepare': cluster,
  'pull-request.yml prepare': [...cluster, ...asked],
  'pull-request.yml remediate': ['docker-config'],
  // of the base branch of a pull request
  ...Object.fromEntries(['scan', 'remediate', 'optimize'].map(stage => [`deliver.yml ${stage}`, ['base-sbom']])),
};

test.each([
  ...stageOrder.map(stage => ['deliver.yml', stage]),
  ...stageOrder.slice(0, stageOrder.indexOf('push')).map(stage => ['pull-request.yml', stage]),
])('who calls %s can give %s what a step of the action can', (name, stage) => {
  const { inputs } = parse(read(`actions/${stage}/action.yml`)) as { readonly inputs: object };
  const { jobs } = workflow(name!);
  const steps = Object.values(jobs).flatMap(job => job.steps.filter(({ uses }) => uses === `$/actions/${stage}`));
  expect(steps.length).toBeGreaterThan(0);
  for (const { with: given = {} } of steps)
    expect(
      Object.keys(inputs)
        .filter(one => !(one in given) && !(one in own))
        .toSorted(),
    ).toEqual((without[`${name} ${stage}`] ?? []).toSorted());
});

test.each(['deliver.yml', 'pull-request.yml'])('no input or secret of %s goes nowhere', name => {
  const { inputs, secrets } = workflow(name).on.workflow_call;
  const unused = [
    ...Object.keys(inputs).map(one => `inputs.${one}`),
    ...Object.keys(secrets).map(one => `secrets.${one}`),
  ].filter(one => !new RegExp(`${one.replaceAll('.', '\\.')}(?![\\w-])`).test(read(`workflows/${name}`)));
  expect(unused).toEqual([]);
});

test.each([
  ['deliver.yml', ['aws-session-seconds', 'deploy-timeout-minutes', 'during-freeze', 'environment', 'keyless']],
  ['pull-request.yml', []],
])('what a call of %s leaves empty is for the file of the environment to say', (name, switches) => {
  const filled = Object.entries(workflow(name).on.workflow_call.inputs)
    .filter(([, { default: value }]) => value !== undefined && value !== '')
    .map(([one]) => one);
  expect(filled.toSorted()).toEqual([...switches, 'runner', 'service'].toSorted());
});
