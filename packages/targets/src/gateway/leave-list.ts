import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { removeObjects } from '@fairway/clients/kubernetes/cluster';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference, ServicePlace } from './access.ts';
import { readNeighbours } from './conflict.ts';
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

/** Where a service is, by its route; undefined when it has none. */
export async function readPlace(
  cluster: Cluster,
  { namespace, name }: Pick<ServicePlace, 'namespace' | 'name'>,
): Promise<ServicePlace | undefined> {
  const route = await chatRoute(cluster, { namespace, name });
  const [hostname] = (route?.spec?.['hostnames'] ?? []) as readonly string[];
  return route && { namespace, name, access: { hostname } };
}

/** Takes a service whose route is gone out of the list of its host. One service needs no shared list; it has its own. */
export async function leaveSharedList(
  cluster: Cluster,
  gateway: GatewayReference,
  place: ServicePlace,
  list: KeptList,
): Promise<readonly string[]> {
  const references = list.references(place, gateway);
  const models = await list.readListed(cluster, await readNeighbours(cluster, place, gateway));
  if (models.length < 2) return removeObjects(cluster, references.toReversed());
  const found = await cluster.get(references.find(({ kind }) => kind === list.kind)!);
  if (found) await applyObjects(cluster, [list.written(found.metadata, models)]);
  return [];
}
