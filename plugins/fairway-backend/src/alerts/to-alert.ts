import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import type { GettableAlert } from '@fairway/clients/alertmanager/index';
import type { ClusterLabels } from '@fairway/indicators';
import { alertDescription, alertSummary } from '@fairway/service/alert-summary';
import { english, isReasonCode } from '@fairway/service/reasons/reason';
import { serviceOfAlert, type KnownServices } from './service-of-alert.ts';

/** What tells of which source an alert is. */
export interface AlertOrigin {
  readonly name: string;
  readonly clusters: readonly string[];
  /** By which its alerts name a cluster; where the configuration has none, by the label `cluster` with the cluster's name. */
  readonly labels?: ReadonlyMap<string, ClusterLabels>;
  /** To which alerts of others may belong. */
  readonly services: KnownServices;
}

/**
 * An alert of Alertmanager in the portal's words: labels and annotations are those that `monitor` writes.
 * @param runbooks address that completes the path of a runbook
 */
export function toAlert(from: GettableAlert, origin: AlertOrigin, runbooks?: string): Alert {
  const { labels, annotations, status } = from;
  const summary =
    annotations['summary'] ?? annotations['message'] ?? labels['alertname'] ?? 'An alert without a summary.';
  const { description } = annotations;
  const codedDescription = description && alertDescription(labels['alertname'] ?? '', description);
  return {
    source: origin.name,
    fingerprint: from.fingerprint,
    cluster: clusterOf(labels, origin),
    name: labels['alertname'] ?? 'alert',
    ...serviceOfAlert(labels, origin.services),
    owner: labels['owner'],
    severity: labels['severity'] ?? 'none',
    objective: labels['objective'],
    summary,
    ...codedSummary(summary, labels),
    description,
    ...(codedDescription && { codedDescription }),
    runbookUrl: safeLink(annotations['runbook_url'], runbooks),
    since: from.startsAt,
    state: status.state,
    silencedBy: [...status.silencedBy],
  };
}

/** Anybody may name an alert as one of Fairway's: the code stands beside its own sentence alone. */
function codedSummary(
  summary: string,
  { alertname = '', service = '', objective }: GettableAlert['labels'],
): Pick<Alert, 'coded'> {
  const coded = alertSummary(alertname, service, objective);
  if (!coded || english(coded) !== summary) return {};
  const name = `objective.${objective}`;
  const named = isReasonCode(name) ? { objective: { code: name, parameters: {} } } : {};
  return { coded: { ...coded, parameters: { ...coded.parameters, ...named } } };
}

/** An Alertmanager of several clusters tells them apart by the labels of their store, or the external label of their Prometheus. */
function clusterOf(given: GettableAlert['labels'], { clusters, labels }: AlertOrigin): string | undefined {
  const alone = clusters.length === 1;
  return clusters.find(one => {
    const configured = Object.entries(labels?.get(one) ?? {});
    const wanted = configured.length > 0 || alone ? configured : [['cluster', one] as const];
    // rules of others need not name the only cluster that there is
    return wanted.every(([key, value]) => (given[key] ?? (alone ? value : undefined)) === value);
  });
}

/** Rules are written by many: a link that would run a script, or that no browser opens, is left out, and a login in one too. */
function safeLink(link: string | undefined, base: string | undefined): string | undefined {
  const given = link?.trim();
  if (!given) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(given)?.[1]?.toLowerCase();
  if (scheme === undefined && base === undefined) return given;
  const url = URL.parse(given, base);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  if (url.username === '' && url.password === '' && scheme !== undefined) return given;
  url.username = '';
  url.password = '';
  return url.href;
}
