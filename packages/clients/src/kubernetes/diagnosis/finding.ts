/** What keeps a pod or a rollout from getting ready. */
export interface Diagnosis {
  /** What was seen and what to do, in one or two sentences. */
  readonly cause: string;
  /** True when waiting longer cannot help. */
  readonly final: boolean;
  /** The pod waits for its turn: the time that a start may take has not begun. */
  readonly queued?: boolean;
  /** Pod and container whose log tells more. */
  readonly logs?: { readonly pod: string; readonly container: string; readonly previous: boolean };
}

/** Waiting may help. */
export function passing(cause: string, logs?: Diagnosis['logs']): Diagnosis {
  return { cause, final: false, ...(logs ? { logs } : {}) };
}

/** Waiting cannot help. */
export function final(cause: string, logs?: Diagnosis['logs']): Diagnosis {
  return { cause, final: true, ...(logs ? { logs } : {}) };
}
