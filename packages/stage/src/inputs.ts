/** Where an empty input is looked up: another stage's output in the delivery record, such as `build.image`. */
export type OutputReference = `${string}.${string}`;

interface Common {
  readonly description: string;
  readonly required?: boolean;
  /** Environment variable a runner reads when the input is empty, such as DOCKER_HOST. */
  readonly environment?: string;
  /** Outputs of earlier stages, the first that is present and not stale is taken when the input is empty. */
  readonly from?: readonly OutputReference[];
  /**
   * False for what does not change the stage's result (a credential, a timeout, where a tool lies):
   * it stays out of the content key, so that a change of it does not run the stage again. Default true.
   */
  readonly keyed?: boolean;
}

export type InputSpec = Common &
  (
    | { readonly type: 'string'; readonly default?: string }
    | { readonly type: 'number'; readonly default?: number }
    | { readonly type: 'boolean'; readonly default?: boolean }
    /** One value a line on GitHub, a repeated flag on the command line. */
    | { readonly type: 'list'; readonly default?: readonly string[] }
    /** Masked in every log, never stored, never part of a key. */
    | { readonly type: 'secret' }
  );

export type InputSpecs = Readonly<Record<string, InputSpec>>;

type Value<S extends InputSpec> = S['type'] extends 'number'
  ? number
  : S['type'] extends 'boolean'
    ? boolean
    : S['type'] extends 'list'
      ? readonly string[]
      : string;

/** The values of declared inputs; an input that was not given and has no default is `undefined`. */
export type InputValues<I extends InputSpecs> = {
  readonly [K in keyof I]: I[K] extends { required: true } | { default: unknown }
    ? Value<I[K]>
    : Value<I[K]> | undefined;
};

export interface OutputSpec {
  readonly description: string;
}

export type OutputSpecs = Readonly<Record<string, OutputSpec>>;

/** Outputs are strings, as on GitHub; numbers are written with String(). */
export type OutputValues<O extends OutputSpecs> = { readonly [K in keyof O]?: string };
