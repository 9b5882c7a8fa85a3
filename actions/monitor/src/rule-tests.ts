import type { EngineProfile } from '@fairway/engines';
import { badShareRecord, jobName } from '@fairway/indicators';
import type { ClusterSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { GatewayHealth } from '@fairway/targets/gateway/gateway-traffic';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import { genAi } from './gen-ai.ts';
import type { Indicator, TestSeries } from './indicators.ts';
import { certificateDays, meshCertificateSeconds } from './rules.ts';
import { trafficTests } from './traffic.ts';
import { alertThreshold, pageRates, ticketRates } from './windows.ts';

interface RuleTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly TestSeries[];
  readonly promql_expr_test: readonly {
    readonly expr: string;
    readonly eval_time: string;
    readonly exp_samples: readonly { readonly labels: string; readonly value: number }[];
  }[];
}

/** The lowest burn rate that pages, or opens a ticket where nothing pages. */
function lowest({ pages, budget }: Indicator): { readonly severity: 'page' | 'ticket'; readonly threshold: number } {
  const thresholds = (pages ? pageRates : ticketRates).map(rate => alertThreshold(rate.factor, budget));
  return { severity: pages ? 'page' : 'ticket', threshold: Math.min(...thresholds) };
}

/**
 * `promtool test rules` cases. Of each indicator: a share of bad events a tenth over its lowest threshold fires, one a tenth
 * below it does not, and what was a total outage pages no more once the short windows are good again. No requests at all
 * fire nothing, lost targets are noticed. Where one store holds several clusters, those of another count for nothing.
 */
export function ruleTests(
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
  indicators: readonly Indicator[],
  series: ClusterSeries,
  rulesFile: string,
): Record<string, unknown> {
  const up = { series: series.sample('up', `job="${jobName(service)}"`), values: `1x${minutes}` };
  const healthy = indicators.flatMap(indicator => indicator.tests([{ minutes, bad: 0 }]));
  const tests: RuleTest[] = [
    expects('healthy series fire nothing', [up, ...healthy], firing(), 0),
    expects('without a request nothing fires', [up], firing(), 0),
    ...indicators.flatMap(indicator => {
      const others = indicators.filter(other => other !== indicator);
      return indicatorTests(indicator, [up, ...others.flatMap(other => other.tests([{ minutes, bad: 0 }]))]);
    }),
  ];
  if (profile.metricsPath) {
    const pod = (name: string, value: number) => ({
      series: series.sample('up', `job="${jobName(service)}",pod="${name}"`),
      values: `${value}x${minutes}`,
    });
    tests.push(
      expects('a lost target fires', healthy, firing('alertname="FairwayTargetDown"'), 1),
      expects(
        'one of two targets down opens a ticket',
        [...healthy, pod('a', 1), pod('b', 0)],
        firing('alertname="FairwaySomeTargetsDown"'),
        1,
      ),
    );
  }
  tests.push(
    ...releaseTests(service, series),
    ...(service.gateway ? [] : gatewayTests(gateway.health(series).tests)),
    ...(service.mesh ? meshTests(gateway.health(series).tests) : []),
    ...neighbourTests(service, profile, gateway, indicators, series),
  );
  const recorded = [
    ...genAi(service, profile, series).tests,
    ...(service.gateway ? [] : trafficTests(service, gateway, series)),
  ];
  for (const { series: one, record, labels, value } of recorded) {
    const matcher = Object.entries(labels).map(([name, text]) => `${name}="${text}"`);
    tests.push({
      name: `${record} is recorded from ${one.series}`,
      interval: '1m',
      input_series: [one],
      promql_expr_test: [
        {
          expr: `${record}{${matcher.join(',')}}`,
          eval_time: '6h',
          exp_samples: [{ labels: `${record}{${matcher.join(',')}}`, value }],
        },
      ],
    });
  }
  return { rule_files: [rulesFile], evaluation_interval: '5m', tests };
}

/** Length of the series; the longest window that pages. */
const minutes = 360;
/** Long enough for rules without a budget. */
const hour = 60;

function firing(labels = ''): string {
  return `ALERTS{alertstate="firing",${labels}}`;
}

function indicatorTests(indicator: Indicator, others: readonly TestSeries[]): readonly RuleTest[] {
  const { objective, pages } = indicator;
  const { severity, threshold } = lowest(indicator);
  const alerts = firing(`alertname="FairwayErrorBudgetBurn",objective="${objective}",severity="${severity}"`);
  const steady = (bad: number) => [...others, ...indicator.tests([{ minutes, bad }])];
  const over = [
    { minutes: 60, bad: 1 },
    { minutes: minutes - 60, bad: 0 },
  ];
  return [
    expects(`an outage of ${objective} fires`, steady(1), alerts, 1),
    expects(`${objective} just over its threshold fires`, steady(Math.min(1, 1.1 * threshold)), alerts, 1),
    expects(`${objective} just below its threshold does not`, steady(0.9 * threshold), alerts, 0),
    ...(pages
      ? [
          expects(
            `an outage of ${objective} that is over pages no more`,
            [...others, ...indicator.tests(over)],
            alerts,
            0,
          ),
        ]
      : []),
  ];
}

