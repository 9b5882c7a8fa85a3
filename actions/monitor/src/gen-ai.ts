import type { EngineProfile } from '@fairway/engines';
import { jobName } from '@fairway/indicators';
import type { ClusterSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { RecordingTest } from './indicators.ts';

interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface GenAi {
  readonly recordings: readonly Recording[];
  /** What of the convention's metrics this service has not, one sentence each. */
  readonly limitations: readonly string[];
  readonly tests: readonly RecordingTest[];
}

const histograms = [
  { name: 'gen_ai_server_time_to_first_token_seconds', metric: 'timeToFirstToken' },
  { name: 'gen_ai_server_request_duration_seconds', metric: 'requestDuration' },
] as const;

/** What an engine may count, by its name for it. */
export const tokens = [
  { type: 'input', metric: 'promptTokens' },
  { type: 'output', metric: 'generatedTokens' },
] as const;

/** Tokens of prompts or of answers, counted by the engine. */
export function tokenRecord(type: 'input' | 'output'): string {
  return `gen_ai_client_inference_usage_${type}_tokens_total`;
}

/**
 * The engine's metrics under the names of OpenTelemetry's semantic conventions for generative AI, as its Prometheus exporters write them
 * (`gen_ai.server.time_to_first_token` in seconds becomes `gen_ai_server_time_to_first_token_seconds`), so that one dashboard serves every engine. A series
 * stays one for each pod, since the sum of counters that begin anew is no counter. Labels are the service's own and those of its pods: their number
 * is bounded by what runs, and no client can add to it; who asked is in the logs and the ledger, not here. The convention's time per output token is left out:
 * what engines publish as inter-token latency is another quantity.
 */
export function genAi(service: Service, profile: EngineProfile, series: ClusterSeries): GenAi {
  const labels = {
    ...series.labels,
    gen_ai_request_model: service.model.name,
    service: service.name,
    namespace: service.namespace,
  };
  const job = `job="${jobName(service)}"`;
  const recordings: Recording[] = [];
  const tests: RecordingTest[] = [];
  const missing: string[] = [];
  const add = (metric: string, suffix: string, record: string, by: string, more: Readonly<Record<string, string>>) => {
    recordings.push({
      record,
      expr: `sum by (${by}) (${series.of(`${metric}${suffix}`, job)})`,
      labels: { ...labels, ...more },
    });
    const pod = { revision: '1a2b3c4d', pod: 'p', ...(by.includes('le') ? { le: '1' } : {}) };
    const matcher = Object.entries({ job: jobName(service), ...pod }).map(([name, value]) => `${name}="${value}"`);
    tests.push({
      series: { series: series.sample(`${metric}${suffix}`, matcher.join(',')), values: '0+60x360' },
      record,
      labels: { ...labels, ...more, ...pod },
      value: 21_600,
    });
  };
  for (const { name, metric } of histograms) {
    const engine = profile.metrics[metric];
    if (!engine) missing.push(name);
    else
      for (const suffix of ['_bucket', '_sum', '_count'])
        add(engine, suffix, `${name}${suffix}`, suffix === '_bucket' ? 'le, revision, pod' : 'revision, pod', {});
  }
  for (const { type, metric } of tokens) {
    const engine = profile.metrics[metric];
    const name = tokenRecord(type);
    if (!engine) missing.push(name);
    else
      add(engine, engine.endsWith('_total') ? '' : '_sum', name, 'revision, pod', {
        // no engine counts tokens of text and of pictures apart
        gen_ai_token_modality: 'unknown',
      });
  }
  return {
    recordings,
    tests,
    limitations:
      missing.length > 0 ? [`${profile.name} has no metric for ${missing.join(', ')}, so they are not recorded.`] : [],
  };
}
