import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createPublishGitlabAction } from '@backstage/plugin-scaffolder-backend-module-gitlab';
import { parseServiceFile } from '@fairway/service';
import { gitIgnored } from '@fairway/service/git-ignored';
import type { JsonObject } from '@backstage/types';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { type Scaffolder, startScaffolder } from './testing/scaffolder.ts';

const root = join(__dirname, '../../..');
const templateFolder = join(root, 'templates/inference-service');
const exampleFolder = join(root, 'examples/hello-llm');
const work = mkdtempSync(join(tmpdir(), 'fairway-template-'));
const services = join(work, 'services');

let scaffolder: Scaffolder;
let template: JsonObject;

beforeAll(async () => {
  template = parse(await readFile(join(templateFolder, 'template.yaml'), 'utf8'), { merge: true });
  const entity = {
    ...template,
    metadata: {
      ...(template['metadata'] as JsonObject),
      name: 'inference-service',
      annotations: { 'backstage.io/managed-by-location': `file:${join(templateFolder, 'template.yaml')}` },
    },
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    spec: template['spec'] as JsonObject,
  };
  scaffolder = await startScaffolder(
    { fairway: { localServices: { folder: services } }, backend: { workingDirectory: work } },
    [entity],
  );
});

afterAll(() => rm(work, { recursive: true }));

/** What one would fill in to get the example. */
async function helloLlm(): Promise<JsonObject> {
  const [, description = ''] = (await readFile(join(exampleFolder, 'README.md'), 'utf8')).split('\n\n');
  return {
    name: 'hello-llm',
    description,
    owner: 'group:default/team-hello',
    system: 'examples',
    engine: 'llamacpp',
    cpu: '250m',
    memory: '256Mi',
    accelerator: 'cpu',
    replicas: 1,
    contextLength: 2048,
    sequences: 4,
    exposure: 'every',
    requestsPerMinute: 3000,
    availability: 99,
    timeToFirstToken: 1500,
    interTokenLatency: 250,
    goodput: 95,
    requestsPerSecond: 20,
    place: 'folder',
    deliver: false,
    schema: '../../packages/service/fairway.schema.json',
  };
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter(entry => entry.isFile()).map(entry => relative(folder, join(entry.parentPath, entry.name)));
}

async function rendered(values: JsonObject, of = template): Promise<Record<string, string>> {
  const files = await Promise.all(
    (await filesOf(templateFolder)).map(async path => ({
      path,
      base64Content: await readFile(join(templateFolder, path), 'base64'),
    })),
  );
  const { status, body } = await scaffolder.dryRun(of, values, files);
  if (status !== 200) throw new Error(JSON.stringify(body.errors ?? body));
  return Object.fromEntries(
    body.directoryContents.map(file => [file.path, Buffer.from(file.base64Content, 'base64').toString()]),
  );
}

it('renders examples/hello-llm', async () => {
  const ignored = await gitIgnored(exampleFolder);
  const expected: Record<string, string> = {};
  for (const path of await filesOf(exampleFolder)) {
    if (!path.startsWith('.fairway/') && !ignored(path)) {
      expected[path] = await readFile(join(exampleFolder, path), 'utf8');
    }
  }
  expect(await rendered(await helloLlm())).toEqual(expected);
});

const ofTheHub = {
  model: 'assistant',
  reference: `hf://team/Tiny-1B@${'0123456789'.repeat(4)}`,
  owner: 'user:default/jane',
  exposure: 'own',
  requestsPerMinute: 1500,
  memory: '8Gi',
  weights: 'image',
  schema: undefined,
  system: undefined,
};

