import {
  badEventsRecord,
  badShareRecord,
  countedWindows,
  jobName,
  podsOfUsers,
  recordedWindows,
  storedSeries,
} from '@fairway/indicators';
import type { ClusterSeries, CountedWindow, RecordedWindow } from '@fairway/indicators';
import { sleeps } from '@fairway/service';
import type { Service } from '@fairway/service';
import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { EngineProfile } from '@fairway/engines';
import { releaseLeaseName } from '@fairway/clients/kubernetes/names';
import type { GatewayHealth } from '@fairway/targets/gateway/gateway-traffic';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import { genAi } from './gen-ai.ts';
import { ofGpus, xid } from './gpu-series.ts';
import type { Indicator } from './indicators.ts';
import { trafficRules } from './traffic.ts';
import { alertThreshold, leastBadEvents, pageRates, ticketRates } from './windows.ts';
import type { BurnRate } from './windows.ts';

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

const runbooks = 'docs/runbooks';

/** Recording rules and alerts of a service. Groups are named after it, so that a Prometheus can be asked whether it has them. */
export function ruleGroups(
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
  indicators: readonly Indicator[],
  series: ClusterSeries,
): readonly Group[] {
  const { recordings } = genAi(service, profile, series);
  const health = gateway.health(series);
  const name = (part: string) => groupName(service, part);
  const groups = [
    {
      name: name('indicators'),
      rules: indicators.flatMap(indicator => ratios(service, indicator, series)),
    },
    {
      name: name('alerts'),
      rules: [
        ...indicators.flatMap(indicator => burnAlerts(service, indicator, series)),
        ...(profile.metricsPath ? [targetDown(service, series), someTargetsDown(service, series)] : []),
        ...(profile.metrics.requestsWaiting ? [saturated(service, profile.metrics.requestsWaiting, series)] : []),
        ...(service.resources.gpu ? [gpuError(service, series)] : []),
        releaseBrokeOff(service, series),
        ...(service.gateway
          ? []
          : [
              gatewayDown(service, gateway, series),
              certificateExpires(service, health, series),
              tokenKeysStale(service, health, series),
            ]),
        ...(service.mesh ? [meshCertificateExpires(service, health, series)] : []),
      ],
    },
    {
      name: name('traffic'),
      rules: service.gateway ? [] : trafficRules(service, gateway, series),
    },
    { name: name('gen-ai'), rules: recordings },
  ];
  return groups.filter(({ rules }) => rules.length > 0);
}

const groupParts = ['indicators', 'alerts', 'traffic', 'gen-ai'];

/** All groups that a service may have. */
export function groupNames(service: Service): readonly string[] {
  return groupParts.map(part => groupName(service, part));
}

/** The same service in another cluster has groups of another name: a ruler of several clusters shows all of them. */
function groupName(service: Service, part: string): string {
  const where = Object.values(storedSeries(service).labels).map(value => `:${value}`);
  return `fairway:${service.namespace}/${service.name}:${part}${where.join('')}`;
}

function labels(service: Service, indicator: Indicator, series: ClusterSeries): Record<string, string> {
  return { ...series.labels, service: service.name, namespace: service.namespace, objective: indicator.objective };
}

function ratios(service: Service, indicator: Indicator, series: ClusterSeries): readonly Rule[] {
  const all = labels(service, indicator, series);
  const counted = Object.keys(countedWindows) as CountedWindow[];
  return [
    ...recordedWindows.map(window => ({
      record: badShareRecord(window),
      expr: indicator.errorRatio(window),
      labels: all,
    })),
    ...counted.map(window => ({ record: badEventsRecord(window), expr: indicator.badEvents(window), labels: all })),
  ];
}

function burnAlerts(service: Service, indicator: Indicator, series: ClusterSeries): readonly Rule[] {
  const ticket = burnAlert(service, indicator, series, 'ticket', ticketRates);
  return indicator.pages ? [burnAlert(service, indicator, series, 'page', pageRates), ticket] : [ticket];
}

