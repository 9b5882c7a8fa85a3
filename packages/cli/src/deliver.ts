import {
  type GivenInputs,
  type Promotion,
  type Runtime,
  type StageName,
  type StageOutcome,
  type StagePlan,
  imageStages,
  planStage,
  runStage,
  stageOrder,
  takePromoted,
} from '@fairway/stage';
import type { StageLoaders } from './stages.ts';

export interface DeliveryRange {
  readonly from: StageName;
  readonly to: StageName;
}

/** Tells the caller when a stage begins, so that its log can carry the stage's name. */
export type RuntimeFor = (stage: StageName) => Runtime;

/**
 * Runs the stages of a delivery in their order until one does not pass.
 * A failing scan is answered by `remediate`, which is followed by the scan again.
 * @param promotion the image of another environment, which is taken in place of a new one
 * @returns what each run came to, in order; `scan` stands twice when the image had to be fixed
 * @throws Interrupted when the run was stopped
 */
export async function deliver(
  range: DeliveryRange,
  given: GivenInputs,
  runtimeFor: RuntimeFor,
  report: (outcome: StageOutcome) => void,
  stages: StageLoaders,
  promotion?: Promotion,
): Promise<readonly StageOutcome[]> {
  const outcomes: StageOutcome[] = [];
  const run = async (name: StageName): Promise<StageOutcome> => {
    const taken = promotion && (await takePromoted(name, promotion, runtimeFor(name)));
    const outcome = taken ?? (await runStage(await stages[name](), given, runtimeFor(name)));
    outcomes.push(outcome);
    report(outcome);
    return outcome;
  };
  for (const name of stagesIn(range)) {
    const outcome = await run(name);
    if (passed(outcome)) {
      if (name === 'remediate' && scanFailed(outcomes) && !passed(await run('scan'))) break;
    } else if (!(
      name === 'scan' &&
      outcome.entry.verdict === 'fail' &&
      stagesIn(range).includes('remediate') &&
      found(outcome)
    )) {
      break;
    }
  }
  return outcomes;
}

/**
 * Says which stages would run and why, up to the first whose result the later ones wait for.
 * @param platform whether there is what the stages behind `prepare` ask
 */
export async function planDelivery(
  range: DeliveryRange,
  given: GivenInputs,
  runtimeFor: RuntimeFor,
  stages: StageLoaders,
  promotion?: Promotion,
  platform = true,
): Promise<readonly StagePlan[]> {
  const plans: StagePlan[] = [];
  for (const name of stagesIn(range)) {
    if (promotion && imageStages.includes(name)) {
      plans.push({ stage: name, runs: false, why: `delivered to ${promotion.from} as ${promotion.digest}` });
      continue;
    }
    const first = plans.find(plan => plan.runs);
    if (!first && !platform && name !== 'prepare') {
      plans.push({ stage: name, runs: null, why: 'not known: the local platform is not up' });
      continue;
    }
    plans.push(
      first
        ? { stage: name, runs: true, why: `it follows ${first.stage}, unless its content turns out the same` }
        : await planStage(await stages[name](), given, runtimeFor(name)),
    );
  }
  return plans;
}

/** Whether the whole range went through. */
export function delivered(range: DeliveryRange, outcomes: readonly StageOutcome[]): boolean {
  const last = outcomes.at(-1);
  return last !== undefined && last.stage === range.to && passed(last);
}

function stagesIn(range: DeliveryRange): readonly StageName[] {
  return stageOrder.slice(stageOrder.indexOf(range.from), stageOrder.indexOf(range.to) + 1);
}

function passed(outcome: StageOutcome): boolean {
  return outcome.entry.verdict === 'pass' || outcome.entry.verdict === 'skipped';
}

function scanFailed(outcomes: readonly StageOutcome[]): boolean {
  return outcomes.some(outcome => outcome.stage === 'scan' && outcome.entry.verdict === 'fail');
}

/** A scan that failed over its findings can be fixed; one that could not scan cannot. */
function found(outcome: StageOutcome): boolean {
  return Number(outcome.entry.outputs['blocking'] ?? 0) > 0;
}
