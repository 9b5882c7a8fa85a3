import { stat } from 'node:fs/promises';
import { ConfigurationError, loadServiceFile, systemFault } from '@fairway/service';
import { english, errorReason, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { contentKey } from './content-key.ts';
import { evidenceDamage, evidencePath, writeEvidence } from './evidence.ts';
import type { GitFacts } from './git-facts.ts';
import { newRecord, readRecord, writeRecord } from './record-file.ts';
import type { DeliveryRecord, StageEntry } from './record.ts';
import { type GivenInputs, resolveInputs } from './resolve-inputs.ts';
import { saidReason } from './said-reason.ts';
import { secretMask } from './secret-mask.ts';
import type { Log, Rendering, Stage, StageContext, StageResult, WorkflowOrigin } from './stage.ts';
import { type StageName, stageOrder } from './verdict.ts';

/** What a runner brings to a stage: the GitHub runner, the terminal and the portal each make one. */
export interface Runtime {
  /** Absolute path of the service folder. */
  readonly folder: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  now(): Date;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How this runner's users name an input, for error texts. */
  inputName(input: string): string;
  /** Commit of the source, when it is known. */
  readonly commit?: string;
  readonly gitFacts?: GitFacts;
  /** Address of the run that people can open. */
  readonly run?: string;
  /** The workflow that runs the stages. */
  readonly origin?: WorkflowOrigin;
}

export interface StageOutcome {
  readonly stage: StageName;
  readonly entry: StageEntry;
  /** True when nothing ran because an earlier run with the same key still stands. */
  readonly unchanged: boolean;
  /** Why it ran, or why it did not have to. */
  readonly why: string;
  readonly milliseconds: number;
  readonly summary?: string;
  /** Set when the failure is a fault of Fairway itself: runners print its stack. */
  readonly fault?: Error;
}

/** The run was stopped by the user or the job was cancelled: the record holds what was finished before. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Whether a stage would run now, and why. Changes nothing. */
export interface StagePlan {
  readonly stage: StageName;
  /** Null where nobody knows. */
  readonly runs: boolean | null;
  readonly why: string;
}

/**
 * Runs one stage and writes what came of it to the delivery record; skips it when the same content already went through.
 * A user's mistake or an outside system's failure becomes the verdict `fail` with the error's text as reason.
 * @throws Interrupted when `runtime.signal` was aborted; the record is as before
 */
export async function runStage(stage: Stage, given: GivenInputs, runtime: Runtime): Promise<StageOutcome> {
  const started = runtime.now();
  const finish = (outcome: Omit<StageOutcome, 'stage' | 'milliseconds'>): StageOutcome => ({
    ...outcome,
    stage: stage.name,
    milliseconds: runtime.now().getTime() - started.getTime(),
  });
  let key = '';
  let masked = (text: string) => text;
  try {
    const policy = await stage.policy?.(runtime.folder, await settledEnvironment(stage, given, runtime));
    if (policy !== undefined) return finish(await skipped(stage, policy, runtime));
    const prepared = await prepare(stage, given, runtime);
    ({ key, masked } = prepared);
    if (prepared.standing) {
      const standing = { ...prepared.standing, stale: undefined };
      await update(runtime, record => withHead(withStanding(record, stage.name, standing), stage.name, standing));
      return finish({ entry: prepared.standing, unchanged: true, why: prepared.why });
    }
    const result: StageResult = await stage.run(prepared.inputs, prepared.context);
    runtime.signal.throwIfAborted();
    const entry: StageEntry = {
      verdict: result.verdict,
      ...saidReason(result.reason, masked),
      key,
      startedAt: started.toISOString(),
      finishedAt: runtime.now().toISOString(),
      outputs: definedOnly(result.outputs, masked),
      evidence: [...result.evidence],
    };
    await update(runtime, record => afterRun(record, stage.name, entry, runtime));
    return finish({ entry, unchanged: false, why: prepared.why, summary: result.summary && masked(result.summary) });
  } catch (error) {
    if (runtime.signal.aborted) throw new Interrupted(`${stage.name} was interrupted.`, { cause: error });
    const ofMachine = systemFault(error);
    const ours = ofMachine === undefined && !isExpected(error);
    const entry: StageEntry = {
      verdict: 'fail',
      ...saidReason(
        ours
          ? reasonOf('stage.fault', { words: (error as Error).message ?? String(error) })
          : (ofMachine ?? errorReason(error as Error)),
        masked,
      ),
      key,
      startedAt: started.toISOString(),
      finishedAt: runtime.now().toISOString(),
      outputs: {},
      evidence: [],
    };
    const at = (error as Partial<ConfigurationError>).at;
    runtime.log.annotate('error', entry.reason, at ? { ...at } : undefined);
    if (await recordCanTakeIt(runtime.folder))
      await update(runtime, record => afterRun(record, stage.name, entry, runtime));
    return finish({
      entry,
      unchanged: false,
      why: 'it failed',
      fault: ours ? (error instanceof Error ? error : new Error(String(error))) : undefined,
    });
  }
}

/** Says whether a stage would run, without running it. */
export async function planStage(stage: Stage, given: GivenInputs, runtime: Runtime): Promise<StagePlan> {
  const policy = await stage.policy?.(runtime.folder, await settledEnvironment(stage, given, runtime));
  if (policy !== undefined) return { stage: stage.name, runs: false, why: english(policy) };
  const prepared = await prepare(stage, given, runtime);
  return { stage: stage.name, runs: prepared.standing === undefined, why: prepared.why };
}

/**
 * The objects that a stage would apply; none of a stage that applies none or has nothing to do. Writes nothing, to the record neither.
 * @throws ConfigurationError or ToolError of the stage
 */
export async function renderStage(stage: Stage, given: GivenInputs, runtime: Runtime): Promise<Rendering> {
  const nothing = { objects: [], outputs: {}, notes: [] };
  const policy = await stage.policy?.(runtime.folder, await settledEnvironment(stage, given, runtime));
  if (policy !== undefined) return { ...nothing, notes: [english(policy)] };
  if (!stage.render) return nothing;
  const needed = Object.entries(stage.inputs).map(([name, spec]) =>
    stage.rendersWithout?.includes(name) ? [name, { ...spec, required: false }] : [name, spec],
  );
  const { inputs, context } = await begin({ ...stage, inputs: Object.fromEntries(needed) }, given, runtime);
  return stage.render(inputs, context);
}

/**
 * A record that cannot be read is what failed, or is in the way: it stays as it is for its owner to look at.
 * A folder that does not exist is not made for the sake of saying so.
 */
async function recordCanTakeIt(folder: string): Promise<boolean> {
  try {
    await readRecord(folder);
    return (await stat(folder)).isDirectory();
  } catch {
    return false;
  }
}

/** Known by name: the packages that throw them are no dependency of this one. */
const expected: ReadonlySet<string> = new Set(['ConfigurationError', 'ToolError', 'LayoutError']);

function isExpected(error: unknown): boolean {
  return error instanceof Error && expected.has(error.name);
}

/** The verdict of a stage that has nothing to do; the same one again leaves later stages as they are. */
async function skipped(
  stage: Stage,
  policy: Reason,
  runtime: Runtime,
): Promise<Omit<StageOutcome, 'stage' | 'milliseconds'>> {
  const said = saidReason(policy, text => text);
  const why = said.reason;
  const key = contentKey(stage.name, {}, {}, { policy: why });
  const before = (await readRecord(runtime.folder))?.stages[stage.name];
  const now = runtime.now().toISOString();
  const entry: StageEntry = {
    ...{ verdict: 'skipped', ...said, key, startedAt: now, finishedAt: now, outputs: {}, evidence: [] },
  };
  if (before?.key === key && before.verdict === 'skipped') {
    // an older Fairway wrote the sentence alone
    const standing = { ...before, ...said, stale: undefined };
    await update(runtime, record => withEntry(record, stage.name, standing));
    return { entry: standing, unchanged: true, why };
  }
  await update(runtime, record => afterRun(record, stage.name, entry, runtime));
  return { entry, unchanged: false, why };
}

async function prepare(stage: Stage, given: GivenInputs, runtime: Runtime) {
  const { record, inputs, masked, context } = await begin(stage, given, runtime);
  const key = contentKey(stage.name, stage.inputs, inputs, await stage.key(inputs, context));
  const { standing, why } = await standingEntry(stage, record, key, inputs, context);
  return { inputs, context, key, masked, standing, why };
}

async function begin(stage: Stage, given: GivenInputs, runtime: Runtime) {
  const record = await readRecord(runtime.folder);
  const environment = await settledEnvironment(stage, given, runtime);
  const settled = { ...(await environmentInputs(stage, runtime.folder, environment)), ...present(given) };
  const inputs = resolveInputs(stage.inputs, settled, record, runtime.environment, runtime.inputName);
  const masked = secretMask(stage.inputs, inputs);
  const context: StageContext = {
    clients: await stage.connect(inputs),
    log: runtime.log,
    signal: runtime.signal,
    now: runtime.now,
    folder: runtime.folder,
    environment,
    ...(runtime.run === undefined ? {} : { run: runtime.run }),
    ...(runtime.origin === undefined ? {} : { origin: runtime.origin }),
    record: record ?? newRecord(''),
    evidence: (name, mediaType, content) =>
      writeEvidence(
        runtime.folder,
        stage.name,
        name,
        mediaType,
        typeof content === 'string' ? masked(content) : content,
      ),
    evidencePath: evidence => evidencePath(runtime.folder, evidence),
  };
  return { record, inputs, masked, context };
}

/** The environment that is delivered to, as it was given or as the runner's environment has it. */
export function environmentOf(given: GivenInputs, runtime: Pick<Runtime, 'environment'>): string | undefined {
  const name = given['environment'] ?? '';
  return (typeof name === 'string' && name) || runtime.environment['FAIRWAY_ENVIRONMENT'] || undefined;
}

/** What follows a deployment is about the environment that it went to. */
async function settledEnvironment(stage: Stage, given: GivenInputs, runtime: Runtime): Promise<string | undefined> {
  const named = environmentOf(given, runtime);
  if (named !== undefined || stageOrder.indexOf(stage.name) <= stageOrder.indexOf('deploy')) return named;
  return (await readRecord(runtime.folder))?.environment;
}

function present(given: GivenInputs): GivenInputs {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value.length > 0));
}

