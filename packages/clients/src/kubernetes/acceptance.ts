import { setTimeout as sleep } from 'node:timers/promises';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from './cluster.ts';
import { describe } from './objects.ts';
import type { KubernetesObject } from './objects.ts';
import type { Condition } from './workload.ts';

interface WithStatus extends KubernetesObject {
  readonly status?: {
    readonly parents?: readonly { readonly conditions?: readonly Condition[] }[];
    readonly ancestors?: readonly { readonly conditions?: readonly Condition[] }[];
    readonly conditions?: readonly Condition[];
  };
}

const accepted = ['Accepted', 'ResolvedRefs', 'Programmed'];

/**
 * What the gateway's controller says against an object, in words; undefined when it took the newest version of it.
 * Conditions it has not reported yet count against it.
 */
export function objection(object: WithStatus): Reason | undefined {
  const groups = [...(object.status?.parents ?? []), ...(object.status?.ancestors ?? [])].map(
    group => group.conditions ?? [],
  );
  if (groups.length === 0) return reasonOf('object.unseen');
  for (const conditions of groups) {
    const stale = conditions.find(condition => (condition.observedGeneration ?? 0) < (object.metadata.generation ?? 0));
    if (stale) return reasonOf('object.unseenNewest');
    const refused = conditions.find(condition => accepted.includes(condition.type) && condition.status !== 'True');
    if (refused) {
      const { type: condition, status, reason = '', message: words = '' } = refused;
      return reasonOf('object.condition', { condition, status, reason, words });
    }
  }
  return undefined;
}

/** Why a Gateway cannot take routes; undefined when it serves. */
export async function gatewayProblem(
  cluster: Cluster,
  gateway: { readonly namespace: string; readonly name: string },
): Promise<Reason | undefined> {
  const found = await cluster.get<WithStatus>({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: gateway,
  });
  const named = `${gateway.namespace}/${gateway.name}`;
  if (!found) return reasonOf('gateway.absent', { gateway: named });
  const programmed = found.status?.conditions?.find(condition => condition.type === 'Programmed');
  if (programmed?.status === 'True') return undefined;
  return programmed?.message === undefined
    ? reasonOf('gateway.unseen', { gateway: named })
    : reasonOf('gateway.notProgrammed', { gateway: named, words: programmed.message });
}

/** Waits until the controller took all objects; gives what it still says against them at the deadline. */
export async function waitUntilAccepted(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  deadline: number,
  signal: AbortSignal,
): Promise<readonly Reason[]> {
  const end = Date.now() + deadline;
  for (;;) {
    const read = await Promise.all(objects.map(object => cluster.get<WithStatus>(object)));
    const against = objects.flatMap((object, index) => {
      const now = read[index];
      const said = now ? objection(now) : reasonOf('object.deleted');
      return said ? [reasonOf('stage.at', { place: describe(object), sentence: said })] : [];
    });
    if (against.length === 0 || Date.now() > end) return against;
    await sleep(250, undefined, { signal });
  }
}
