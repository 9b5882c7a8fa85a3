import { createHash } from 'node:crypto';
import { ToolError } from '@fairway/clients/tool-error';
import type { Comparison, Contender, RateRun } from '@fairway/stage/comparison/record';
import { highestRate } from './highest-rate.ts';
import type { RateRange } from './highest-rate.ts';
import { EngineMeasurement } from './measure.ts';
import type { MeasuredLoad } from './measure.ts';
import type { StartableEngine } from './running-engine.ts';

export interface ComparisonPlan extends Pick<Comparison, 'id' | 'machine' | 'model' | 'notes'> {
  readonly engines: readonly StartableEngine[];
  readonly load: MeasuredLoad;
  readonly rates: RateRange;
  /** Looks for the highest rate, each after a start of its own. */
  readonly repeats: number;
  /** A record that an interrupted run left: where it is of the same plan, what it holds is not measured again. */
  readonly earlier?: Comparison | undefined;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Called with what is known after each measurement of an engine, so that an end by force loses no more than one. */
  readonly save: (comparison: Comparison) => Promise<void>;
}

/** Part of the lowest rate that any engine held, which is sent to all. */
const commonPart = 0.8;
/** Rounds after the first at least: one figure has no range. */
const fewestLater = 2;
/** How often a rate is sent again for which the generator was too slow. */
const attempts = 2;
/** How far from the rate found first a later search begins. */
const nearby = 2 ** -0.5;

interface Progress {
  readonly engine: StartableEngine;
  readonly searches: Extract<Contender['result'], { outcome: 'measured' }>['searches'];
  readonly common: RateRun[];
  readonly highest: RateRun[];
  failure: string | undefined;
}

/** What an engine is started for. */
interface Turn {
  readonly search: boolean;
  readonly commonRate: number | undefined;
  readonly heldRate: number | undefined;
}

/**
 * Measures the engines in turn and in rounds, so that what changes on the machine meets all of them: in each of the first rounds the
 * highest rate at which the objectives hold, from the second on, before it, the load that all of them hold and the highest rate that the
 * engine held in the first. Every round starts the engine anew and sends prompts that it has not seen.
 */
export async function compareEngines(plan: ComparisonPlan): Promise<Comparison> {
  const { load, repeats, signal } = plan;
  const digest = planDigest(plan);
  const earlier = plan.earlier?.unfinished === digest ? plan.earlier : undefined;
  if (plan.earlier?.unfinished !== undefined) plan.say(lineOfEarlier(plan.earlier, earlier !== undefined));
  const startedAt = earlier?.startedAt ?? new Date().toISOString();
  const all = plan.engines.map((engine, at) => progressOf(engine, earlier?.contenders[at]?.result));
  let commonRate = earlier?.load.commonRate;
  const known = (unfinished?: string): Comparison => ({
    schemaVersion: 1,
    id: earlier?.id ?? plan.id,
    startedAt,
    finishedAt: new Date().toISOString(),
    ...(unfinished === undefined ? {} : { unfinished }),
    machine: plan.machine,
    model: plan.model,
    load: {
      promptTokens: load.promptTokens,
      outputTokens: load.outputTokens,
      commonRate,
      arrivals: 'poisson',
      cache: 'cold',
    },
    objectives: load.objectives,
    notes: plan.notes,
    contenders: all.map(contenderOf),
  });
  for (let round = 0; round < Math.max(repeats, 1 + fewestLater); round++) {
    if (round === 1 && commonRate === undefined) {
      const held = all.flatMap(one => one.searches[0]?.held ?? []);
      commonRate = held.length === 0 ? undefined : Number((commonPart * Math.min(...held)).toPrecision(3));
    }
    // the first of a round is another one each time
    for (const one of [...all.slice(round % all.length), ...all.slice(0, round % all.length)]) {
      const wanted: Turn = {
        search: round < repeats && one.searches.length <= round,
        commonRate: one.common.length < round ? commonRate : undefined,
        heldRate: one.highest.length < round ? one.searches.find(({ held }) => held)?.held : undefined,
      };
      if (one.failure !== undefined || !Object.values(wanted).some(Boolean)) continue;
      await turn(one, plan, wanted, () => plan.save(known(digest)));
      signal.throwIfAborted();
      // an engine that failed is named too
      if (one.failure !== undefined) await plan.save(known(digest));
    }
  }
  return known();
}