/** Inputs that the file of the environment has; what is given to a run wins over them. */
async function environmentInputs(stage: Stage, folder: string, environment: string | undefined): Promise<GivenInputs> {
  if (environment === undefined) return {};
  const { inputs, place } = await loadServiceFile(folder, environment);
  const secret = Object.keys(inputs).find(name => stage.inputs[name]?.type === 'secret');
  if (secret !== undefined)
    throw new ConfigurationError(reasonOf('input.inFile', { input: secret }), place('inputs', secret));
  return inputs;
}

/** The entry of an earlier run that makes a new one needless, and why it does or does not. */
async function standingEntry(
  stage: Stage,
  record: DeliveryRecord | undefined,
  key: string,
  inputs: Parameters<Stage['run']>[0],
  context: StageContext,
): Promise<{ standing?: StageEntry; why: string }> {
  const entry = record?.stages[stage.name];
  if (!entry) return { why: 'it has not run yet' };
  if (entry.verdict === 'fail' || entry.verdict === 'inconclusive')
    return { why: `its last verdict was ${entry.verdict}` };
  if (entry.key !== key) return { why: 'its inputs changed' };
  const damage = await evidenceDamage(context.folder, entry.evidence);
  if (damage) return { why: `its evidence is not intact: ${english(damage)}` };
  const lost = await stage.lost?.(inputs, entry.outputs, context);
  if (lost) return { why: lost };
  return { standing: entry, why: `unchanged since ${entry.finishedAt} (key ${key.slice(7, 19)})` };
}

