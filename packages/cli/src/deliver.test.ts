import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stage, type StageName, type Verdict, defineStage, stageOrder } from '@fairway/stage';
import { silentRuntime } from '@fairway/stage/testing/silent-runtime';
import { deliver, delivered, planDelivery } from './deliver.ts';
import type { StageLoaders } from './stages.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-deliver-'));
});
afterEach(() => rm(folder, { recursive: true }));

const whole = { from: 'prepare', to: 'release' } as const;

const runtimeFor = () => silentRuntime(folder);

/** Stages whose verdicts are scripted, one a run; a stage without a script passes. */
function scripted(
  script: Partial<Record<StageName, { verdict: Verdict; outputs?: Record<string, string> }[]>>,
): StageLoaders {
  const stage = (name: StageName): Stage =>
    defineStage({
      name,
      description: name,
      icon: 'box',
      inputs: {},
      outputs: { blocking: { description: '' } },
      connect: () => undefined,
      key: async () => ({}),
      run: async () => {
        const { verdict, outputs } = script[name]?.shift() ?? { verdict: 'pass' as const };
        return { verdict, reason: name, outputs: outputs ?? {}, evidence: [] };
      },
    });
  return Object.fromEntries(stageOrder.map(name => [name, async () => stage(name)])) as unknown as StageLoaders;
}

async function run(stages: StageLoaders, range: { from: StageName; to: StageName } = whole) {
  const outcomes = await deliver(range, {}, runtimeFor, () => {}, stages);
  return {
    delivered: delivered(range, outcomes),
    ran: outcomes.map(({ stage, entry }) => `${stage} ${entry.verdict}`),
  };
}

describe('deliver', () => {
  it('runs the eleven stages in their order', async () => {
    const result = await run(scripted({}));
    expect(result).toEqual({ delivered: true, ran: stageOrder.map(stage => `${stage} pass`) });
  });

  it('answers findings with remediate and scans again before it goes on', async () => {
    const result = await run(scripted({ scan: [{ verdict: 'fail', outputs: { blocking: '3' } }] }));
    expect(result.delivered).toBe(true);
    expect(result.ran.slice(2, 6)).toEqual(['scan fail', 'remediate pass', 'scan pass', 'optimize pass']);
  });

  it.each([
    [
      'a scan that could not scan',
      { scan: [{ verdict: 'fail' as const }] },
      ['prepare pass', 'build pass', 'scan fail'],
    ],
    [
      'findings that are still there after the fix',
      { scan: Array.from({ length: 2 }, () => ({ verdict: 'fail' as const, outputs: { blocking: '3' } })) },
      ['prepare pass', 'build pass', 'scan fail', 'remediate pass', 'scan fail'],
    ],
    [
      'a fix without progress',
      { scan: [{ verdict: 'fail' as const, outputs: { blocking: '3' } }], remediate: [{ verdict: 'fail' as const }] },
      ['prepare pass', 'build pass', 'scan fail', 'remediate fail'],
    ],
    [
      'an inconclusive stage',
      { build: [{ verdict: 'inconclusive' as const }] },
      ['prepare pass', 'build inconclusive'],
    ],
  ])('stops at %s', async (_case, script, ran) => {
    expect(await run(scripted(script))).toEqual({ delivered: false, ran });
  });

  it('runs only the stages asked for', async () => {
    const result = await run(scripted({}), { from: 'push', to: 'deploy' });
    expect(result).toEqual({ delivered: true, ran: ['push pass', 'deploy pass'] });
  });
});

describe('planDelivery', () => {
  it('says what would run, and changes nothing', async () => {
    await run(scripted({}), { from: 'prepare', to: 'build' });
    const plans = await planDelivery({ from: 'prepare', to: 'optimize' }, {}, runtimeFor, scripted({}));
    expect(plans.map(plan => `${plan.runs ? 'run' : 'skip'} ${plan.stage}`)).toEqual([
      'skip prepare',
      'skip build',
      'run scan',
      'run remediate',
      'run optimize',
    ]);
    expect(plans[3]?.why).toContain('follows scan');
  });

  it('claims nothing of stages that ask a platform which is not up', async () => {
    const range = { from: 'prepare', to: 'scan' } as const;
    const planned = () => planDelivery(range, {}, runtimeFor, scripted({}), undefined, false);
    // what follows a stage that runs is known without a question
    expect((await planned()).map(({ runs }) => runs)).toEqual([true, true, true]);
    await deliver({ from: 'prepare', to: 'prepare' }, {}, runtimeFor, () => {}, scripted({}));
    const unknown = { runs: null, why: 'not known: the local platform is not up' };
    expect(await planned()).toMatchObject([{ runs: false }, unknown, unknown]);
  });
});