/** Of all that decides what is measured. */
function planDigest({ machine, model, notes, engines, load, rates, repeats }: ComparisonPlan): string {
  const started = engines.map(({ engine, mode, version, command, environment, from, weights }) => ({
    ...{ engine, mode, version, command, environment, from, weights },
  }));
  const what = JSON.stringify({ machine, model, notes, engines: started, load, rates, repeats });
  return `sha256:${createHash('sha256').update(what).digest('hex')}`;
}

function lineOfEarlier({ startedAt, contenders }: Comparison, same: boolean): string {
  if (!same) return `the record holds an interrupted comparison of something else (${startedAt}): starting anew`;
  const there = contenders.flatMap(({ result }) =>
    result.outcome === 'measured'
      ? [result.searches.length + result.common.length + (result.highest?.length ?? 0)]
      : [],
  );
  return `going on with the comparison that was interrupted (${startedAt}): measured so far: ${there.reduce((sum, one) => sum + one, 0)}`;
}

function progressOf(engine: StartableEngine, earlier: Contender['result'] | undefined): Progress {
  if (earlier?.outcome === 'did not run')
    return { engine, searches: [], common: [], highest: [], failure: earlier.reason };
  const { searches = [], common = [], highest = [] } = earlier ?? {};
  return { engine, searches, common, highest, failure: undefined };
}

async function turn(
  one: Progress,
  { load, rates, signal, say }: ComparisonPlan,
  { search, commonRate, heldRate }: Turn,
  save: () => Promise<void>,
): Promise<void> {
  const name = [one.engine.engine, one.engine.mode].filter(Boolean).join(', ');
  say(`${name}: starting`);
  try {
    const running = await one.engine.start(signal);
    try {
      say(`${name}: generates after ${running.startSeconds.toFixed(1)} s`);
      const measurement = await EngineMeasurement.open(running, one.engine.engine, load);
      for (const difference of await measurement.renamedMetrics()) say(`${name}: ${difference}`);
      const measure = async (rate: number, whole: boolean) => {
        const run = await measurement.run(rate, whole, signal);
        say(`${name}: ${lineOf(run)}`);
        return run;
      };
      if (commonRate !== undefined) {
        one.common.push(await measure(commonRate, true));
        await save();
      }
      if (heldRate !== undefined) {
        one.highest.push(await measure(heldRate, true));
        await save();
      }
      if (search) {
        const before = one.searches[0]?.held;
        const range = before === undefined ? rates : { ...rates, start: Number((before * nearby).toPrecision(3)) };
        const { runs, held, missed } = await highestRate(range, async rate => {
          let run = await measure(rate, false);
          // a late generator makes an engine look worse, so that a rate that was held was held, and one that was missed says nothing
          for (let again = 0; again < attempts && !run.held && run.generatorBottleneck; again++)
            run = await measure(rate, false);
          return { run, held: run.held };
        });
        one.searches.push({ startSeconds: running.startSeconds, runs: runs.map(({ run }) => run), held, missed });
        await save();
      }
    } finally {
      await running.stop();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ToolError)) throw error;
    one.failure = error.message;
    say(`${name}: ${error.message}`);
  }
}

function lineOf({
  rate,
  requests,
  errors,
  tokensPerSecond,
  timeToFirstToken,
  timePerOutputToken,
  goodput,
  held,
  generatorBottleneck,
}: RateRun) {
  return (
    `${rate}/s ${held ? 'held' : 'missed'}: ${requests} requests, ${errors} errors, ${tokensPerSecond.toFixed(0)} tokens/s, ` +
    `TTFT p95 ${timeToFirstToken?.p95.toFixed(0) ?? '-'} ms, TPOT p95 ${timePerOutputToken?.p95.toFixed(1) ?? '-'} ms, goodput ${goodput.toFixed(0)} %${generatorBottleneck ? ', the generator was too slow' : ''}`
  );
}

function contenderOf({ engine, searches, common, highest, failure }: Progress): Contender {
  const { mode, version, command, environment, from, weights } = engine;
  // an engine that was measured and failed later has no comparable figures
  return {
    engine: engine.engine,
    mode,
    version,
    command: [...command],
    environment,
    from,
    weights,
    result:
      failure === undefined
        ? { outcome: 'measured', searches, common, highest }
        : { outcome: 'did not run', reason: failure },
  };
}
