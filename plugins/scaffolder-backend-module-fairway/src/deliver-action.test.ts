import { existsSync, mkdtempSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { type Scaffolder, messages, startScaffolder, templateOfStep } from './testing/scaffolder.ts';

const work = mkdtempSync(join(tmpdir(), 'fairway-deliver-'));
const services = join(work, 'services');
const deliver = {
  command: ['sh', join(__dirname, 'testing/delivery.sh')],
  directory: work,
  target: 'context',
  context: 'production',
  arguments: ['--registry', 'registry.test/team'],
};

/** For which services the permission was asked. */
const asked: string[] = [];
/** What the permission framework answers while a test asks. */
let decision: AuthorizeResult.ALLOW | AuthorizeResult.DENY = AuthorizeResult.ALLOW;
let scaffolder: Scaffolder;

beforeAll(async () => {
  const permissions = mockServices.permissions.mock({
    authorize: async requests =>
      requests.map(({ permission, resourceRef }) => {
        if (permission.name !== 'fairway.delivery.start') return { result: AuthorizeResult.ALLOW };
        asked.push(String(resourceRef));
        return { result: decision };
      }),
    authorizeConditional: async requests => requests.map(() => ({ result: AuthorizeResult.ALLOW })),
  });
  scaffolder = await startScaffolder(
    { fairway: { localServices: { folder: services }, deliver }, backend: { workingDirectory: work } },
    [
      templateOfStep('deliver', 'fairway:deliver', { name: '${{ parameters.name }}' }),
      templateOfStep('make-and-deliver', 'fairway:deliver', {
        name: '${{ parameters.name }}',
        scripts: ['make-model.py'],
      }),
    ],
    permissions.factory,
  );
});

afterAll(() => rm(work, { recursive: true }));

beforeEach(() => {
  decision = AuthorizeResult.ALLOW;
});

async function service(name: string, ending: string): Promise<string> {
  const folder = join(services, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'ending'), ending);
  return folder;
}

async function run(name: string, template = 'deliver') {
  const { status, events } = await scaffolder.finished(await scaffolder.start(template, { name }));
  return { status, log: messages(events) };
}

it('tells the stages in the log and gives the context by its name', async () => {
  const folder = await service('good-llm', 'pass');
  const { status, log } = await run('good-llm');
  expect(status).toBe('completed');
  expect(log).toContain(
    `reading fairway.yaml in ${folder} with --json --context production --registry registry.test/team`,
  );
  expect(log).toContain('mesh         0.2 s  every probe was answered as it must be');
});

it('runs the scripts of the service first', async () => {
  const folder = await service('made-llm', 'pass');
  await writeFile(join(folder, 'make-model.py'), 'open("model.gguf", "w").write("made")');
  expect((await run('made-llm', 'make-and-deliver')).status).toBe('completed');
  expect(await readFile(join(folder, 'model.gguf'), 'utf8')).toBe('made');

  await writeFile(join(folder, 'make-model.py'), 'raise SystemExit("no room for the model")');
  const failed = await run('made-llm', 'make-and-deliver');
  expect(failed.status).toBe('failed');
  expect(failed.log).toContain('make-model.py ended with 1: no room for the model');
});

it('fails with the stage that stopped it and why', async () => {
  await service('bad-llm', 'fail');
  const { status, log } = await run('bad-llm');
  expect(status).toBe('failed');
  expect(log).toContain('The delivery of bad-llm stopped at scan (fail): two findings are left: CVE-1 and CVE-2.');
});

it('fails with the words of a command that gave no result', async () => {
  await service('odd-llm', 'refused');
  const { status, log } = await run('odd-llm');
  expect(status).toBe('failed');
  expect(log).toContain('fairway.yaml:3:1: the key nmae is unknown.');
});

it('ends the delivery, with what it started, when the task is cancelled', async () => {
  const folder = await service('slow-llm', 'never');
  const id = await scaffolder.start('deliver', { name: 'slow-llm' });
  // its progress is there while it runs
  while (
    !messages(await scaffolder.events(id)).includes('the service is valid') ||
    !existsSync(join(folder, 'child'))
  ) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  await scaffolder.cancel(id);
  while (!existsSync(join(folder, 'told'))) await new Promise(resolve => setTimeout(resolve, 50));
  const child = Number(await readFile(join(folder, 'child'), 'utf8'));
  const runs = () => {
    try {
      return process.kill(child, 0);
    } catch {
      // no such process: it was ended
      return false;
    }
  };
  while (runs()) await new Promise(resolve => setTimeout(resolve, 50));
  while (!messages(await scaffolder.events(id)).includes('was cancelled')) {
    await new Promise(resolve => setTimeout(resolve, 50));
  }
});

it('starts nothing for somebody who may not', async () => {
  decision = AuthorizeResult.DENY;
  await service('secret-llm', 'pass');
  const { status, log } = await run('secret-llm');
  expect(status).toBe('failed');
  expect(log).toContain(
    'You may not start deliveries of secret-llm from this portal (permission fairway.delivery.start).',
  );
  expect(log).not.toContain('reading fairway.yaml');
});

it('asks for the service that fairway.yaml describes, with its owner', async () => {
  decision = AuthorizeResult.DENY;
  const folder = await service('folder-llm', 'pass');
  await writeFile(
    join(folder, 'fairway.yaml'),
    [
      ...['apiVersion: fairway.dev/v1alpha1', 'kind: InferenceService', 'name: real-llm', 'namespace: models'],
      ...['owner: team-a', 'engine: { name: vllm }', 'model: { name: tiny, path: model }'],
    ].join('\n'),
  );
  await run('folder-llm');
  // without a file only the name is known
  await service('unread-llm', 'pass');
  await run('unread-llm');
  expect(asked.slice(-2)).toEqual(['models/real-llm@team-a', '/unread-llm']);
});

it.each(['../outside', 'Upper', 'a/b', '.hidden'])('refuses the name %s', async name => {
  const { status, log } = await run(name);
  expect(status).toBe('failed');
  expect(log).toContain('does not match pattern');
});

it('says which service is not published', async () => {
  const { log } = await run('absent-llm');
  expect(log).toContain(`There is no folder ${join(services, 'absent-llm')}.`);
});
