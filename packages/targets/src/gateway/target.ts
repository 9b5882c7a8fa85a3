import type { ClusterSeries } from '@fairway/indicators';
import type { Service } from '@fairway/service';
import type { Reason } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Permission } from '@fairway/clients/kubernetes/permissions';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import type { MeshMembership } from '../mesh/istio/identity.ts';
import type { Access, GatewayReference, LeavingService } from './access.ts';
import type { Departure } from './departure.ts';
import type { GatewayHealth, ServiceTraffic, VersionTraffic } from './gateway-traffic.ts';
import type { ListedModel } from './model-list.ts';
import type { PlacedWeights } from './places.ts';

/** What the gateway must know to speak with the pods of a service by mutual TLS. */
export interface MutualTls {
  /** SPIFFE name that the pods prove. */
  readonly name: string;
  /** Certificates of the authorities that are believed, in PEM. */
  readonly roots: string;
}

/** Where a service is reached and by whom. */
export interface Entrance {
  readonly gateway: GatewayReference;
  /** Names of the Gateway's listeners, as `readListeners` gives them. */
  readonly listeners: readonly string[];
  readonly access: Access;
  /** Absent for a service that is in no mesh, or in one without sidecars. */
  readonly mutualTls?: MutualTls;
  /** For a service in a mesh without sidecars: the proxies of the nodes speak by mutual TLS, and the gateway as if there were no mesh. */
  readonly ambient?: MeshMembership;
}

/** The objects of a service at a gateway, each kind in the order in which it must be applied. */
export interface GatewayObjects {
  readonly grants: readonly KubernetesObject[];
  /** Of the candidate: how the gateway speaks to it, and that nobody else does. They go with its Service. */
  readonly version: readonly KubernetesObject[];
  readonly policies: readonly KubernetesObject[];
  readonly answers: readonly KubernetesObject[];
  readonly routes: readonly KubernetesObject[];
  readonly patches: readonly KubernetesObject[];
  /** The list of models of a host that services share. */
  readonly list: readonly KubernetesObject[];
}

/**
 * All objects in the order in which they are applied: a route without its policies would be open for a moment, and a patch
 * needs what it patches.
 */
export function inOrder({
  grants,
  version,
  policies,
  answers,
  routes: routed,
  patches,
  list,
}: GatewayObjects): readonly KubernetesObject[] {
  return [...grants, ...version, ...policies, ...answers, ...routed, ...patches, ...list];
}

/** An implementation of the Gateway API: what it needs beside the routes, and how it counts. */
export interface GatewayTarget {
  /** As people call it. */
  readonly name: string;
  /** `controllerName` of its GatewayClasses. */
  readonly controller: string;
  /**
   * Pure: the same service, entrance, weights and neighbours give the same objects.
   * @param others models of other services at the same host
   */
  render(service: Service, entrance: Entrance, weights: PlacedWeights, others?: readonly ListedModel[]): GatewayObjects;
  /** Those of the objects about which its controller says whether it took them. */
  reported(objects: GatewayObjects): readonly KubernetesObject[];
  /** What the login must be allowed to apply the objects of a service, and to take them back. */
  needed(service: Service, objects: GatewayObjects): readonly Permission[];
  /** Objects of an earlier version of the file that are not rendered any more. */
  readObsolete(
    cluster: Cluster,
    service: Service,
    gateway: GatewayReference,
    objects: GatewayObjects,
  ): Promise<readonly KubernetesObject[]>;
  /** Why the gateway cannot do its part for the service as it is, as a paragraph; undefined when it can. */
  unready(
    cluster: Cluster,
    service: Service,
    gateway: GatewayReference,
    access: Access,
    mesh?: MeshMembership,
  ): Promise<Reason | undefined>;
  /** What a neighbour at the same host has settled otherwise than this service, as a paragraph. */
  readDisagreement(
    cluster: Cluster,
    neighbours: readonly KubernetesObject[],
    service: Service,
    access: Access,
  ): Promise<Reason | undefined>;
  /** The models of the neighbours, with those who may see them. */
  readListed(cluster: Cluster, neighbours: readonly KubernetesObject[]): Promise<readonly ListedModel[]>;
  /** What must go and what must change, also outside of the namespace of a service, so that it is no longer at the gateway. */
  readDeparture(cluster: Cluster, gateway: GatewayReference, service: LeavingService): Promise<Departure>;
  /** @param series makes the selectors, here and in what follows */
  serviceTraffic(service: { readonly namespace: string; readonly name: string }, series: ClusterSeries): ServiceTraffic;
  /** @returns undefined when the route does not hold the version */
  versionTraffic(
    route: HttpRoute,
    service: string,
    revision: string,
    series: ClusterSeries,
  ): VersionTraffic | undefined;
  health(series: ClusterSeries): GatewayHealth;
}
