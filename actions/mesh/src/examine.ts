import type { Service } from '@fairway/service';
import type { Reason } from '@fairway/service/reasons/delivery-reason';
import type { Log } from '@fairway/stage';
import { gatewayProblem } from '@fairway/clients/kubernetes/acceptance';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ifAllowed } from '@fairway/clients/if-allowed';
import { readGateway, readNeighbours } from '@fairway/targets/gateway/conflict';
import { readTarget } from '@fairway/targets/gateway/find';
import type { ListedModel } from '@fairway/targets/gateway/model-list';
import type { PlacedWeights } from '@fairway/targets/gateway/places';
import { parseGateway } from '@fairway/targets/gateway/references';
import { readListeners } from '@fairway/targets/gateway/state';
import type { Entrance, GatewayObjects, GatewayTarget } from '@fairway/targets/gateway/target';
import { firstDifference } from '@fairway/targets/rendering/shown';
import { membership, spiffeName, usesOwnProxies } from '@fairway/targets/mesh/istio/identity';
import type { MembershipInputs, MeshMembership } from '@fairway/targets/mesh/istio/identity';
import { readRoots } from '@fairway/targets/mesh/istio/roots';
import { access, entrance } from './access.ts';
import type { AccessInputs } from './access.ts';

export interface ExamineInputs extends AccessInputs, MembershipInputs {
  readonly gateway: string;
}

/** What the cluster says about the gateway of a service. */
export interface Found {
  readonly target: GatewayTarget;
  readonly listeners: readonly string[];
  /** Models of other services at the same host. */
  readonly others: readonly ListedModel[];
  /** Absent for a service that is in no mesh. */
  readonly membership?: MeshMembership;
  readonly mesh: Pick<Entrance, 'mutualTls' | 'ambient'>;
}

/** Looks whether a service can be put at a gateway; a reason says why not. Changes nothing. */
export async function examine(
  cluster: Cluster,
  service: Service,
  inputs: ExamineInputs,
  log: Pick<Log, 'warning'>,
): Promise<Found | Reason> {
  const gateway = parseGateway(inputs.gateway);
  const problem = await gatewayProblem(cluster, gateway);
  if (problem) return problem;
  const beside = await readGateway(cluster, service, gateway);
  if (beside === 'may not look')
    log.warning(
      'The login may not list the routes of other namespaces, so nobody checks whether one of them answers for the same model at the same host.',
    );
  else if (beside.conflict) return beside.conflict;

  const member = membership(service, inputs);
  const target = await readTarget(cluster, gateway);
  const lacking = await target.unready(cluster, service, gateway, access(inputs), member);
  if (lacking) return lacking;
  const near = await readNeighbours(cluster, service, gateway);
  const disagreement = await target.readDisagreement(cluster, near, service, access(inputs));
  if (disagreement) return disagreement;
  return {
    target,
    listeners: await readListeners(cluster, gateway),
    others: await target.readListed(cluster, near),
    ...(member ? { membership: member } : {}),
    mesh: wayOf(service, member, usesOwnProxies(member) ? await readRoots(cluster, service) : ''),
  };
}

/**
 * How the gateway speaks with the pods of a service.
 * @param roots certificates of the mesh's authorities, for pods with proxies of their own
 */
export function wayOf(
  service: Service,
  mesh: MeshMembership | undefined,
  roots: string,
): Pick<Entrance, 'mutualTls' | 'ambient'> {
  if (!mesh) return {};
  return usesOwnProxies(mesh) ? { mutualTls: { name: spiffeName(service, mesh), roots } } : { ambient: mesh };
}

/** The objects of a service at the gateway that was found. */
export function frontObjects(
  service: Service,
  inputs: ExamineInputs,
  { target, listeners, others, mesh }: Found,
  weights: PlacedWeights,
): GatewayObjects {
  return target.render(service, entrance(inputs, listeners, mesh), weights, others);
}

/**
 * The objects without the grants that are there already: these are in namespaces of others, and a login that may change none there can put a
 * service in front all the same.
 */
export async function withoutStandingGrants(cluster: Cluster, objects: GatewayObjects): Promise<GatewayObjects> {
  const read = await Promise.all(objects.grants.map(grant => ifAllowed(cluster.get(grant))));
  return { ...objects, grants: objects.grants.filter((grant, index) => !isShown(grant, read[index])) };
}

function isShown(desired: KubernetesObject, live: KubernetesObject | undefined): boolean {
  return live !== undefined && firstDifference(desired['spec'], live['spec']) === undefined;
}
