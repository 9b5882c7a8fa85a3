import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import {
  type Runtime,
  afterRemoval,
  defineStage,
  planStage,
  readRecord,
  recordPath,
  runStage,
  writeRecord,
} from './index.ts';
import type { Stage, StageName } from './index.ts';

let folder: string;
let lines: string[];
let abort: AbortController;
let runtime: Runtime;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-stage-'));
  lines = [];
  abort = new AbortController();
  const write = (message: string) => void lines.push(message);
  runtime = {
    folder,
    log: { info: write, warning: write, progress: write, annotate: (_level, message) => write(message) },
    signal: abort.signal,
    now: () => new Date(),
    environment: {},
    inputName: input => `--${input}`,
  };
});

afterEach(() => rm(folder, { recursive: true }));

/** A stage that counts its runs and makes one output and one piece of evidence. */
function counting(
  name: StageName,
  options: {
    material?: () => string;
    from?: `${string}.${string}`;
    lost?: () => string | undefined;
    policy?: () => Reason | undefined;
  } = {},
) {
  const stage: { runs: number; declaration: Stage } = {
    runs: 0,
    declaration: defineStage({
      name,
      description: name,
      icon: 'box',
      inputs: {
        image: { type: 'string', description: 'Image.', from: options.from ? [options.from] : [], default: 'none' },
      },
      outputs: { image: { description: 'Image.' } },
      policy: async () => options.policy?.(),
      connect: () => undefined,
      key: async () => ({ material: options.material?.() ?? '' }),
      lost: async () => options.lost?.(),
      run: async (inputs, context) => {
        stage.runs += 1;
        return {
          verdict: 'pass',
          reason: `run ${stage.runs}`,
          outputs: { image: `${name} of ${inputs.image}` },
          evidence: [await context.evidence('report.json', 'application/json', JSON.stringify({ run: stage.runs }))],
        };
      },
    }),
  };
  return stage;
}

/** A stage that gives these outputs. */
const maker = (name: StageName, outputs: Record<string, string>, verdict: 'pass' | 'fail' = 'pass') => ({
  ...counting(name).declaration,
  run: async () => ({ verdict, reason: '', outputs, evidence: [] }),
});

describe('skipping by policy', () => {
  it('says what stands in its place, without its inputs, and once', async () => {
    const policy = [reasonOf('mesh.own', { gateway: 'an NGINX' })];
    const reason = 'By policy (gateway.own) another gateway stands before the pods: an NGINX.';
    const mesh = counting('mesh', { policy: () => policy[0] });
    const release = counting('release');
    Object.assign(mesh.declaration.inputs, { gateway: { type: 'string', required: true, description: 'Gateway.' } });
    expect(await runStage(mesh.declaration, {}, runtime)).toMatchObject({
      unchanged: false,
      entry: { verdict: 'skipped', reason, coded: policy[0] },
    });
    await runStage(release.declaration, {}, runtime);
    expect(await planStage(mesh.declaration, {}, runtime)).toMatchObject({ runs: false, why: reason });
    expect((await runStage(mesh.declaration, {}, runtime)).unchanged).toBe(true);
    expect((await readRecord(folder))?.stages.release?.stale).toBeUndefined();
    expect(mesh.runs).toBe(0);

    policy.pop();
    await runStage(mesh.declaration, { gateway: 'a/b' }, runtime);
    expect(mesh.runs).toBe(1);
    expect((await readRecord(folder))?.stages.release?.stale).toBe(true);
  });
});

describe('skipping by content', () => {
  it('runs once, then skips and says since when', async () => {
    const build = counting('build');
    await runStage(build.declaration, {}, runtime);
    const second = await runStage(build.declaration, {}, runtime);
    expect(build.runs).toBe(1);
    expect(second.unchanged).toBe(true);
    expect(second.why).toMatch(/^unchanged since \d{4}-.* \(key [0-9a-f]{12}\)$/);
    expect(second.entry.outputs).toEqual({ image: 'build of none' });
  });

  it.each([
    ['an input changed', { image: 'other' }, async () => {}, 'its inputs changed'],
    [
      'evidence is missing',
      {},
      () => rm(join(folder, '.fairway/evidence/build/report.json')),
      'evidence/build/report.json is missing',
    ],
    [
      'evidence was changed',
      {},
      () => writeFile(join(folder, '.fairway/evidence/build/report.json'), '{}'),
      'evidence/build/report.json was changed',
    ],
  ])('runs again when %s', async (_case, given, change, why) => {
    const build = counting('build');
    await runStage(build.declaration, {}, runtime);
    await change();
    const again = await runStage(build.declaration, given, runtime);
    expect(build.runs).toBe(2);
    expect(again.why).toContain(why);
  });

  it('runs again when what it made is gone', async () => {
    const lost: string[] = [];
    const build = counting('build', { lost: () => lost[0] });
    await runStage(build.declaration, {}, runtime);
    lost.push('the image is gone');
    expect((await runStage(build.declaration, {}, runtime)).why).toBe('the image is gone');
    expect(build.runs).toBe(2);
  });

  it('plans without running', async () => {
    const build = counting('build');
    expect(await planStage(build.declaration, {}, runtime)).toEqual({
      stage: 'build',
      runs: true,
      why: 'it has not run yet',
    });
    expect(build.runs).toBe(0);
  });
});

