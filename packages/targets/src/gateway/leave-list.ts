import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, LeavingService, ServicePlace } from './access.ts';
import { readNeighbours } from './conflict.ts';
import type { Departure } from './departure.ts';
import type { ListedModel } from './model-list.ts';
import { chatRoute } from './state.ts';
import type { GatewayTarget } from './target.ts';

/** How a kind of gateway keeps the list of models of a host. */
interface KeptList extends Pick<GatewayTarget, 'readListed'> {
  /** Its objects by kind and name, in the order in which they are applied. */
  references(place: ServicePlace, gateway: GatewayReference): readonly KubernetesObject[];
  /** Kind of the one that holds the models. */
  readonly kind: string;
  /** That one with other models. */
  written(metadata: KubernetesObject['metadata'], models: readonly ListedModel[]): KubernetesObject;
}

/** Where a service is, by its route, or by what is known of it when that is gone; undefined when nobody knows. */
export async function readPlace(cluster: Cluster, service: LeavingService): Promise<ServicePlace | undefined> {
  const { namespace, name, access } = service;
  const route = await chatRoute(cluster, service);
  if (!route) return access && { namespace, name, access };
  const [hostname] = (route.spec?.['hostnames'] ?? []) as readonly string[];
  return { namespace, name, access: { hostname } };
}

/** What becomes of the list of a host when a service leaves it. One service needs no shared list; it has its own. */
export async function leaveSharedList(
  cluster: Cluster,
  gateway: GatewayReference,
  place: ServicePlace,
  list: KeptList,
): Promise<Departure> {
  const references = list.references(place, gateway);
  const models = await list.readListed(cluster, await readNeighbours(cluster, place, gateway));
  if (models.length < 2) return { removed: await present(cluster, references.toReversed()), changed: [] };
  const found = await cluster.get(references.find(({ kind }) => kind === list.kind)!);
  return { removed: [], changed: found ? [list.written(found.metadata, models)] : [] };
}

/** Those of the objects that are in the cluster. */
export async function present(
  cluster: Cluster,
  references: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const found = await Promise.all(references.map(reference => cluster.get(reference)));
  return references.filter((_, index) => found[index]);
}
