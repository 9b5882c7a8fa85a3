import { stringify } from 'yaml';
import { engineProfiles, formerNamesOf } from '@fairway/engines';
import { podMetrics } from './pod-metrics.ts';
import { scalingMetrics } from './scale-measures.ts';

/**
 * Rules with which prometheus-adapter serves these metrics, for every engine and service: `rules` of its config.yaml, or `rules.custom` of its chart.
 * It looks for the names in Prometheus and puts the pods that are asked for into the query (docs/config.md of kubernetes-sigs/prometheus-adapter).
 */
export function adapterRules(): string {
  const rules = scalingMetrics.map(metric => {
    const series = engineProfiles.flatMap(({ name, metrics }) => {
      const current = metrics[metric];
      return current ? formerNamesOf(name, current) : [];
    });
    // a pod may be scraped by others too
    const matchers = `__name__=~"${series.toSorted().join('|')}",job=~"fairway/.+"`;
    // an engine in several parts has a number for each, and one that is renaming a metric has it twice
    const sum = metric === 'kvCacheUsage' ? 'avg' : 'sum';
    return {
      seriesQuery: `{${matchers},namespace!="",pod!=""}`,
      resources: { overrides: { namespace: { resource: 'namespace' }, pod: { resource: 'pod' } } },
      name: { as: podMetrics[metric] },
      metricsQuery: `${sum} by (<<.GroupBy>>) ({${matchers},<<.LabelMatchers>>})`,
    };
  });
  return stringify({ rules }, { lineWidth: 0 });
}
