import { setTimeout as sleep } from 'node:timers/promises';
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
export function objection(object: WithStatus): string | undefined {
  const groups = [...(object.status?.parents ?? []), ...(object.status?.ancestors ?? [])].map(
    group => group.conditions ?? [],
  );
  if (groups.length === 0) return 'the gateway controller has not looked at it yet';
  for (const conditions of groups) {
    const stale = conditions.find(condition => (condition.observedGeneration ?? 0) < (object.metadata.generation ?? 0));
    if (stale) return 'the gateway controller has not looked at its newest version yet';
    const refused = conditions.find(condition => accepted.includes(condition.type) && condition.status !== 'True');
    if (refused) return `${refused.type} is ${refused.status} (${refused.reason}): ${refused.message}`;
  }
  return undefined;
}

/** Why a Gateway cannot take routes, as half a sentence; undefined when it serves. */
export async function gatewayProblem(
  cluster: Cluster,
  gateway: { readonly namespace: string; readonly name: string },
): Promise<string | undefined> {
  const found = await cluster.get<WithStatus>({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: gateway,
  });
  if (!found) return 'is not in the cluster';
  const programmed = found.status?.conditions?.find(condition => condition.type === 'Programmed');
  if (programmed?.status === 'True') return undefined;
  return `is not programmed: ${programmed?.message ?? 'its controller has not looked at it'}`;
}

/** Waits until the controller took all objects; gives what it still says against them at the deadline. */
export async function waitUntilAccepted(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  deadline: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const end = Date.now() + deadline;
  for (;;) {
    const read = await Promise.all(objects.map(object => cluster.get<WithStatus>(object)));
    const against = objects.flatMap((object, index) => {
      const now = read[index];
      const said = now ? objection(now) : 'somebody deleted it';
      return said ? [`${describe(object)}: ${said}`] : [];
    });
    if (against.length === 0 || Date.now() > end) return against;
    await sleep(250, undefined, { signal });
  }
}
