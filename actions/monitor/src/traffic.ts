import { answerBucketRecord, requestRateRecord } from '@fairway/indicators';
import type { ClusterSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import type { RecordingTest } from './indicators.ts';
import type { Rule } from './rules.ts';

/** What users ask and how long their answers take, under names that are the same behind every gateway. */
export function trafficRules(service: Service, gateway: GatewayTarget, series: ClusterSeries): readonly Rule[] {
  const { all, duration } = gateway.serviceTraffic(service, series);
  const labels = { ...series.labels, service: service.name, namespace: service.namespace };
  return [
    { record: requestRateRecord, expr: all('5m'), labels },
    {
      record: answerBucketRecord,
      expr: `sum by (le) (rate(${series.of(`${duration.metric}_bucket`, duration.selector)}[5m]))`,
      labels,
    },
  ];
}

/** One request a second, of which each takes less than 100 ms. */
export function trafficTests(
  service: Service,
  gateway: GatewayTarget,
  series: ClusterSeries,
): readonly RecordingTest[] {
  const { duration, tests } = gateway.serviceTraffic(service, series);
  const labels = { ...series.labels, service: service.name, namespace: service.namespace };
  const values = '0+60x360';
  return [
    { series: { series: tests.good, values }, record: requestRateRecord, labels, value: 1 },
    {
      series: { series: series.sample(`${duration.metric}_bucket`, `${duration.example},le="100"`), values },
      record: answerBucketRecord,
      labels: { ...labels, le: '100' },
      value: 1,
    },
  ];
}
