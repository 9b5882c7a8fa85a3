import { stringify } from 'yaml';
import type { EngineProfile } from '@fairway/engines';
import { badShareRecord, jobName, podsOfUsers } from '@fairway/indicators';
import type { ClusterSeries } from '@fairway/indicators';
import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import type { GatewayHealth, ServiceTraffic } from '@fairway/targets/gateway/gateway-traffic';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import { genAi } from './gen-ai.ts';
import { xid } from './gpu-series.ts';
import type { Indicator, TestSeries } from './indicators.ts';
import { certificateDays, groupNames, meshCertificateSeconds } from './rules.ts';
import { trafficTests } from './traffic.ts';
import { alertThreshold, leastBadEvents, pageRates, ticketRates } from './windows.ts';
import type { BurnRate } from './windows.ts';

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

/**
 * Files of cases for `promtool test rules`, as YAML. Of each rate at which an indicator's budget burns: a share of bad events a tenth over its threshold fires, one a
 * tenth below it does not, and what was a total outage fires no more once the short windows are good again. Where few ask, as many bad
 * events as alert do, and one fewer does not, though all were bad. No requests at all fire nothing, a lost target or gateway is noticed, and each alert ends when what it says is over. Where one store holds several clusters, those of another count for nothing.
 */
export function ruleTests(
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
  indicators: readonly Indicator[],
  series: ClusterSeries,
  rulesFile: string,
): readonly string[] {
  const up = { series: series.sample('up', `job="${jobName(service)}"`), values: `1x${minutes}` };
  const alive = [up, ...servedSeries(service, gateway, series)];
  const healthy = healthySeries(indicators);
  const tests: RuleTest[] = [
    expects('healthy series fire nothing', [...alive, ...healthy], firing(), 0),
    expects('without a request nothing fires', alive, firing(), 0),
    ...indicators.flatMap(pageTests),
  ];
  if (profile.metricsPath) {
    const down = firing('alertname=~"Fairway(Some)?Targets?Down"');
    const pod = (name: string, value: number, later = value) => ({
      series: series.sample('up', `job="${jobName(service)}",pod="${name}"`),
      values: half(value, later, hour),
    });
    tests.push(
      sleeps(service)
        ? expects('a service that sleeps fires nothing', healthy, down, 0, hour)
        : expects('a lost target fires', healthy, firing('alertname="FairwayTargetDown"'), 1, hour),
      expects(
        'a target that is down fires',
        [...healthy, pod('a', 0)],
        firing('alertname="FairwayTargetDown"'),
        1,
        hour,
      ),
      expects(
        'one of two targets down opens a ticket',
        [...healthy, pod('a', 1), pod('b', 0)],
        firing('alertname="FairwaySomeTargetsDown"'),
        1,
        hour,
      ),
      expects('targets that are back fire nothing', [...healthy, pod('a', 1), pod('b', 0, 1)], down, 0, hour),
      expects('nor does the only one', [...healthy, pod('a', 0, 1)], down, 0, hour),
    );
  }
  const waiting = profile.metrics.requestsWaiting;
  tests.push(
    ...(waiting ? saturationTests(service, waiting, series) : []),
    ...(service.resources.gpu ? gpuTests(service, series) : []),
    ...releaseTests(service, series),
    ...(service.gateway
      ? []
      : [
          expects('a gateway that is gone pages', [up, ...healthy], firing('alertname="FairwayGatewayDown"'), 1, hour),
          expects(
            'one that is back does not',
            [up, ...healthy, ...servedSeries(service, gateway, series, half('_', 0, hour))],
            firing('alertname="FairwayGatewayDown"'),
            0,
            hour,
          ),
          ...gatewayTests(gateway.health(series).tests),
          ...overloadTests(gateway.serviceTraffic(service, series).tests),
        ]),
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
  const file = (evaluationInterval: string, all: readonly RuleTest[]) =>
    stringify({
      rule_files: [rulesFile],
      evaluation_interval: evaluationInterval,
      // what is recorded must be there for the alerts of the same moment
      group_eval_order: groupNames(service),
      tests: all,
    });
  return [
    // longer than every `for`
    file('30m', tests),
    // promtool parses every rule at every evaluation: of days each half hour took more than all others
    file('6h', indicators.flatMap(ticketTests)),
  ];
}

/** Length of the series; the longest window that pages. */
const minutes = 360;
/** Long enough for rules without a budget. */
const hour = 60;

/** Values of the first and of the second half of a series. */
function half(first: number | string, second: number | string, length: number): string {
  return `${first}x${length / 2 - 1} ${second}x${length / 2}`;
}

function healthySeries(indicators: readonly Indicator[]): readonly TestSeries[] {
  return distinct(indicators.flatMap(indicator => indicator.tests([{ minutes, bad: 0 }])));
}

/** Two indicators may count the same answers. */
function distinct(all: readonly TestSeries[]): readonly TestSeries[] {
  return [...new Map(all.map(one => [one.series, one])).values()];
}

function firing(labels = ''): string {
  return `ALERTS{alertstate="firing",${labels}}`;
}

/** What says that a gateway serves the service; nothing where a gateway of the team does. */
function servedSeries(
  service: Service,
  gateway: GatewayTarget,
  series: ClusterSeries,
  values = `0x${minutes}`,
): readonly TestSeries[] {
  if (service.gateway) return [];
  return [{ series: gateway.serviceTraffic(service, series).served.example, values }];
}

/** Hours of a share of bad events, 0 to 1, and how many events an hour there are, where not one a second. */
type Burn = readonly [hours: number, bad: number, perHour?: number];

type BurnTest = (name: string, count: number, ...burn: readonly Burn[]) => RuleTest;

/** @param step minutes between the values of a series: many where the windows are days, which are slow to evaluate */
function burns({ objective, tests }: Indicator, severity: string, step: number): BurnTest {
  return (name, count, ...burn) => {
    const phases = burn.map(([hours, bad, perHour]) => ({
      minutes: (hours * 60) / step,
      bad,
      ...(perHour === undefined ? {} : { events: (perHour * step) / 60 }),
    }));
    const alerts = firing(`alertname="FairwayErrorBudgetBurn",objective="${objective}",severity="${severity}"`);
    const hours = burn.reduce((sum, [one]) => sum + one, 0);
    const what = `${severity}: ${objective}, ${name}`;
    return { ...expects(what, tests(phases), alerts, count, hours * 60), interval: `${step}m` };
  };
}

function near(test: BurnTest, budget: number, rate: BurnRate, hours: number, ...before: readonly Burn[]) {
  const threshold = alertThreshold(rate.factor, budget);
  const what = `${rate.factor} times its budget in ${rate.long}`;
  return [
    test(`just over ${what}`, 1, ...before, [hours, Math.min(1, 1.1 * threshold)]),
    test(`just below ${what}`, 0, ...before, [hours, 0.9 * threshold]),
  ];
}

function few(test: BurnTest, hours: number, ...before: readonly Burn[]) {
  return [
    test(`${leastBadEvents} bad ones of few in ${hours} h`, 1, ...before, [hours, 1, leastBadEvents / hours]),
    test(`${leastBadEvents - 1} bad ones of few in ${hours} h`, 0, ...before, [hours, 1, (leastBadEvents - 1) / hours]),
  ];
}

/** Each rate alone, after hours without a bad event that keep the slower one silent. */
function pageTests(indicator: Indicator): readonly RuleTest[] {
  if (!indicator.pages) return [];
  const page = burns(indicator, 'page', 1);
  const [fast, slow] = pageRates as readonly [BurnRate, BurnRate];
  return [
    page('an outage', 1, [6, 1]),
    ...near(page, indicator.budget, fast, 1, [5, 0]),
    ...near(page, indicator.budget, slow, 6),
    ...few(page, 1, [5, 0, 2]),
    page('an outage that is over', 0, [1, 1], [5, 0]),
  ];
}

/** Of the rates that open a ticket none burns without the other: three times as fast for a third of the time is the same budget. */
function ticketTests(indicator: Indicator): readonly RuleTest[] {
  const ticket = burns(indicator, 'ticket', 30);
  return [
    ...near(ticket, indicator.budget, ticketRates.at(-1)!, 24),
    ...few(ticket, 24),
    ticket('an outage that has been over for 12 hours', 0, [6, 1], [12, 0]),
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
  const served = servedSeries(service, gateway, series);
  const { certificate, failed } = gateway.health(neighbour).tests;
  const ends = certificate(0, minutes * 60);
  const healthy = healthySeries(indicators);
  const bad = [
    ...distinct(indicators.flatMap(indicator => indicator.tests([{ minutes, bad: 1 }], neighbour))),
    { series: ends.series, values: `${ends.value}x${minutes}` },
    { series: failed, values: `0+1x${minutes}` },
    ...releaseSeries(service, neighbour)('runner', `0x${minutes}`),
  ];
  const what = 'what is bad in another cluster';
  const recorded = `${badShareRecord('5m')} > 0`;
  return [
    expects(`${what} fires nothing`, [up(series), ...served, ...healthy, ...bad], firing(), 0),
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
    expects('one that somebody took over does not', release('heir', half(60, '1800+60', hour)), broken, 0, hour),
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
  const [late, renewed] = [meshCertificateSeconds / 3, 43_200].map(after => meshCertificate(after, hour * 60));
  const renewedAtLast = { series: late!.series, values: half(late!.value, renewed!.value, hour) };
  const mesh = firing('alertname="FairwayMeshCertificateExpires"');
  const edge = firing('alertname="FairwayCertificateExpires"');
  const soon = { series: anyCertificate, values: `0x${hour}` };
  const day = 86_400;
  return [
    expects(
      'a certificate of the mesh that is not renewed pages',
      [meshEnds(meshCertificateSeconds / 3)],
      mesh,
      1,
      hour,
    ),
    expects('one that is renewed does not', [meshEnds(day / 2)], mesh, 0, hour),
    expects('nor does one that is renewed at last', [renewedAtLast], mesh, 0, hour),
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

/** Two pods of a version, each of which serves so many requests at once, beside one of another version. */
function saturationTests(service: Service, metric: string, series: ClusterSeries): readonly RuleTest[] {
  const labels = (pod: string, revision: string, users = true) =>
    `${users ? podsOfUsers(service) : `job="${jobName(service)}"`},pod="${pod}",revision="${revision}"`;
  const saturated = firing('alertname="FairwaySaturated"');
  const most = 2 * service.serving.sequences;
  const up = (...pod: Parameters<typeof labels>) => ({
    series: series.sample('up', labels(...pod)),
    values: `1x${hour}`,
  });
  const waits = (values: string, ...pod: Parameters<typeof labels>) => ({
    series: series.sample(metric, labels(...pod)),
    values,
  });
  const pods = [up('a', 'new'), up('b', 'new'), ...['c', 'd', 'e'].map(pod => up(pod, 'old'))];
  const idle = ['c', 'd', 'e'].map(pod => waits(`0x${hour}`, pod, 'old'));
  const waiting = (values: string) => [...pods, ...idle, waits(values, 'a', 'new'), waits(`0x${hour}`, 'b', 'new')];
  return [
    expects('more wait for one version than its pods can take', waiting(`${most + 1}x${hour}`), saturated, 1, hour),
    expects('as many wait as its pods can take', waiting(`${most}x${hour}`), saturated, 0, hour),
    expects('those that waited were served', waiting(half(most + 1, 0, hour)), saturated, 0, hour),
    expects(
      'both versions have too many',
      [...pods, waits(`${most + 1}x${hour}`, 'a', 'new'), waits(`${2 * most}x${hour}`, 'c', 'old')],
      saturated,
      2,
      hour,
    ),
    expects(
      'a version under test has too many, and no users',
      [up('a', 'new', false), waits(`${most + 1}x${hour}`, 'a', 'new', false)],
      saturated,
      0,
      hour,
    ),
    expects('nobody says how many wait', pods, saturated, 0, hour),
  ];
}

function gpuTests(service: Service, series: ClusterSeries): readonly RuleTest[] {
  const error = firing('alertname="FairwayGpuError"');
  const pod = `${service.name}-0123abcd-6c9d7-x2x4z`;
  const reported = (labels: string, value: number) => [
    { series: series.sample(xid, `${labels},gpu="0"`), values: `${value}x${hour}` },
  ];
  const exported = (name: string) => `exported_namespace="${service.namespace}",exported_pod="${name}"`;
  return [
    expects('an Xid of a GPU opens a ticket', reported(exported(pod), 79), error, 1, hour),
    expects(
      'so does one whose labels Prometheus honours',
      reported(`namespace="${service.namespace}",pod="${pod}"`, 79),
      error,
      1,
      hour,
    ),
    expects('no Xid does not', reported(exported(pod), 0), error, 0, hour),
    expects(
      'nor does a GPU that was reset',
      [{ series: series.sample(xid, `${exported(pod)},gpu="0"`), values: half(79, 0, hour) }],
      error,
      0,
      hour,
    ),
    expects(
      'nor does one of a service whose name begins alike',
      reported(exported(`${service.name}-large-0123abcd-6c9d7-x2x4z`), 79),
      error,
      0,
      hour,
    ),
  ];
}

function gatewayTests(series: GatewayHealth['tests']): readonly RuleTest[] {
  const days = (left: number) => {
    const { series: certificate, value } = series.certificate(left, hour * 60);
    return [{ series: certificate, values: `${value}x${hour}` }];
  };
  const [soon, later] = [certificateDays - 1, certificateDays].map(left => series.certificate(left, hour * 60));
  const renewed = { series: soon!.series, values: half(soon!.value, later!.value, hour) };
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
    expects('a certificate that was renewed does not', [renewed], expires, 0, hour),
    expects('a download that fails among others does not', downloads(0.2, 0.2), stale, 0, hour),
    expects(
      'keys that can be downloaded again do not',
      [
        { series: series.failed, values: `0+0.2x${hour / 2} 6x${hour / 2}` },
        { series: series.ended, values: `0x${hour / 2} 0.2+0.2x${hour / 2}` },
      ],
      stale,
      0,
      hour,
    ),
    expects('no download at all does not', downloads(0, 0), stale, 0, hour),
  ];
}

/** The generator of a load test and a release count a 429 alike. */
function overloadTests({ good, tooMany, limited }: ServiceTraffic['tests']): readonly RuleTest[] {
  const each = (...series: readonly string[]) => series.map(one => ({ series: one, values: `0+60x${minutes}` }));
  const page = firing('alertname="FairwayErrorBudgetBurn",objective="availability",severity="page"');
  const share = `${badShareRecord('5m')}{objective="availability"}`;
  return [
    expects('a version that answers 429 pages', each(...tooMany), page, 1),
    expects('the limit of a user does not', each(good, ...tooMany, limited), page, 0),
    expects('nor does it make the share of others smaller', each(...tooMany, limited), `${share} >= 0`, 0),
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
