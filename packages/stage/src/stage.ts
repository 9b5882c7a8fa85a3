import type { Reason } from '@fairway/service/reasons/delivery-reason';
import type { DeliveryRecord, Evidence } from './record.ts';
import type { InputSpecs, InputValues, OutputSpecs, OutputValues } from './inputs.ts';
import type { StageName, Verdict } from './verdict.ts';

/** How a stage talks while it works. Nothing a stage logs may hold a secret; runners mask the declared ones besides. */
export interface Log {
  info(message: string): void;
  warning(message: string): void;
  /** A point of the user's own files: an annotation on GitHub, a line with file:line:column in a terminal. */
  annotate(
    level: 'error' | 'warning' | 'notice',
    message: string,
    at?: { file: string; line?: number; column?: number },
  ): void;
  /** Progress of long work: the newest text replaces the last one on a terminal. */
  progress(message: string): void;
}

/** Whose workflow runs the stage, as GitHub's runner says it: no step of a job can change these variables. */
export interface WorkflowOrigin {
  /** Address of the repository, such as https://github.com/team/service. */
  readonly repository: string;
  /** Such as refs/heads/main. */
  readonly ref: string;
  readonly commit: string;
  /** Address of the workflow that was started, and behind @ its ref. */
  readonly workflow?: string;
}

export interface StageContext<Clients = unknown> {
  readonly clients: Clients;
  readonly log: Log;
  /** Aborted on Ctrl-C and on a cancelled job: pass it on to whatever waits. */
  readonly signal: AbortSignal;
  now(): Date;
  /** The service folder: absolute path of the folder that holds fairway.yaml. */
  readonly folder: string;
  /** Environment that is delivered to; undefined where none is named. */
  readonly environment: string | undefined;
  /** Address of the run of the delivery, for people; absent on a command line. */
  readonly run?: string;
  /** Absent on a command line. */
  readonly origin?: WorkflowOrigin;
  /** The delivery so far. Stages read it; only the runner writes it. */
  readonly record: DeliveryRecord;
  /** Writes `content` to `.fairway/evidence/<stage>/<name>` and gives the reference to return. */
  evidence(name: string, mediaType: string, content: string | Uint8Array): Promise<Evidence>;
  /** Absolute path of a piece of evidence that this or an earlier stage wrote. */
  evidencePath(evidence: Evidence): string;
}

export interface StageResult<O extends OutputSpecs = OutputSpecs> {
  readonly verdict: Verdict;
  /** One sentence a person can act on: a code, from which each reader has it in their language, or words of another program. */
  readonly reason: Reason | string;
  readonly outputs: OutputValues<O>;
  readonly evidence: readonly Evidence[];
  /** Markdown for the job summary, below the verdict. */
  readonly summary?: string;
}

/** An object as the cluster gets it. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What a stage would apply. */
export interface Rendering<O extends OutputSpecs = OutputSpecs> {
  /** In the order in which they are applied; no Secret is among them. */
  readonly objects: readonly RenderedObject[];
  /** Outputs that later stages need to render. */
  readonly outputs: OutputValues<O>;
  /** Versions of the service that stay in the cluster; absent where the stage does not decide it. */
  readonly versions?: readonly string[];
  /** What the objects do without, each as a sentence. */
  readonly notes: readonly string[];
}

export interface Stage<
  I extends InputSpecs = InputSpecs,
  O extends OutputSpecs = OutputSpecs,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  Clients = any,
> {
  readonly name: StageName;
  /** What the action does, in one sentence: `description` of action.yml. */
  readonly description: string;
  /** Feather icon of the Marketplace page. */
  readonly icon: string;
  readonly inputs: I;
  readonly outputs: O;
  /**
   * Why fairway.yaml says that there is nothing to do here, and what stands in its place; asked before the inputs, which are
   * then not needed.
   */
  policy?(folder: string, environment: string | undefined): Promise<Reason | undefined>;
  /** The outside systems the stage talks to, made from its inputs. Heavy clients are imported here, dynamically. */
  connect(inputs: InputValues<I>): Promise<Clients> | Clients;
  /**
   * What besides the keyed inputs decides the result: digests of sources, of an image, of a vulnerability database.
   * The runner hashes it with the inputs; the same key and intact evidence skip the stage.
   */
  key(inputs: InputValues<I>, context: StageContext<Clients>): Promise<Readonly<Record<string, string>>>;
  /**
   * Looks whether what an earlier run of this stage made still stands (the image is in the engine, the objects are in
   * the cluster). Answers why not, as half a sentence ("the image … is gone"), or undefined when all is as recorded.
   */
  lost?(inputs: InputValues<I>, outputs: OutputValues<O>, context: StageContext<Clients>): Promise<string | undefined>;
  /**
   * The objects that `run` applies, made by the same code, for whoever has them applied by somebody else. Reads the cluster and changes nothing.
   * @throws ConfigurationError where `run` would apply nothing
   */
  render?(inputs: InputValues<I>, context: StageContext<Clients>): Promise<Rendering<O>>;
  /** Required inputs that `render` does without. */
  readonly rendersWithout?: readonly (keyof I)[];
  run(inputs: InputValues<I>, context: StageContext<Clients>): Promise<StageResult<O>>;
}

/** Declares a stage once: action.yml, the README table, the command line and the runners are derived from it. */
export function defineStage<const I extends InputSpecs, const O extends OutputSpecs, Clients>(
  stage: Stage<I, O, Clients>,
): Stage<I, O, Clients> {
  return stage;
}