function burnAlert(
  service: Service,
  indicator: Indicator,
  series: ClusterSeries,
  severity: 'page' | 'ticket',
  rates: readonly BurnRate[],
): Rule {
  // what is recorded has all labels, also where the series that it is made of have not
  const selector = Object.entries(labels(service, indicator, series))
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
  const over = (window: RecordedWindow, factor: number) =>
    `${badShareRecord(window)}{${selector}} > ${alertThreshold(factor, indicator.budget)}`;
  // between two numbers of events, because Prometheus makes each a little larger where a window has more time than samples
  const enough = (window: CountedWindow) => `${badEventsRecord(window)}{${selector}} > ${leastBadEvents - 0.5}`;
  const expr = rates
    .map(rate => `(${over(rate.long, rate.factor)} and ${over(rate.short, rate.factor)} and ${enough(rate.long)})`)
    .join(' or ');
  const allowed = Number((indicator.budget * 100).toPrecision(6));
  return {
    alert: 'FairwayErrorBudgetBurn',
    expr,
    labels: { ...labels(service, indicator, series), severity, owner: service.owner },
    annotations: {
      summary: english(reasonOf('alert.budgetBurn', { service: service.name, objective: indicator.objective })),
      description: english(reasonOf('alertWhy.budgetBurn', { share: '{{ $value | humanizePercentage }}', allowed })),
      runbook_url: `${runbooks}/error-budget-burn.md`,
    },
  };
}

function alertLabels(service: Service, series: ClusterSeries, severity: 'page' | 'ticket'): Record<string, string> {
  return { ...series.labels, service: service.name, namespace: service.namespace, severity, owner: service.owner };
}

/** Some of several pods are gone: users notice nothing yet, the next one may be the last. */
function someTargetsDown(service: Service, series: ClusterSeries): Rule {
  const up = series.of('up', `job="${jobName(service)}"`);
  return {
    alert: 'FairwaySomeTargetsDown',
    expr: `count(${up} == 0) > 0 and count(${up} == 1) > 0`,
    for: '10m',
    labels: alertLabels(service, series, 'ticket'),
    annotations: {
      summary: english(reasonOf('alert.someTargetsDown', { service: service.name })),
      description: english(reasonOf('alertWhy.someTargetsDown', { pods: '{{ $value }}' })),
      runbook_url: `${runbooks}/target-down.md`,
    },
  };
}

/**
 * More requests wait for a version than a whole batch of its pods can take: its users wait longer for their first token. Beside one that is
 * idle too, as during a release; one without users is under test.
 */
function saturated(service: Service, waiting: string, series: ClusterSeries): Rule {
  const pods = podsOfUsers(service);
  const { sequences } = service.serving;
  return {
    alert: 'FairwaySaturated',
    expr: `sum by (revision) (${series.of(waiting, pods)}) > ${sequences} * count by (revision) (${series.of('up', pods)} == 1)`,
    for: '5m',
    labels: alertLabels(service, series, 'ticket'),
    annotations: {
      summary: english(reasonOf('alert.saturated', { service: service.name })),
      description: english(
        reasonOf('alertWhy.saturated', { requests: '{{ $value }}', revision: '{{ $labels.revision }}', sequences }),
      ),
      runbook_url: `${runbooks}/saturated.md`,
    },
  };
}

/** A critical error (Xid) of a GPU that a pod of the service holds, by NVIDIA's DCGM exporter where it runs. */
function gpuError(service: Service, series: ClusterSeries): Rule {
  return {
    alert: 'FairwayGpuError',
    expr: `max by (exported_pod, pod, gpu, UUID) (${ofGpus(service, xid, series)}) > 0`,
    labels: alertLabels(service, series, 'ticket'),
    annotations: {
      summary: english(reasonOf('alert.gpuError', { service: service.name })),
      description: english(
        reasonOf('alertWhy.gpuError', {
          ...{ xid: '{{ $value }}', gpu: '{{ $labels.gpu }}', pod: '{{ or $labels.exported_pod $labels.pod }}' },
        }),
      ),
      runbook_url: `${runbooks}/gpu-error.md`,
    },
  };
}

function targetDown(service: Service, series: ClusterSeries): Rule {
  const up = series.of('up', `job="${jobName(service)}"`);
  return {
    alert: 'FairwayTargetDown',
    // a service that sleeps has no pods that could be down
    expr: sleeps(service) ? `count(${up}) > 0 unless count(${up} == 1) > 0` : `absent(${up} == 1)`,
    for: '5m',
    labels: alertLabels(service, series, 'page'),
    annotations: {
      summary: english(reasonOf('alert.targetDown', { service: service.name })),
      description: english(reasonOf('alertWhy.targetDown')),
      runbook_url: `${runbooks}/target-down.md`,
    },
  };
}

