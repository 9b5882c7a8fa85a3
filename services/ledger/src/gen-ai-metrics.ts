import { Counter, Histogram, Registry } from 'prom-client';
import type { Usage } from './access-line.ts';
import { tenantClass } from './tenant-classes.ts';
import type { TenantClasses } from './tenant-classes.ts';

/**
 * As the semantic conventions for generative AI ask for, in their first release of their own.
 * Source: https://github.com/open-telemetry/semantic-conventions-genai/blob/v0.1.0/docs/gen-ai
 */
const buckets = {
  tokens: Array.from({ length: 14 }, (_, power) => 4 ** power),
  duration: Array.from({ length: 14 }, (_, power) => 2 ** power / 100),
  firstToken: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  outputToken: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
};

const labels = [
  ...['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'],
  ...['service_namespace', 'service_name', 'service_version', 'tenant_class'],
] as const;
type Labels = Readonly<Record<(typeof labels)[number], string>>;

const operations: Readonly<Record<string, string>> = {
  '/v1/chat/completions': 'chat',
  '/v1/responses': 'chat',
  '/v1/completions': 'text_completion',
  '/v1/embeddings': 'embeddings',
};
/** As the conventions write what is of none of the known values. */
const another = '_OTHER';

interface Options {
  readonly classes: TenantClasses;
  /** Requests that ended before are not counted: a log that is read again would count them twice. */
  readonly since: Date;
  /** Combinations of labels; what comes later is one of `_OTHER`, so that releases and models cannot fill the memory. */
  readonly most?: number;
}

/**
 * What the gateway's users asked of models, under OpenTelemetry's names for generative AI. The labels name service and version in words that no series
 * of an engine has, so that the two are not summed up. An answer from the response cache asked no model and is not counted.
 */
export class GenAiMetrics {
  readonly #options: Options;
  readonly #registry = new Registry();
  readonly #known = new Set<string>();
  readonly #tokens = {
    inference: { input: this.#tokensOf('inference', 'input'), output: this.#tokensOf('inference', 'output') },
    embeddings: { input: this.#tokensOf('embeddings', 'input') },
  };
  readonly #duration = this.#histogram(
    'gen_ai_server_request_duration_seconds',
    'Generative AI server request duration such as time-to-last byte or last output token.',
    buckets.duration,
    ['error_type'],
  );
  readonly #firstToken = this.#histogram(
    'gen_ai_server_time_to_first_token_seconds',
    'Time to generate first token for successful responses.',
    buckets.firstToken,
  );
  readonly #outputToken = this.#histogram(
    'gen_ai_server_time_per_output_token_seconds',
    'Time per output token generated after the first token for successful responses.',
    buckets.outputToken,
  );

  constructor(options: Options) {
    this.#options = options;
  }

  count(rows: readonly Usage[]): void {
    for (const row of rows) {
      if (row.cache === 'hit' || Date.parse(row.at) + row.duration_ms < this.#options.since.getTime()) continue;
      const of = this.#labelsOf(row);
      const failed = row.status >= 400 || row.status === 0;
      this.#duration.observe({ ...of, error_type: failed ? String(row.status) : '' }, row.duration_ms / 1000);
      if (!failed && row.ttft_ms !== null) this.#firstToken.observe(of, row.ttft_ms / 1000);
      // events are no tokens
      if (row.counted_by !== 'usage') continue;
      const output = row.completion_tokens ?? 0;
      if (!failed && row.ttft_ms !== null && output > 1)
        this.#outputToken.observe(of, (row.duration_ms - row.ttft_ms) / 1000 / (output - 1));
      if (of.gen_ai_operation_name === 'embeddings') this.#tokens.embeddings.input(of, row.prompt_tokens ?? 0);
      else {
        this.#tokens.inference.input(of, row.prompt_tokens ?? 0);
        this.#tokens.inference.output(of, output);
      }
    }
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** What was used in all, and how it spreads over requests. Nobody says which tokens are of text, and which of pictures. */
  #tokensOf(operation: 'inference' | 'embeddings', direction: 'input' | 'output') {
    const client = `gen_ai_client_${operation}`;
    const used = new Counter({
      name: `${client}_usage_${direction}_tokens_total`,
      help: `The number of ${direction} tokens used.`,
      labelNames: [...labels, 'gen_ai_token_modality'],
      registers: [this.#registry],
    });
    const each = this.#histogram(
      `${client}_operation_${direction}_tokens`,
      `The number of ${direction} tokens used per operation.`,
      buckets.tokens,
    );
    return (of: Labels, count: number) => {
      used.inc({ ...of, gen_ai_token_modality: 'unknown' }, count);
      each.observe(of, count);
    };
  }

  #histogram<More extends string = never>(name: string, help: string, bounds: number[], more: readonly More[] = []) {
    return new Histogram({
      name,
      help,
      buckets: bounds,
      labelNames: [...labels, ...more],
      registers: [this.#registry],
    });
  }

  #labelsOf(row: Usage): Labels {
    const of: Labels = {
      gen_ai_operation_name: operations[row.operation] ?? another,
      gen_ai_provider_name: 'fairway',
      gen_ai_request_model: row.model ?? '',
      service_namespace: row.namespace,
      service_name: row.service,
      service_version: row.version ?? '',
      tenant_class: tenantClass(this.#options.classes, row.subject),
    };
    const key = JSON.stringify(of);
    if (!this.#known.has(key)) {
      if (this.#known.size >= (this.#options.most ?? 300))
        return {
          ...(Object.fromEntries(labels.map(name => [name, another])) as Labels),
          gen_ai_provider_name: 'fairway',
        };
      this.#known.add(key);
    }
    return of;
  }
}