it.each(['vllm', 'tgi', 'transformers', 'fastchat'])('renders a valid service for %s', async engine => {
  const gpu = { gpuClass: 'nvidia-l4-24gb', gpusPerReplica: 2, replicas: 3, contextLength: 4096, sequences: 16 };
  const files = await rendered({ ...(await helloLlm()), ...ofTheHub, engine, accelerator: 'gpu', gpu });
  expect(Object.keys(files).toSorted()).toEqual([
    ...['.dockerignore', 'Dockerfile', 'README.md', 'docs/index.md', 'fairway.yaml', 'mkdocs.yml'],
  ]);
  expect(files['docs/index.md']).toContain('for the host name `hello-llm.localhost`');
  const { service } = parseServiceFile(files['fairway.yaml'] ?? '', '.', 'fairway.yaml');
  expect(service).toMatchObject({
    owner: 'user:default/jane',
    engine: { name: engine, arguments: [] },
    model: { name: 'assistant', reference: ofTheHub.reference },
    build: { arguments: { MODEL: 'team/Tiny-1B', REVISION: '0123456789'.repeat(4) } },
    resources: { replicas: 3, gpu: { class: 'nvidia-l4-24gb', count: 2 } },
    serving: { contextLength: 4096, sequences: 16 },
    access: { hostname: 'hello-llm.localhost', requestsPerMinute: 1500 },
  });
});

