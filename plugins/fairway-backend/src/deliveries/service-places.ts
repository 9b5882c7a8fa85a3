import type { DeploymentView, ServicePlace, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import type { AlertViews } from '../alert-views.ts';
import { goneSince, type PresenceRow } from '../presence/presence.ts';
import { servingVersions } from './production.ts';
import type { DeliveryRow, With } from './row.ts';
import { toldAt } from './silence.ts';

export type Deployed = With<'cluster'>;
export type Released = With<'released_revision' | 'released_digest' | 'released_at'>;

interface PlacesKnown {
  /** The last delivery to each cluster. */
  readonly lastThere: ReadonlyMap<string, Deployed>;
  readonly releasedThere: ReadonlyMap<string, Released & Deployed>;
  /** UID of a cluster → its name in the portal. */
  readonly names: ReadonlyMap<string, string>;
  readonly seen: readonly PresenceRow[];
  readonly deployments: readonly DeploymentView[];
  readonly firing: AlertViews['firing'];
}

interface Found {
  last?: Deployed;
  released?: Released;
  view?: DeploymentView;
  seen?: PresenceRow;
}

/** Where services are: in the clusters that they were delivered to, and in those that have them or had them. */
export function servicePlaces({ lastThere, releasedThere, names, seen, deployments, firing }: PlacesKnown) {
  // one look at everything, since there may be thousands of services
  const found = new Map<string, Map<string, Found>>();
  const at = (namespace: string | null, service: string, cluster: string): Found => {
    const key = `${namespace}/${service}`;
    const places = found.get(key) ?? new Map<string, Found>();
    found.set(key, places);
    const place = places.get(cluster) ?? {};
    places.set(cluster, place);
    return place;
  };
  const nameOf = (uid: string) => names.get(uid) ?? uid;
  for (const row of lastThere.values()) at(row.namespace, row.service, nameOf(row.cluster)).last = row;
  for (const row of releasedThere.values()) at(row.namespace, row.service, nameOf(row.cluster)).released = row;
  for (const view of deployments) at(view.namespace, view.service, view.cluster).view = view;
  for (const row of seen) at(row.namespace, row.service, row.cluster).seen = row;

  return ({ namespace, service }: DeliveryRow, now: Date): readonly ServicePlace[] =>
    [...(found.get(`${namespace}/${service}`) ?? [])]
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
          firingAlerts: firing({ service, namespace: namespace ?? undefined, cluster }),
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
