import { Histogram, Registry } from 'prom-client';
import type { Usage } from './access-line.ts';
import { tenantClass } from './tenant-classes.ts';
import type { TenantClasses } from './tenant-classes.ts';

/** As the semantic conventions ask for. */
const buckets = {
  tokens: Array.from({ length: 14 }, (_, power) => 4 ** power),
  duration: Array.from({ length: 14 }, (_, power) => 2 ** power / 100),
  firstToken: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
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
  readonly #tokens = this.#histogram(
    'gen_ai_client_token_usage',
    'Number of input and output tokens used.',
    buckets.tokens,
    ['gen_ai_token_type'],
  );
  readonly #duration = this.#histogram(
    'gen_ai_client_operation_duration_seconds',
    'GenAI operation duration.',
    buckets.duration,
    ['error_type'],
  );
  readonly #firstToken = this.#histogram(
    'gen_ai_server_time_to_first_token_seconds',
    'Time to generate first token for successful responses.',
    buckets.firstToken,
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
      this.#tokens.observe({ ...of, gen_ai_token_type: 'input' }, row.prompt_tokens ?? 0);
      this.#tokens.observe({ ...of, gen_ai_token_type: 'output' }, row.completion_tokens ?? 0);
    }
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
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
