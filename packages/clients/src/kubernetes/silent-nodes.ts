import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { passing } from './diagnosis/finding.ts';
import type { Diagnosis } from './diagnosis/finding.ts';
import { closed, nodePart } from './diagnosis/parts.ts';
import type { KubernetesObject } from './objects.ts';
import type { Condition, Pod } from './workload.ts';

interface Node extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly NodeCondition[] };
}

interface NodeCondition extends Condition {
  readonly lastTransitionTime?: string;
}

/**
 * Names the node of a pod that starts where it does not answer, or says that it is not ready: of the pod nobody writes anything before it is
 * evicted, after five minutes. Undefined where all nodes are ready, and where the login may not look at them.
 * @see https://kubernetes.io/docs/reference/node/node-status/#condition
 */
export async function diagnoseNodes(cluster: Cluster, pods: readonly Pod[]): Promise<Diagnosis | undefined> {
  const starting = pods.filter(
    ({ metadata, spec, status }) =>
      spec?.nodeName !== undefined &&
      !metadata.deletionTimestamp &&
      !status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True'),
  );
  const byNode = new Map(starting.map(pod => [pod.spec!.nodeName!, pod]));
  for (const [name, pod] of byNode) {
    const ready = (await nodeNamed(cluster, name))?.status?.conditions?.find(({ type }) => type === 'Ready');
    if (!ready || ready.status === 'True') continue;
    const values = {
      node: nodePart(name),
      pod: pod.metadata.name,
      words: closed(ready.message ?? ready.reason ?? ready.status),
      since: ready.lastTransitionTime ?? '',
    };
    return passing(reasonOf(ready.status === 'Unknown' ? 'pod.nodeSilent' : 'pod.nodeNotReady', values));
  }
  return undefined;
}

async function nodeNamed(cluster: Cluster, name: string): Promise<Node | undefined> {
  try {
    return await cluster.get<Node>({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  } catch (error) {
    if (error instanceof ToolError && error.status === 403) return undefined;
    throw error;
  }
}
