import type { ClusterStatus } from '@fairway/backstage-plugin-fairway-common';
import { errorReason } from '@fairway/service/reasons/delivery-reason';
import { reasonOf } from '@fairway/service/reasons/reason';
import { type Said, said, saidError } from '../http/said-error.ts';
import type { NamedWatch } from './cluster-watches.ts';

/** A first list of the largest clusters takes some seconds; one that takes longer is worth a word. */
const patience = 20_000;

/** @param since when the watches were started, in milliseconds since 1970 */
export function clusterStatus(name: string, watches: readonly NamedWatch[], since: number): ClusterStatus {
  const last = Math.max(...watches.map(({ watch }) => watch.updatedAt ?? 0));
  const updatedAt = last === 0 ? undefined : new Date(last).toISOString();
  const required = watches.filter(one => one.required);
  for (const { watch } of required)
    if (watch.state.name === 'failing')
      return { name, state: 'unreachable', ...saidError(watch.state.error), updatedAt };
  const waiting = required.filter(({ watch }) => watch.state.name === 'connecting');
  if (waiting.length > 0) {
    if (last === 0 && Date.now() - since > patience) {
      const seconds = Math.round((Date.now() - since) / 1000);
      return { name, state: 'unreachable', ...said(reasonOf('cluster.silent', { cluster: name, seconds })) };
    }
    return { name, state: 'connecting', updatedAt };
  }
  return { name, state: 'live', ...incomplete(watches), updatedAt };
}

/** What is missing of a cluster that can be shown without it. */
function incomplete(watches: readonly NamedWatch[]): Said | undefined {
  const failing = watches.flatMap(({ resource, watch }) =>
    watch.state.name === 'failing' ? [{ resource, error: watch.state.error }] : [],
  );
  const [first] = failing;
  if (!first) return undefined;
  const resources = [...new Set(failing.map(one => one.resource))].join(', ');
  return said(reasonOf('cluster.without', { resources, words: errorReason(first.error) }));
}