/** The same service in another cluster, where everything is as bad as can be. */
function neighbourTests(
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
  indicators: readonly Indicator[],
  series: ClusterSeries,
): readonly RuleTest[] {
  const neighbour = series.neighbour();
  if (!neighbour) return [];
  const up = (of: ClusterSeries) => ({ series: of.sample('up', `job="${jobName(service)}"`), values: `1x${minutes}` });
  const { certificate, failed } = gateway.health(neighbour).tests;
  const ends = certificate(0, minutes * 60);
  const healthy = indicators.flatMap(indicator => indicator.tests([{ minutes, bad: 0 }]));
  const bad = [
    ...indicators.flatMap(indicator => indicator.tests([{ minutes, bad: 1 }], neighbour)),
    { series: ends.series, values: `${ends.value}x${minutes}` },
    { series: failed, values: `0+1x${minutes}` },
    ...releaseSeries(service, neighbour)('runner', `0x${minutes}`),
  ];
  const what = 'what is bad in another cluster';
  const recorded = `${badShareRecord('5m')} > 0`;
  return [
    expects(`${what} fires nothing`, [up(series), ...healthy, ...bad], firing(), 0),
    expects(`${what} is no share of this one`, [up(series), ...healthy, ...bad], recorded, 0),
    expects(`${what} is not recorded here`, [up(series), ...bad], recorded, 0),
    ...(profile.metricsPath
      ? [
          expects(
            'pods of another cluster are none of this one',
            [up(neighbour)],
            firing('alertname="FairwayTargetDown"'),
            1,
          ),
        ]
      : []),
  ];
}

function releaseSeries(service: Service, series: ClusterSeries) {
  const of = (metric: string, more = '') =>
    series.sample(metric, `lease="${service.name}-release",namespace="${service.namespace}"${more}`);
  return (holder: string, renewed: string): readonly TestSeries[] => [
    { series: of('kube_lease_owner', `,lease_holder="${holder}"`), values: `1x${minutes}` },
    { series: of('kube_lease_renew_time'), values: renewed },
  ];
}

function releaseTests(service: Service, series: ClusterSeries): readonly RuleTest[] {
  const release = releaseSeries(service, series);
  const broken = firing('alertname="FairwayReleaseBrokeOff"');
  return [
    expects('a release that nobody renews pages', release('runner', `60x${hour}`), broken, 1, hour),
    expects('a release that goes on does not', release('runner', `0+60x${hour}`), broken, 0, hour),
    expects('a release that has ended does not', release('', `60x${hour}`), broken, 0, hour),
  ];
}

/** The clock of promtool's tests begins at 0. */
function meshTests(series: GatewayHealth['tests']): readonly RuleTest[] {
  const { anyCertificate, listenerCertificate, meshCertificate } = series;
  const ends = (series: string, after: number) => ({ series, values: `${hour * 60 + after}x${hour}` });
  const meshEnds = (after: number) => {
    const { series, value } = meshCertificate(after, hour * 60);
    return { series, values: `${value}x${hour}` };
  };
  const mesh = firing('alertname="FairwayMeshCertificateExpires"');
  const edge = firing('alertname="FairwayCertificateExpires"');
  const soon = { series: anyCertificate, values: `0x${hour}` };
  const day = 86_400;
  return [
    expects(
      'a certificate of the mesh that is not renewed pages',
      [meshEnds(meshCertificateSeconds - 600)],
      mesh,
      1,
      hour,
    ),
    expects('one that is renewed does not', [meshEnds(day / 2)], mesh, 0, hour),
    expects('nor does it count as one that lives for months', [meshEnds(day / 2), soon], edge, 0, hour),
    expects(
      'beside it one of a listener does',
      [meshEnds(day / 2), soon, ends(listenerCertificate, day)],
      edge,
      1,
      hour,
    ),
  ];
}

function gatewayTests(series: GatewayHealth['tests']): readonly RuleTest[] {
  const days = (left: number) => {
    const { series: certificate, value } = series.certificate(left, hour * 60);
    return [{ series: certificate, values: `${value}x${hour}` }];
  };
  const downloads = (failed: number, ended: number) => [
    { series: series.failed, values: `0+${failed}x${hour}` },
    { series: series.ended, values: `0+${ended}x${hour}` },
  ];
  const expires = firing('alertname="FairwayCertificateExpires"');
  const stale = firing('alertname="FairwayTokenKeysStale"');
  return [
    expects('a certificate with a day too few opens a ticket', days(certificateDays - 1), expires, 1, hour),
    expects('a certificate with enough days does not', days(certificateDays), expires, 0, hour),
    expects('keys that cannot be downloaded open a ticket', downloads(0.2, 0), stale, 1, hour),
    expects('a download that fails among others does not', downloads(0.2, 0.2), stale, 0, hour),
    expects('no download at all does not', downloads(0, 0), stale, 0, hour),
  ];
}

function expects(
  name: string,
  series: readonly TestSeries[],
  alerts: string,
  count: number,
  after = minutes,
): RuleTest {
  return {
    name,
    interval: '1m',
    input_series: series,
    promql_expr_test: [
      { expr: `count(${alerts}) or vector(0)`, eval_time: `${after}m`, exp_samples: [{ labels: '{}', value: count }] },
    ],
  };
}
