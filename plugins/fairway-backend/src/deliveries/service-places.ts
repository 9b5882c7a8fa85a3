import type { DeploymentView, ServicePlace, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import type { AlertViews } from '../alert-views.ts';
import { goneSince, type PresenceRow } from '../presence/presence.ts';
import { servingVersions } from './production.ts';
import type { DeliveryRow } from './row.ts';
import { toldAt } from './silence.ts';
import type { StoredService } from './stored-services.ts';
import type { Deployed, Released } from './telling-deliveries.ts';

interface Found {
  last?: Deployed;
  released?: Released;
  view?: DeploymentView;
  seen?: PresenceRow;
}

/** Where a service is: in the clusters that it was delivered to, and in those that have it or had it. */
export function servicePlaces(
  { described: { namespace, service }, lastThere, releasedThere, seen }: StoredService,
  names: ReadonlyMap<string, string>,
  views: readonly DeploymentView[],
  firing: AlertViews['firing'],
  now: Date,
): readonly ServicePlace[] {
  const places = new Map<string, Found>();
  const at = (cluster: string): Found => {
    const place = places.get(cluster) ?? {};
    places.set(cluster, place);
    return place;
  };
  const nameOf = (uid: string) => names.get(uid) ?? uid;
  for (const row of lastThere) at(nameOf(row.cluster)).last = row;
  for (const row of releasedThere) at(nameOf(row.cluster)).released = row;
  for (const view of views) at(view.cluster).view = view;
  for (const row of seen) at(row.cluster).seen = row;
  return [...places]
    .map(([cluster, { last, released, view, seen: presence }]): ServicePlace => {
      const versions = view ? servingVersions(view) : [];
      const decommissionedAt = view || !presence ? undefined : goneSince([presence], now);
      return {
        cluster,
        environment: last?.environment ?? undefined,
        state: placeState(view, versions.length, decommissionedAt),
        versions,
        decommissionedAt,
        released: released && releaseOf(released),
        lastDelivery: last && lastDeliveryOf(last, now),
        firingAlerts: firing({ service, namespace, cluster }),
      };
    })
    .sort((one, other) => (one.cluster < other.cluster ? -1 : 1));
}

function placeState(view: DeploymentView | undefined, serving: number, decommissionedAt: string | undefined) {
  if (view) return serving > 0 ? ('serving' as const) : ('not-serving' as const);
  return decommissionedAt === undefined ? ('unknown' as const) : ('decommissioned' as const);
}

export function releaseOf(row: Released): NonNullable<ServiceSummary['released']> {
  return { revision: row.released_revision, digest: row.released_digest, since: row.released_at };
}

export function lastDeliveryOf(row: DeliveryRow, now: Date): ServiceSummary['lastDelivery'] {
  const { id, verdict, finished_at: finishedAt } = toldAt(row, now);
  return { id, verdict, finishedAt };
}
