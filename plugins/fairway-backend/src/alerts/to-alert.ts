import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import type { GettableAlert } from '@fairway/clients/alertmanager/index';

/**
 * An alert of Alertmanager in the portal's words: labels and annotations are those that `monitor` writes.
 * @param runbooks address that completes the path of a runbook
 */
export function toAlert(from: GettableAlert, runbooks?: string): Alert {
  const { labels, annotations, status } = from;
  return {
    fingerprint: from.fingerprint,
    name: labels['alertname'] ?? 'alert',
    service: labels['service'],
    namespace: labels['namespace'],
    owner: labels['owner'],
    severity: labels['severity'] ?? 'none',
    objective: labels['objective'],
    summary: annotations['summary'] ?? annotations['message'] ?? labels['alertname'] ?? 'An alert without a summary.',
    description: annotations['description'],
    runbookUrl: safeLink(annotations['runbook_url'], runbooks),
    since: from.startsAt,
    state: status.state,
    silencedBy: [...status.silencedBy],
  };
}

/** Rules are written by many: a link that would run a script is left out. */
function safeLink(link: string | undefined, base: string | undefined): string | undefined {
  if (!link) return undefined;
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(link)?.[1]?.toLowerCase();
  if (scheme !== undefined) return scheme === 'http' || scheme === 'https' ? link.trim() : undefined;
  return base === undefined ? link.trim() : new URL(link.trim(), base).href;
}
