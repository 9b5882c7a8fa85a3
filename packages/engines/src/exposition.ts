/**
 * What engines expose as metrics, in Prometheus' text format (version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
export interface ExposedMetric {
  readonly type: string;
  /** Edges of a histogram as they are written; empty for other types. */
  readonly edges: readonly string[];
}

/** Families by name. A counter's name is the one of its samples, with `_total`, as queries name it. */
export function exposedMetrics(text: string): ReadonlyMap<string, ExposedMetric> {
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\w+)/gm)].map(([, name = '', type = '']) => [name, type]));
  const found = new Map<string, { type: string; edges: string[] }>();
  for (const { name, labels } of samplesOf(text)) {
    const histogram = name.replace(/_(bucket|sum|count)$/, '');
    const family = types.get(histogram) === 'histogram' ? histogram : name;
    // client libraries of several versions declare a counter with or without its suffix
    const type = types.get(family) ?? types.get(name.replace(/_total$/, '')) ?? 'untyped';
    const metric = found.get(family) ?? { type, edges: [] };
    found.set(family, metric);
    const edge = name.endsWith('_bucket') ? /\ble="([^"]+)"/.exec(labels)?.[1] : undefined;
    if (edge !== undefined && !metric.edges.includes(edge)) metric.edges.push(edge);
  }
  return found;
}

export interface HistogramTotal {
  readonly count: number;
  readonly sum: number;
}

/** Events of a histogram and their sum, over all of its series; undefined when it is not there. */
export function histogramTotals(text: string, name: string): HistogramTotal | undefined {
  let found = false;
  const total = { count: 0, sum: 0 };
  for (const sample of samplesOf(text)) {
    if (sample.name === `${name}_count`) total.count += sample.value;
    else if (sample.name === `${name}_sum`) total.sum += sample.value;
    else continue;
    found = true;
  }
  return found ? total : undefined;
}

/** The sum of a gauge over all of its series; undefined when it is not there. */
export function gaugeTotal(text: string, name: string): number | undefined {
  const values = [...samplesOf(text)].filter(sample => sample.name === name).map(({ value }) => value);
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) : undefined;
}

function* samplesOf(text: string) {
  for (const [, name = '', labels = '', value] of text.matchAll(/^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)/gm)) {
    // when a series began is no metric
    if (!name.endsWith('_created')) yield { name, labels, value: Number(value) };
  }
}