async function update(runtime: Runtime, change: (record: DeliveryRecord) => DeliveryRecord): Promise<void> {
  await writeRecord(runtime.folder, change((await readRecord(runtime.folder)) ?? newRecord('')));
}

function withEntry(record: DeliveryRecord, name: StageName, entry: StageEntry): DeliveryRecord {
  return { ...record, stages: { ...record.stages, [name]: entry } };
}

/** The record after a stage did not have to run. The fix of a build that stands does too: the scan looks at the fixed image then, not at both again. */
function withStanding(record: DeliveryRecord, name: StageName, entry: StageEntry): DeliveryRecord {
  const next = withEntry(record, name, entry);
  const fix = next.stages.remediate;
  if (name !== 'build' || !fix || fix.outputs['from'] !== entry.outputs['digest']) return next;
  return withEntry(next, 'remediate', { ...fix, stale: undefined });
}

/** The record after a stage ran: what later stages made of the old content is stale, and the head fields follow the outputs. */
function afterRun(
  record: DeliveryRecord,
  name: StageName,
  entry: StageEntry,
  { commit, gitFacts, run }: Pick<Runtime, 'commit' | 'gitFacts' | 'run'>,
): DeliveryRecord {
  const stages = { ...record.stages };
  // A scan judges what `remediate` made, so it leaves it standing.
  const firstStale = stageOrder.indexOf(name === 'scan' ? 'remediate' : name) + 1;
  for (const later of stageOrder.slice(firstStale)) {
    const standing = stages[later];
    if (standing) stages[later] = { ...standing, stale: true };
  }
  stages[name] = entry;
  const next = { ...record, stages };
  if (name === 'prepare' && entry.verdict === 'pass') {
    return {
      ...next,
      id: newRecord('').id,
      service: { name: entry.outputs['name'] ?? record.service.name },
      source: { commit, ...gitFacts, digest: entry.outputs['source-digest'] },
      run,
      // where it goes is said by its own deploy
      environment: undefined,
      cluster: undefined,
      promotedFrom: record.source.digest === entry.outputs['source-digest'] ? record.promotedFrom : undefined,
    };
  }
  return withHead(next, name, entry);
}

/** Stages whose output is the image, made or left as it is. */
const imageMakers: ReadonlySet<StageName> = new Set(['build', 'remediate', 'optimize', 'push']);

/** The image and the place of the delivery, as its stages say, also when these stand from an earlier delivery. */
function withHead(record: DeliveryRecord, name: StageName, { verdict, outputs }: StageEntry): DeliveryRecord {
  const { digest, reference } = outputs;
  if (imageMakers.has(name) && verdict !== 'fail' && digest) return { ...record, image: { reference, digest } };
  if (name !== 'deploy' || verdict !== 'pass') return record;
  const { environment, cluster } = outputs;
  const there = record.environment;
  // the record of another environment goes on where no `prepare` began a new one, as in another job
  const promoted = there !== undefined && there !== environment ? { id: newRecord('').id, promotedFrom: there } : {};
  return { ...record, ...promoted, environment, cluster, removedAt: undefined };
}

function definedOnly(
  outputs: Readonly<Record<string, string | undefined>>,
  masked: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) => (value === undefined ? [] : [[name, masked(value)]])),
  );
}