/** Nothing is counted at a gateway that is down, so no budget burns: that it is gone has to be noticed by itself. */
function gatewayDown(service: Service, gateway: GatewayTarget, series: ClusterSeries): Rule {
  return {
    alert: 'FairwayGatewayDown',
    expr: `absent(${gateway.serviceTraffic(service, series).served.series})`,
    for: '5m',
    labels: alertLabels(service, series, 'page'),
    annotations: {
      summary: english(reasonOf('alert.gatewayDown', { service: service.name })),
      description: english(reasonOf('alertWhy.gatewayDown')),
      runbook_url: `${runbooks}/gateway-down.md`,
    },
  };
}

/** Days before its end at which a certificate should long have been renewed: cert-manager does it after two thirds of 90 days. */
export const certificateDays = 14;

function certificateExpires(service: Service, health: GatewayHealth, series: ClusterSeries): Rule {
  return {
    alert: 'FairwayCertificateExpires',
    expr: `${health.certificateDays} < ${certificateDays}`,
    for: '15m',
    labels: alertLabels(service, series, 'ticket'),
    annotations: {
      summary: english(reasonOf('alert.certificate', { service: service.name })),
      description: english(reasonOf('alertWhy.certificate', { days: '{{ $value }}' })),
      runbook_url: `${runbooks}/certificate-expires.md`,
    },
  };
}

/** Seconds before its end at which a certificate of the mesh should long have been renewed: its agent does it after half of its time. */
export const meshCertificateSeconds = 3600;

function meshCertificateExpires(service: Service, health: GatewayHealth, series: ClusterSeries): Rule {
  return {
    alert: 'FairwayMeshCertificateExpires',
    expr: `${health.meshCertificateSeconds} < ${meshCertificateSeconds}`,
    for: '5m',
    labels: alertLabels(service, series, 'page'),
    annotations: {
      summary: english(reasonOf('alert.meshCertificate', { service: service.name })),
      description: english(reasonOf('alertWhy.meshCertificate', { duration: '{{ $value | humanizeDuration }}' })),
      runbook_url: `${runbooks}/mesh-certificate-expires.md`,
    },
  };
}

/** The gateway goes on with the keys that it has. Tokens that the issuer signs with a new key are denied. */
function tokenKeysStale(service: Service, health: GatewayHealth, series: ClusterSeries): Rule {
  const { failed, ended } = health.keyDownloads('30m');
  return {
    alert: 'FairwayTokenKeysStale',
    expr: `${failed} > 0 and ${ended} == 0`,
    for: '5m',
    labels: alertLabels(service, series, 'ticket'),
    annotations: {
      summary: english(reasonOf('alert.staleKeys', { service: service.name })),
      description: english(reasonOf('alertWhy.staleKeys', { downloads: '{{ $value | humanize }}' })),
      runbook_url: `${runbooks}/token-keys-stale.md`,
    },
  };
}

/**
 * Nobody renews the lease of a release that somebody holds, by kube-state-metrics where it runs: a runner died, and its
 * candidate has a part of the users until somebody decides. Where a guard runs, it has gone back before this fires.
 */
function releaseBrokeOff(service: Service, series: ClusterSeries): Rule {
  const lease = `lease="${releaseLeaseName(service.name)}"`;
  // a Prometheus that does not honour the labels of kube-state-metrics renames this one
  const of = (metric: string, more = '') =>
    `(${['namespace', 'exported_namespace'].map(label => series.of(metric, `${lease},${label}="${service.namespace}"${more}`)).join(' or ')})`;
  return {
    alert: 'FairwayReleaseBrokeOff',
    expr: `time() - max(${of('kube_lease_renew_time')}) > 120 and max(${of('kube_lease_owner', ',lease_holder!=""')}) == 1`,
    for: '1m',
    labels: alertLabels(service, series, 'page'),
    annotations: {
      summary: english(reasonOf('alert.releaseBrokeOff', { service: service.name })),
      description: english(reasonOf('alertWhy.releaseBrokeOff', { duration: '{{ $value | humanizeDuration }}' })),
      runbook_url: `${runbooks}/release-broke-off.md`,
    },
  };
}
