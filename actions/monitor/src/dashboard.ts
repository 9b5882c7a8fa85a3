import { createHash } from 'node:crypto';
import { DashboardBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { EngineProfile } from '@fairway/engines';
import { badShareRecord, jobName, recordedOf, seriesInCluster, storedSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import { serviceLabels } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import { tokenRecord, tokens } from './gen-ai.ts';
import { memoryUsed, ofGpus, utilisation } from './gpu-series.ts';
import type { Indicator } from './indicators.ts';

interface Query {
  readonly expr: string;
  /** `{{label}}` is filled in. */
  readonly legend: string;
}

interface Panel {
  readonly title: string;
  /** As Grafana names units. */
  readonly unit: string;
  readonly queries: readonly Query[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** What is drawn of a service: its objectives, the gateway, the engine, its GPUs, and what it makes of them. Only what is measured is drawn. */
export function dashboardRows(
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
  indicators: readonly Indicator[],
): readonly Row[] {
  // the source of data is chosen in Grafana: the store of all clusters, or the Prometheus of this one
  const series = seriesInCluster(service);
  const traffic = gateway.serviceTraffic(service, series);
  const job = `job="${jobName(service)}"`;
  const of = recordedOf(service);
  const { metrics } = profile;
  const quantiles = (metric: string, selector: string): readonly Query[] =>
    [0.5, 0.95, 0.99].map(share => ({
      expr: `histogram_quantile(${share}, sum by (le) (rate(${series.of(`${metric}_bucket`, selector)}[5m])))`,
      legend: `p${share * 100}`,
    }));
  const ifThere = (metric: string | undefined, panel: (metric: string) => Panel): readonly Panel[] =>
    metric ? [panel(metric)] : [];
  const byVersion = (metric: string): readonly Query[] => [
    { expr: `sum by (revision) (${series.of(metric, job)})`, legend: '{{revision}}' },
  ];
  const counted = tokens.filter(({ metric }) => metrics[metric]);
  const ofGateway = (...panels: Panel[]): readonly Panel[] => (service.gateway ? [] : panels);
  const rows: Row[] = [
    {
      title: 'Service',
      panels: [
        {
          title: 'Bad events, share',
          unit: 'percentunit',
          queries: indicators.map(({ objective }) => ({
            expr: series.of(badShareRecord('5m'), `${of},objective="${objective}"`),
            legend: objective,
          })),
        },
        ...ofGateway({
          title: 'Requests of users',
          unit: 'reqps',
          queries: [{ expr: traffic.all('5m'), legend: 'all' }],
        }),
      ],
    },
    {
      title: 'Gateway',
      panels: ofGateway(
        { title: 'Failed requests', unit: 'reqps', queries: [{ expr: traffic.bad('5m'), legend: 'failed' }] },
        {
          title: 'Whole answers',
          unit: 'ms',
          queries: quantiles(traffic.duration.metric, traffic.duration.selector),
        },
      ),
    },
    {
      title: `Engine: ${profile.name}`,
      panels: [
        ...ifThere(metrics.timeToFirstToken, metric => ({
          title: 'Time to first token',
          unit: 's',
          queries: quantiles(metric, job),
        })),
        ...ifThere(metrics.interTokenLatency, metric => ({
          title: 'Inter-token latency',
          unit: 's',
          queries: quantiles(metric, job),
        })),
        ...ifThere(metrics.requestsRunning, metric => ({
          title: 'Requests that run',
          unit: 'short',
          queries: byVersion(metric),
        })),
        ...ifThere(metrics.requestsWaiting, metric => ({
          title: 'Requests that wait',
          unit: 'short',
          queries: byVersion(metric),
        })),
        ...ifThere(metrics.kvCacheUsage, metric => ({
          title: 'KV cache in use',
          unit: 'percentunit',
          queries: byVersion(metric),
        })),
      ],
    },
    {
      title: 'GPU',
      panels: service.resources.gpu
        ? [
            {
              title: 'Utilisation',
              unit: 'percent',
              queries: [
                {
                  expr: `avg by (exported_pod, pod, gpu) (${ofGpus(service, utilisation, series)})`,
                  legend: '{{exported_pod}}{{pod}} {{gpu}}',
                },
              ],
            },
            {
              title: 'Memory in use',
              unit: 'decmbytes',
              queries: [
                {
                  expr: `sum by (exported_pod, pod, gpu) (${ofGpus(service, memoryUsed, series)})`,
                  legend: '{{exported_pod}}{{pod}} {{gpu}}',
                },
              ],
            },
          ]
        : [],
    },
    {
      title: 'Cost',
      panels: [
        ...(counted.length > 0
          ? [
              {
                title: 'Tokens',
                unit: 'short',
                queries: counted.map(({ type }) => ({
                  expr: `sum(rate(${series.of(tokenRecord(type), of)}[5m]))`,
                  legend: `${type}, a second`,
                })),
              },
            ]
          : []),
        ...(service.resources.gpu && profile.metricsPath
          ? [
              {
                title: 'GPUs in use',
                unit: 'short',
                queries: [
                  { expr: `count(${series.of('up', job)} == 1) * ${service.resources.gpu.count}`, legend: 'GPUs' },
                ],
              },
            ]
          : []),
      ],
    },
  ];
  return rows
    .map(row => ({ ...row, panels: row.panels.filter(({ queries }) => queries.length > 0) }))
    .filter(({ panels }) => panels.length > 0);
}

/** Grafana's JSON model of the dashboard. The source of data is chosen in the dashboard, since its name is each installation's own. */
export function dashboard(service: Service, rows: readonly Row[]): string {
  // one Grafana may show the same service of several clusters
  const where = Object.values(storedSeries(service).labels);
  const builder = new DashboardBuilder([`${service.name} in ${service.namespace}`, ...where].join(', '))
    .uid(dashboardUid(service, where))
    .tags(['fairway', service.owner])
    .refresh('30s')
    .time({ from: 'now-6h', to: 'now' })
    .timezone('browser');
  for (const { title, panels } of rows) {
    builder.withRow(new RowBuilder(title));
    for (const panel of panels) {
      const drawn = new PanelBuilder().title(panel.title).unit(panel.unit).min(0).span(12).height(8);
      for (const { expr, legend } of panel.queries)
        drawn.withTarget(new DataqueryBuilder().expr(expr).legendFormat(legend));
      builder.withPanel(drawn);
    }
  }
  return JSON.stringify(builder.build(), undefined, 2);
}

/** Grafana takes 40 characters at most, of a few kinds. */
function dashboardUid({ namespace, name }: Service, where: readonly string[]): string {
  const whole = `fairway-${namespace}-${name}`;
  if (where.length === 0) return whole.slice(0, 40);
  const digest = createHash('sha256').update(where.join('\n')).digest('hex').slice(0, 8);
  return `${whole.slice(0, 31)}-${digest}`;
}

/** The dashboard for the sidecar of Grafana's Helm chart, which takes every ConfigMap with this label. */
export function dashboardObject(service: Service, json: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${service.name}-dashboard`,
      namespace: service.namespace,
      labels: { ...serviceLabels(service.name), grafana_dashboard: '1' },
    },
    data: { [`${service.namespace}-${service.name}.json`]: json },
  } as KubernetesObject;
}
