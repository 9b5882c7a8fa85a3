import { resolve } from 'node:path';
import {
  type GivenInputs,
  type Log,
  type Runtime,
  type StageName,
  type StageOutcome,
  type StagePlan,
  environmentOf,
  Interrupted,
  readPromotion,
} from '@fairway/stage';
import { gitFacts } from '@fairway/stage/git-facts';
import { openTerminal, outcomeTable } from '@fairway/stage/terminal';
import { type DeliverArguments, deliverArguments } from './arguments.ts';
import { deliver, delivered, planDelivery } from './deliver.ts';
import { lockDelivery } from './delivery-lock.ts';
import { environmentFile } from './environment-file.ts';
import { gitlabJob } from './gitlab-job.ts';
import { localInputs, runningInputs } from './local-inputs.ts';
import { PortalReport } from './portal-report.ts';
import { sourceCommit } from './source-commit.ts';
import { loadStage } from './stages.ts';
import { toldPortal } from './told-portal.ts';
import { notAsked, withoutPlatform } from './without-platform.ts';

export async function deliverCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const options = await deliverArguments(argv, process.env);
  const { exitCode, outcomes, plans, unasked } = await runDelivery(options, signal);
  const stages = plans ?? outcomes.map(outcomeJson);
  const result = { folder: resolve(options.folder), exitCode, stages, notAsked: unasked };
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  return exitCode;
}

/** Delivers one service with its progress on standard error. */
export async function runDelivery(
  options: DeliverArguments,
  signal: AbortSignal,
): Promise<{
  exitCode: number;
  outcomes: readonly StageOutcome[];
  plans?: readonly StagePlan[];
  /** What `prepare` did without, because the local platform is not up. */
  unasked?: readonly string[];
}> {
  const folder = resolve(options.folder);
  const environment = environmentOf(options.inputs, { environment: process.env });
  // A mistake in fairway.yaml is told before anything is brought up.
  const { inputs: ofEnvironment } = await environmentFile(folder, environment);
  const terminal = openTerminal(process.stderr);
  const given = { ...ofEnvironment, ...options.inputs };
  const log = terminal.log('platform');
  const found = await inputsFor(options, given, signal, log);
  const inputs = found ?? withoutPlatform(options.inputs);
  const unasked = found ? undefined : options.from === 'prepare' ? notAsked(given) : [];
  if (unasked)
    log.warning(
      `it is not up, and this does not start it${unasked.length > 0 ? `. Not asked: ${unasked.join('; ')}` : ''}. \`fairway platform up\` starts it.`,
    );
  const job = gitlabJob(folder, process.env);
  const commit = (await sourceCommit(folder)) ?? job.commit;
  const facts = (await gitFacts(folder, commit)) ?? job.facts;
  const runtimeFor = (stage: StageName): Runtime => ({
    folder,
    log: terminal.log(stage),
    signal,
    now: () => new Date(),
    environment: process.env,
    inputName: input => `--${input}`,
    commit,
    gitFacts: facts,
    run: job.run,
  });
  const promotion = await readPromotion(folder, environment, signal);
  if (options.dryRun) {
    const plans = await planDelivery(options, inputs, runtimeFor, loadStage, promotion, found !== undefined);
    for (const plan of plans) {
      const mark = plan.runs === null ? '?   ' : plan.runs ? 'run ' : 'skip';
      terminal.line(`${mark}  ${plan.stage.padEnd(10)}  ${plan.why}`);
    }
    return { exitCode: 0, outcomes: [], plans, unasked };
  }
  const portal = await toldPortal(process.env);
  const report = portal && new PortalReport(portal, folder, terminal.log('portal').warning);
  const ended = (outcome: StageOutcome) => {
    terminal.outcome(outcome);
    report?.update();
  };
  const unlock = await lockDelivery(folder);
  try {
    const outcomes = await deliver(options, inputs, runtimeFor, ended, loadStage, promotion);
    terminal.line(`\n${outcomeTable(outcomes)}`);
    if (delivered(options, outcomes)) return { exitCode: 0, outcomes, unasked };
    return { exitCode: outcomes.at(-1)?.entry.verdict === 'inconclusive' ? 3 : 1, outcomes, unasked };
  } catch (error) {
    if (error instanceof Interrupted) {
      terminal.line(`${error.message} What was finished is kept; the same command goes on from there.`);
      return { exitCode: 130, outcomes: [] };
    }
    throw error;
  } finally {
    await report?.end();
    terminal.clear();
    await unlock();
  }
}

/**
 * The inputs of the cluster that was named, or of the local platform. A dry run and `prepare` alone are not worth starting one: undefined
 * where it is not up.
 */
async function inputsFor(
  { inputs, dryRun, to }: DeliverArguments,
  given: GivenInputs,
  signal: AbortSignal,
  log: Log,
): Promise<GivenInputs | undefined> {
  if (given['context']) return inputs;
  return dryRun || to === 'prepare' ? runningInputs(given) : localInputs(given, signal, log);
}

function outcomeJson({ stage, entry, unchanged, why, milliseconds }: StageOutcome) {
  return {
    stage,
    verdict: unchanged ? 'skipped' : entry.verdict,
    reason: entry.reason,
    why,
    seconds: milliseconds / 1000,
    outputs: entry.outputs,
  };
}