describe('what later stages read', () => {
  it('takes the output of an earlier stage, and not after that stage was overtaken', async () => {
    let source = 'one';
    const build = counting('build', { material: () => source });
    const remediate = counting('remediate', { from: 'build.image' });
    const optimize = counting('optimize', { from: 'remediate.image' });
    for (const stage of [build, remediate, optimize]) await runStage(stage.declaration, {}, runtime);
    expect((await readRecord(folder))?.stages.optimize?.outputs['image']).toBe(
      'optimize of remediate of build of none',
    );

    source = 'two';
    await runStage(build.declaration, {}, runtime);
    const overtaken = await readRecord(folder);
    expect(overtaken?.stages.remediate?.stale).toBe(true);
    expect((await runStage(optimize.declaration, {}, runtime)).entry.outputs['image']).toBe('optimize of none');
  });

  it('leaves the fix standing when the scan of the fixed image runs', async () => {
    const remediate = counting('remediate');
    const scan = counting('scan', { from: 'remediate.image' });
    const optimize = counting('optimize');
    for (const stage of [remediate, optimize, scan]) await runStage(stage.declaration, {}, runtime);
    const record = await readRecord(folder);
    expect(record?.stages.remediate?.stale).toBeUndefined();
    expect(record?.stages.optimize?.stale).toBe(true);
  });

  it('leaves the fix of a build that stands standing, and that of another build not', async () => {
    let source = 'one';
    const prepare = counting('prepare', { material: () => source });
    const build = maker('build', { digest: 'sha256:1' });
    const scan = counting('scan', { from: 'remediate.digest' });
    const deliverWith = async (from: string) => {
      await runStage(build, {}, runtime);
      await runStage(maker('remediate', { digest: 'sha256:2', from }), {}, runtime);
      await runStage(scan.declaration, {}, runtime);
      source += '+';
      await runStage(prepare.declaration, {}, runtime);
      await runStage(build, {}, runtime);
      return (await runStage(scan.declaration, {}, runtime)).unchanged;
    };
    expect(await deliverWith('sha256:1')).toBe(true);
    await rm(recordPath(folder));
    expect(await deliverWith('sha256:0')).toBe(false);
  });

  it('takes a stage that is skipped by content back into use', async () => {
    let source = 'one';
    const prepare = counting('prepare', { material: () => source });
    const push = counting('push');
    await runStage(prepare.declaration, {}, runtime);
    await runStage(push.declaration, {}, runtime);
    source = 'two';
    await runStage(prepare.declaration, {}, runtime);
    expect((await runStage(push.declaration, {}, runtime)).unchanged).toBe(true);
    expect((await readRecord(folder))?.stages.push?.stale).toBeUndefined();
  });
});

it('writes into the record what Git says of the commit that is prepared', async () => {
  const facts = { author: 'Ann', subject: 'Serve longer', docs: 'services/chat' };
  const prepare = counting('prepare');
  await runStage(prepare.declaration, {}, { ...runtime, commit: 'c1', gitFacts: facts });
  expect((await readRecord(folder))?.source).toEqual({ commit: 'c1', ...facts });
});

describe('the image of the record', () => {
  const image = async () => (await readRecord(folder))?.image;

  it('is what the last stage made of it, and has a reference once it is pushed', async () => {
    const build = maker('build', { digest: 'sha256:1' });
    const push = maker('push', { digest: 'sha256:2', reference: 'r/a@sha256:2' });
    await runStage(build, {}, runtime);
    expect(await image()).toEqual({ digest: 'sha256:1' });
    await runStage(maker('remediate', { digest: 'sha256:9' }, 'fail'), {}, runtime);
    expect(await image()).toEqual({ digest: 'sha256:1' });
    await runStage(maker('optimize', { digest: 'sha256:2' }), {}, runtime);
    await runStage(push, {}, runtime);
    expect(await image()).toEqual({ digest: 'sha256:2', reference: 'r/a@sha256:2' });
    // stages that do not have to run again say so too
    await runStage(build, {}, runtime);
    expect(await image()).toEqual({ digest: 'sha256:1' });
    expect((await runStage(push, {}, runtime)).unchanged).toBe(true);
    expect(await image()).toEqual({ digest: 'sha256:2', reference: 'r/a@sha256:2' });
  });
});

