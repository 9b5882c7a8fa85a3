import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadService, sourceDigest } from '@fairway/service';
import { type Stage, defineStage, readPromotion, readRecord, stageOrder } from '@fairway/stage';
import { silentRuntime } from '@fairway/stage/testing/silent-runtime';
import { deliver, planDelivery } from './deliver.ts';
import type { StageLoaders } from './stages.ts';

const whole = { from: 'prepare', to: 'release' } as const;

let folder: string;
/** Stages that ran, with the replicas that the service has for them. */
let ran: string[];
let images: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-promotion-'));
  ran = [];
  images = 0;
  await mkdir(join(folder, 'environments'));
  await writeFile(
    join(folder, 'fairway.yaml'),
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team-a
engine: { name: llamacpp }
model: { name: hello, path: hello.gguf }
`,
  );
  await writeFile(join(folder, 'environments/staging.yaml'), 'inputs: { context: staging-eu }\n');
  await writeFile(join(folder, 'environments/production.yaml'), 'resources: { replicas: 3 }\n');
});
afterEach(() => rm(folder, { recursive: true }));

const runtime = () => silentRuntime(folder);

/** Stages that pass; each push is another image, as builds on two machines are. */
const stages = Object.fromEntries(
  stageOrder.map(name => [
    name,
    async (): Promise<Stage> =>
      defineStage({
        name,
        description: name,
        icon: 'box',
        inputs: {
          image: { type: 'string', from: ['push.reference'], description: '' },
          context: { type: 'string', default: 'none', description: '' },
        },
        outputs: { 'source-digest': { description: '' }, reference: { description: '' }, digest: { description: '' }, environment: { description: '' } }, // prettier-ignore
        connect: () => undefined,
        key: async (_inputs, context) => ({ environment: context.environment ?? '' }),
        // nothing of another machine is here
        lost: async () => 'it is on another machine',
        async run(inputs, context) {
          const { resources } = await loadService(folder, context.environment);
          ran.push(`${name} ${context.environment} ${inputs.context} ${resources.replicas}`);
          const digest = `sha256:${String(++images).padStart(64, '0')}`;
          const outputs = {
            prepare: { 'source-digest': await sourceDigest(folder) },
            push: { reference: `registry/hello@${digest}`, digest },
            deploy: { environment: context.environment ?? '', reference: inputs.image ?? '' },
          };
          return { verdict: 'pass', reason: name, outputs: outputs[name as keyof typeof outputs] ?? {}, evidence: [] };
        },
      }),
  ]),
) as unknown as StageLoaders;

async function to(environment: string) {
  const promotion = await readPromotion(folder, environment);
  const outcomes = await deliver(whole, { environment }, runtime, () => {}, stages, promotion);
  return { promotion, outcomes, record: (await readRecord(folder))! };
}

test('one image goes through the environments, each with what its file says', async () => {
  const staging = await to('staging');
  expect(staging.promotion).toBeUndefined();
  expect(ran).toEqual(stageOrder.map(name => `${name} staging staging-eu 1`));
  const { digest } = staging.record.image;

  ran.length = 0;
  const plan = await planDelivery(
    whole,
    { environment: 'production' },
    runtime,
    stages,
    await readPromotion(folder, 'production'),
  );
  expect(plan.filter(({ runs }) => !runs).map(({ stage }) => stage)).toEqual(['build', 'scan', 'remediate', 'optimize', 'push']); // prettier-ignore
  const production = await to('production');
  const each = ['prepare', 'deploy', 'mesh', 'monitor', 'load-test', 'release'];
  expect(ran).toEqual(each.map(name => `${name} production none 3`));
  expect(production.outcomes.find(({ stage }) => stage === 'push')?.why).toBe(`delivered to staging as ${digest}`);
  expect(production.record).toMatchObject({ environment: 'production', promotedFrom: 'staging', image: { digest } });
  expect(production.record.stages.deploy?.outputs['reference']).toBe(staging.record.image.reference);
  expect(production.record.id).not.toBe(staging.record.id);
});

test('a promotion that is tried again goes on with its image, and one of another source has none', async () => {
  const staging = await to('staging');
  const promotion = await readPromotion(folder, 'production');
  await deliver({ from: 'prepare', to: 'mesh' }, { environment: 'production' }, runtime, () => {}, stages, promotion);
  ran.length = 0;
  const again = await to('production');
  expect(again.record.image).toEqual(staging.record.image);
  expect(ran).not.toContain('build production none 3');

  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n');
  expect(await readPromotion(folder, 'staging')).toBeUndefined();
});

test('what was not released to one environment goes to no other', async () => {
  await deliver({ from: 'prepare', to: 'load-test' }, { environment: 'staging' }, runtime, () => {}, stages);
  expect(await readPromotion(folder, 'production')).toBeUndefined();
});

test('a secret in the file of an environment is rejected where it stands, and not printed', async () => {
  const secret = async () => {
    const { inputs, ...stage } = await stages.prepare();
    return { ...stage, inputs: { ...inputs, password: { type: 'secret', description: '' } } } as Stage;
  };
  await writeFile(join(folder, 'environments/staging.yaml'), 'inputs:\n  password: hunter2\n');
  const range = { from: 'prepare', to: 'prepare' } as const;
  const [outcome] = await deliver(range, { environment: 'staging' }, runtime, () => {}, { ...stages, prepare: secret });
  expect(outcome?.entry.reason).toMatch(/environments\/staging\.yaml:2:13: `inputs\.password` is a secret/);
  expect(await readFile(join(folder, '.fairway/delivery.json'), 'utf8')).not.toContain('hunter2');
});
