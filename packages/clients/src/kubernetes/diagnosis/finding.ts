import { english, type Reason } from '@fairway/service/reasons/delivery-reason';

/** What keeps a pod or a rollout from getting ready. */
export interface Diagnosis {
  /** What was seen and what to do, in one or two sentences. */
  readonly cause: string;
  /** The same for readers of other languages. */
  readonly coded: Reason;
  /** True when waiting longer cannot help. */
  readonly final: boolean;
  /** The pod waits for its turn: the time that a start may take has not begun. */
  readonly queued?: boolean;
  /** Pod and container whose log tells more. */
  readonly logs?: { readonly pod: string; readonly container: string; readonly previous: boolean };
}

/** Waiting may help. */
export function passing(coded: Reason, logs?: Diagnosis['logs']): Diagnosis {
  return { cause: english(coded), coded, final: false, ...(logs ? { logs } : {}) };
}

/** Waiting cannot help. */
export function final(coded: Reason, logs?: Diagnosis['logs']): Diagnosis {
  return { ...passing(coded, logs), final: true };
}