describe('failures', () => {
  function failing(error: Error): Stage {
    return { ...counting('scan').declaration, run: () => Promise.reject(error) };
  }

  it("records a user's mistake as the verdict", async () => {
    const outcome = await runStage(
      failing(new ConfigurationError('Unknown key.', { file: 'fairway.yaml', line: 3 })),
      {},
      runtime,
    );
    expect(outcome.entry).toMatchObject({ verdict: 'fail', reason: 'fairway.yaml:3: Unknown key.' });
    expect(outcome.fault).toBeUndefined();
    expect((await readRecord(folder))?.stages.scan?.verdict).toBe('fail');
  });

  it('keeps the code of an error, which a page has in another language', async () => {
    const at = { file: 'fairway.yaml', line: 3 };
    const { entry } = await runStage(failing(new ConfigurationError(reasonOf('prepare.noGpu'), at)), {}, runtime);
    expect(entry.reason).toBe('fairway.yaml:3: No GPU is asked for.');
    expect((await readRecord(folder))?.stages.scan?.coded).toEqual(
      reasonOf('stage.at', { place: 'fairway.yaml:3', sentence: reasonOf('prepare.noGpu') }),
    );
  });

  it('says what the machine does not allow, without a stack', async () => {
    await writeFile(join(folder, '.fairway'), '');
    const outcome = await runStage(counting('scan').declaration, {}, runtime);
    expect(outcome.entry.reason).toMatch(/\.fairway\/delivery\.json: a file is where a folder should be\./);
    expect(outcome.fault).toBeUndefined();
  });

  it('keeps the stack of a fault of its own', async () => {
    const outcome = await runStage(failing(new TypeError('x is undefined')), {}, runtime);
    expect(outcome.entry.reason).toBe('Internal error: x is undefined');
    expect(outcome.fault?.stack).toContain('run-stage.test');
  });

  it('leaves the record as it was when it is interrupted', async () => {
    await runStage(counting('scan').declaration, {}, runtime);
    const before = await readFile(recordPath(folder), 'utf8');
    const waits: Stage = {
      ...counting('scan', { material: () => 'new' }).declaration,
      run: (_inputs, context) =>
        new Promise((_resolve, reject) => {
          context.signal.addEventListener('abort', () => reject(context.signal.reason));
          abort.abort();
        }),
    };
    await expect(runStage(waits, {}, runtime)).rejects.toThrow('scan was interrupted.');
    expect(await readFile(recordPath(folder), 'utf8')).toBe(before);
  });

  it('names a required input without a value and where it comes from', async () => {
    const push: Stage = {
      ...counting('push').declaration,
      inputs: { image: { type: 'string', description: 'Image to push.', required: true, from: ['optimize.image'] } },
    };
    const outcome = await runStage(push, {}, runtime);
    expect(outcome.entry.reason).toBe(
      '--image is missing: Image to push. It is usually the output optimize.image, which the delivery record does not hold.',
    );
  });
});

describe('the stored record', () => {
  it.each([
    ['not JSON', '{"schemaVersion": 1,', /is not a delivery record/],
    ['of a newer Fairway', '{"schemaVersion": 99}', /schema version 99; this Fairway reads up to 1/],
    ['of another shape', '{"schemaVersion": 1}', /id:/],
  ])('is refused and left alone when it is %s', async (_case, text, message) => {
    await runStage(counting('scan').declaration, {}, runtime);
    await writeFile(recordPath(folder), text);
    const outcome = await runStage(counting('scan').declaration, {}, runtime);
    expect(outcome.entry.verdict).toBe('fail');
    expect(outcome.entry.reason).toMatch(message);
    expect(await readFile(recordPath(folder), 'utf8')).toBe(text);
  });
});

it('does not make a service folder that is not there', async () => {
  const elsewhere = join(folder, 'no-such-service');
  const refused: Stage = {
    ...counting('prepare').declaration,
    key: () => Promise.reject(new ConfigurationError('There is no such folder.')),
  };
  const outcome = await runStage(refused, {}, { ...runtime, folder: elsewhere });
  expect(outcome.entry.reason).toBe('There is no such folder.');
  expect(await readdir(folder)).toEqual([]);
});