it.each(['vllm', 'tgi', 'fastchat'])('leaves the model on the hub for %s, and out of the image', async engine => {
  const files = await rendered({
    ...(await helloLlm()),
    ...ofTheHub,
    engine,
    weights: 'hub',
    hubSecret: 'hub-token',
  });
  const { service } = parseServiceFile(files['fairway.yaml'] ?? '', '.', 'fairway.yaml');
  expect(service.model.weights).toEqual({ from: 'hub', secret: 'hub-token' });
  expect(service.build.arguments).toEqual({});
  expect(files['Dockerfile']).toMatch(/^# .*downloads the model when it starts\.\n\n# By tag/);
  expect(files['Dockerfile']).not.toMatch(/MODEL|\/models|\{%/);
  expect(files['Dockerfile']).toContain('\nFROM ${BASE}\n');
});

it('adds a workflow for GitHub that calls the one of Fairway at a commit', async () => {
  const values = {
    ...(await helloLlm()),
    place: 'github',
    repoUrl: 'github.com?owner=team&repo=hello-llm',
    fairway: `team/fairway@${'0123456789'.repeat(4)}`,
  };
  // publish:github is of a module that a portal adds when it publishes there
  const spec = template['spec'] as { steps: { action: string }[] };
  const steps = spec.steps.filter(({ action }) => action !== 'publish:github');
  const files = await rendered(values, { ...template, spec: { ...spec, steps } });
  const workflow = parse(files['.github/workflows/deliver.yml'] ?? '');
  expect(workflow.jobs.deliver.uses).toBe(`team/fairway/.github/workflows/deliver.yml@${'0123456789'.repeat(4)}`);
  expect(workflow.jobs.deliver.with).toMatchObject({
    before: 'python3 make-model.py && python3 fetch-engine.py',
    registry: '${{ vars.FAIRWAY_REGISTRY }}',
  });
  const called = parse(await readFile(join(root, 'workflows/deliver.yml'), 'utf8'));
  const callable = called.on.workflow_call;
  const required = (inputs: Record<string, { required?: boolean }>) =>
    Object.keys(inputs).filter(name => inputs[name]?.required);
  expect(Object.keys(workflow.jobs.deliver.with)).toEqual(expect.arrayContaining(required(callable.inputs)));
  expect(Object.keys(callable.inputs)).toEqual(expect.arrayContaining(Object.keys(workflow.jobs.deliver.with)));
  expect(Object.keys(workflow.jobs.deliver.secrets)).toEqual(expect.arrayContaining(required(callable.secrets)));
  expect(Object.keys(callable.secrets)).toEqual(expect.arrayContaining(Object.keys(workflow.jobs.deliver.secrets)));
  // GitHub starts no called workflow of which a job asks for more than the caller grants
  for (const job of Object.values<{ permissions: Record<string, string> }>(called.jobs))
    for (const [permission, access] of Object.entries(job.permissions))
      expect([access, 'write']).toContain(workflow.jobs.deliver.permissions[permission]);
});

it('adds a pipeline for GitLab that runs the command of Fairway at a commit', async () => {
  const values = {
    ...(await helloLlm()),
    place: 'gitlab',
    repoUrl: 'gitlab.com?owner=acme%2Fllms&repo=hello-llm',
    fairway: `acme/platform/fairway@${'0123456789'.repeat(4)}`,
  };
  // publish:gitlab is of a module that a portal adds when it publishes there
  const spec = template['spec'] as { steps: { action: string; input: JsonObject }[] };
  const steps = spec.steps.filter(({ action }) => action !== 'publish:gitlab');
  const files = await rendered(values, { ...template, spec: { ...spec, steps } });
  const text = files['.gitlab-ci.yml'] ?? '';
  const { variables, deliver } = parse(text);
  expect(variables).toMatchObject({
    FAIRWAY_PROJECT: 'acme/platform/fairway',
    FAIRWAY_COMMIT: '0123456789'.repeat(4),
  });
  const before = deliver.script.indexOf('python3 make-model.py && python3 fetch-engine.py');
  expect(before).toBeGreaterThan(0);
  expect(deliver.script[before + 1]).toContain('/workflows/gitlab/deliver.sh ');
  // GitLab's own schema of the file, as gitlab-ci-local has it; --list-json ends with 1 for what it does not allow
  const folder = join(work, 'pipeline');
  await mkdir(folder);
  await writeFile(join(folder, '.gitlab-ci.yml'), text);
  const run = promisify(execFile);
  await run('git', ['-C', folder, 'init', '--quiet']);
  await run('git', ['-C', folder, 'remote', 'add', 'origin', 'https://gitlab.com/acme/hello-llm.git']);
  const command = join(root, 'node_modules/gitlab-ci-local/dist/index.js');
  const listed = () => run(process.execPath, [command, '--list-json'], { cwd: folder });
  expect(JSON.parse((await listed()).stdout)).toMatchObject([
    { name: 'scanner', stage: 'scanner' },
    { name: 'deliver', stage: 'deliver' },
  ]);
  await writeFile(join(folder, '.gitlab-ci.yml'), text.replace('resource_group:', 'resourcegroup:'));
  await expect(listed()).rejects.toThrow("'resourcegroup' property is not expected to be here");
});

it('gives publish:gitlab what its schema takes', () => {
  const config = new ConfigReader({});
  const action = createPublishGitlabAction({ config, integrations: ScmIntegrations.fromConfig(config) });
  const { steps } = template['spec'] as { steps: { action: string; input: JsonObject }[] };
  const given = steps.find(step => step.action === action.id)?.input;
  const validate = new Ajv({ strict: false }).compile(action.schema?.input ?? false);
  expect([validate(given), validate.errors]).toEqual([true, null]);
  expect(validate({ ...given, description: 'publish:github takes it' })).toBe(false);
});

it('refuses in a dry run what fairway.yaml does not allow, with its line', async () => {
  await expect(rendered({ ...(await helloLlm()), memory: '0Mi' })).rejects.toThrow(
    /fairway\.yaml:\d+:\d+: .*must be a Kubernetes memory quantity of 1Mi or more/,
  );
});

it('refuses an engine that has no room in the memory of its pod', async () => {
  const values = { ...(await helloLlm()), ...ofTheHub, engine: 'vllm', cpu: '500m', memory: '256Mi' };
  await expect(rendered(values)).rejects.toThrow(/fairway\.yaml:\d+:\d+: .*vllm takes 2048 MiB before it has a model/);
});

it('publishes a Git repository with one commit, and never over another folder', async () => {
  const values = { ...(await helloLlm()), name: 'second-llm' };
  const { status, output, events } = await scaffolder.finished(await scaffolder.start('inference-service', values));
  expect([status, events.at(-1)?.body.message]).toEqual(['completed', expect.any(String)]);
  const folder = join(services, 'second-llm');
  expect(JSON.stringify(output)).toContain(folder);
  const git = async (...words: string[]) => (await promisify(execFile)('git', ['-C', folder, ...words])).stdout.trim();
  expect(await git('status', '--porcelain')).toBe('');
  expect(await git('rev-list', '--count', 'main')).toBe('1');
  expect(await git('ls-files')).toContain('fairway.yaml');
  expect(await readFile(join(folder, 'fairway.yaml'), 'utf8')).toContain('name: second-llm\n');

  const again = await scaffolder.finished(await scaffolder.start('inference-service', values));
  expect(again.status).toBe('failed');
  expect(again.events.map(event => event.body.message).join('\n')).toContain('already there and was left as it is');
  expect(await readdir(services)).toEqual(['second-llm']);
  expect(existsSync(join(folder, '.git'))).toBe(true);
});
