import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { routeNames } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { GatewayReference } from '../access.ts';
import type { ListedModel } from '../model-list.ts';
import { neighbourAnnotation } from './authorization.ts';
import type { Neighbour } from './authorization.ts';
import { besideGateway } from './names.ts';

interface Route extends KubernetesObject {
  readonly spec?: { readonly parentRefs?: readonly { readonly name: string; readonly namespace?: string }[] };
}

interface Found extends Neighbour {
  readonly service: string;
}

/** Services of the routes, by what their policies say of them. */
async function read(cluster: Cluster, routes: readonly KubernetesObject[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { metadata, spec } of routes as readonly Route[]) {
    const name = metadata.labels?.['app.kubernetes.io/name'];
    const namespace = metadata.namespace ?? '';
    const parent = spec?.parentRefs?.[0];
    if (!name || !parent || metadata.name !== routeNames(name).chat) continue;
    const gateway: GatewayReference = { name: parent.name, namespace: parent.namespace ?? namespace };
    const policy = await cluster.get({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: besideGateway({ namespace, name }, gateway),
    });
    const text = policy?.metadata.annotations?.[neighbourAnnotation];
    if (text) found.push({ ...(JSON.parse(text) as Neighbour), service: `${namespace}/${name}` });
  }
  return found;
}

/** See `GatewayTarget`. */
export async function readListed(
  cluster: Cluster,
  neighbours: readonly KubernetesObject[],
): Promise<readonly ListedModel[]> {
  return (await read(cluster, neighbours)).flatMap(({ listed, adapters = [] }) => [
    listed,
    ...adapters.map(model => ({ ...listed, model })),
  ]);
}

/** See `GatewayTarget`. Tokens are the gateway's own, so the largest body is all that can differ at the common entry. */
export async function readDisagreement(
  cluster: Cluster,
  neighbours: readonly KubernetesObject[],
  service: Service,
): Promise<Reason | undefined> {
  const own = service.access.maxRequestBytes;
  const other = (await read(cluster, neighbours)).find(({ maxRequestBytes }) => maxRequestBytes !== own);
  return (
    other &&
    reasonOf('gateway.differs', {
      ...{ other: other.service, field: 'access.maxRequestBytes', theirs: other.maxRequestBytes, own },
      service: service.name,
    })
  );
}