test('a secret that the stage was given is in none of what is stored', async () => {
  const { declaration } = counting('mesh');
  const leaky: Stage = {
    ...declaration,
    inputs: { ...declaration.inputs, 'client-secret': { type: 'secret', description: 'Secret.' } },
    run: async (inputs, context) => {
      const text = `token for ${String(inputs['client-secret'])}`;
      const evidence = [await context.evidence('said.txt', 'text/plain', text)];
      if (inputs['image'] === 'broken') throw new ConfigurationError(text);
      const reason = reasonOf('stage.at', { place: text, sentence: reasonOf('stage.fault', { words: text }) });
      return { verdict: 'pass', reason, outputs: { url: text }, evidence, summary: text };
    },
  };
  for (const image of ['good', 'broken']) {
    const outcome = await runStage(leaky, { image, 'client-secret': 'hush-hush' }, runtime);
    const evidence = await readFile(join(folder, '.fairway/evidence/mesh/said.txt'), 'utf8');
    const stored = await readFile(recordPath(folder), 'utf8');
    expect(`${JSON.stringify(outcome)} ${evidence} ${stored} ${lines.join()}`).not.toContain('hush-hush');
    expect(outcome.entry.reason).toMatch(/^token for \*\*\*/);
  }
});

test('a reason is in the record as a code and as its sentence, and words of another program as they are', async () => {
  const { declaration } = counting('push');
  const coded = reasonOf('deploy.notReady', {
    version: 'hello-0001',
    cause: reasonOf('rollout.givenUp', { seconds: 60, phase: reasonOf('phase.loading') }),
  });
  await runStage(
    { ...declaration, run: async () => ({ verdict: 'fail', reason: coded, outputs: {}, evidence: [] }) },
    {},
    runtime,
  );
  const stored = (await readRecord(folder))?.stages.push;
  expect(stored?.reason).toBe('hello-0001 did not become ready: Given up after 60 s of starting the containers.');
  expect(stored?.coded).toEqual(coded);
  await runStage(
    { ...declaration, run: async () => ({ verdict: 'fail', reason: 'exit code 1', outputs: {}, evidence: [] }) },
    {},
    runtime,
  );
  expect((await readRecord(folder))?.stages.push).not.toHaveProperty('coded');
});

test('a record from before reasons had codes gets that of a policy, and keeps what stands', async () => {
  const mesh = counting('mesh', { policy: () => reasonOf('mesh.own', { gateway: 'an NGINX' }) });
  const push = counting('push');
  for (const { declaration } of [push, mesh]) await runStage(declaration, {}, runtime);
  const record = (await readRecord(folder))!;
  const { coded, ...before } = record.stages.mesh!;
  await writeRecord(folder, { ...record, stages: { ...record.stages, mesh: before } });
  for (const { declaration } of [push, mesh]) expect((await runStage(declaration, {}, runtime)).unchanged).toBe(true);
  expect((await readRecord(folder))?.stages).toEqual({ ...record.stages, mesh: { ...before, coded } });
});

test('a service that was removed has nothing in place, until it is deployed again', async () => {
  for (const name of ['push', 'deploy', 'mesh'] as const) await runStage(counting(name).declaration, {}, runtime);
  await writeRecord(folder, afterRemoval((await readRecord(folder))!, new Date('2026-01-02T03:04:05Z')));
  const removed = await readRecord(folder);
  expect(removed?.removedAt).toBe('2026-01-02T03:04:05.000Z');
  const { push, deploy, mesh } = removed!.stages;
  expect([push, deploy, mesh].map(entry => entry?.stale)).toEqual([undefined, true, true]);
  await runStage(counting('deploy').declaration, {}, runtime);
  expect((await readRecord(folder))?.removedAt).toBeUndefined();
});

test('the record says where its deploy went, and a new delivery has not gone anywhere', async () => {
  const stage = (name: StageName, outputs: Record<string, string>): Stage => ({
    ...counting(name, { material: () => outputs['name'] ?? '' }).declaration,
    run: async () => ({ verdict: 'pass', reason: 'done', outputs, evidence: [] }),
  });
  await runStage(stage('deploy', { environment: 'staging', cluster: 'uid' }), {}, runtime);
  expect(await readRecord(folder)).toMatchObject({ environment: 'staging', cluster: 'uid' });
  await runStage(stage('prepare', { name: 'hello' }), {}, runtime);
  expect((await readRecord(folder))?.environment).toBeUndefined();
  const { unchanged } = await runStage(stage('deploy', { environment: 'not run' }), {}, runtime);
  expect([unchanged, (await readRecord(folder))?.environment]).toEqual([true, 'staging']);
});
