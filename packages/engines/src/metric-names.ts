import type { EngineName } from '@fairway/service/engine-names';
import { exposedMetrics } from './exposition.ts';
import { engineProfile } from './profile.ts';
import type { EngineMetrics } from './profile.ts';
import { isBefore } from './version-order.ts';

type Meaning = keyof EngineMetrics;

/** A name that an engine had for a metric before it renamed it. */
interface FormerName {
  readonly meaning: Meaning;
  readonly name: string;
  /** First version that has the name of the profile instead; for some versions both are there. */
  readonly until: string;
}

// vLLM's release notes and docs/design/metrics.md: the V1 engine split the time per token into inter-token latency and a mean by
// request, and took the word GPU out of the cache's name
const formerNames: Readonly<Partial<Record<EngineName, readonly FormerName[]>>> = {
  vllm: [
    { meaning: 'interTokenLatency', name: 'vllm:time_per_output_token_seconds', until: '0.11' },
    { meaning: 'kvCacheUsage', name: 'vllm:gpu_cache_usage_perc', until: '0.10' },
  ],
};

/** Every name that an engine has had for a metric, the newest first. */
export function formerNamesOf(engine: EngineName, name: string): readonly string[] {
  const { metrics } = engineProfile(engine);
  const former = (formerNames[engine] ?? []).filter(one => metrics[one.meaning] === name);
  return [name, ...former.map(one => one.name)];
}

/** The metrics of a version of an engine; of an unknown one, those of its newest that Fairway knows. */
export function metricsOfVersion(engine: EngineName, version: string | undefined): EngineMetrics {
  const { metrics } = engineProfile(engine);
  if (version === undefined) return metrics;
  const former = (formerNames[engine] ?? []).filter(one => isBefore(version, one.until));
  return { ...metrics, ...Object.fromEntries(former.map(one => [one.meaning, one.name])) };
}

export interface MetricNames {
  /** What can be read of this engine, by the names that it has. */
  readonly metrics: EngineMetrics;
  /** What differs from the names that Fairway knows, a sentence each. */
  readonly differences: readonly string[];
}

/**
 * The metrics by the names that a running engine has.
 * @param names of what it exposes, as Prometheus stores them; counters and histograms without an event may be absent from some engines
 */
export function metricsAmong(engine: EngineName, names: ReadonlySet<string>): MetricNames {
  const isThere = (name: string) => names.has(name) || names.has(`${name}_bucket`);
  const { metrics: known } = engineProfile(engine);
  const metrics: Partial<Record<Meaning, string>> = { ...known };
  const differences: string[] = [];
  for (const [meaning, name] of Object.entries(known) as [Meaning, string][]) {
    if (isThere(name)) continue;
    const former = (formerNames[engine] ?? []).find(one => one.meaning === meaning)?.name;
    if (former !== undefined && isThere(former)) {
      metrics[meaning] = former;
      differences.push(`${engine} names ${name} ${former}, as before it was renamed.`);
    } else differences.push(`${engine} has no metric ${name}; ${similar(name, names)}`);
  }
  return { metrics, differences };
}

/** @param text what an engine exposes, in Prometheus' text format */
export function liveMetrics(engine: EngineName, text: string): MetricNames {
  const declared = [...text.matchAll(/^# TYPE (\S+) (\w+)/gm)].flatMap(([, name = '', type]) =>
    // client libraries declare a counter without the suffix that its samples have, or it has none
    type === 'counter' ? [name, `${name}_total`] : [name],
  );
  return metricsAmong(engine, new Set([...declared, ...exposedMetrics(text).keys()]));
}

/** Names that share the most words with one that is missing: a metric that was renamed keeps most of them. */
function similar(name: string, declared: ReadonlySet<string>): string {
  const families = new Set([...declared].map(one => one.replace(/_(bucket|sum|count)$/, '')));
  const words = (of: string) => new Set(of.split(/[:_]/));
  const wanted = words(name);
  const common = (of: string) => [...words(of)].filter(word => wanted.has(word)).length;
  const [best] = [...families].filter(one => common(one) > 1).sort((a, b) => common(b) - common(a));
  return best === undefined
    ? 'nothing that it exposes has a similar name.'
    : `it may be ${best} now. Rules that use it see nothing until Fairway knows the new name.`;
}
