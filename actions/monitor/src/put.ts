import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import type { PutBack } from '@fairway/targets/metrics/ruler-rules';
import { replaceFiles } from './files.ts';

/** Puts files in place and makes Prometheus read them; a Prometheus that rejects them gets the former ones back. */
export async function putFiles(server: Prometheus, files: ReadonlyMap<string, string>): Promise<PutBack> {
  const putBack = await replaceFiles(files);
  try {
    await server.reload();
  } catch (error) {
    await putBack();
    throw error;
  }
  return async () => {
    await putBack();
    await server.reload();
    return undefined;
  };
}

/** Applies objects; what was not there before is removed again, and the others get the fields that they had. */
export async function putObjects(
  cluster: Cluster,
  objects: readonly KubernetesObject[],
  apply: (cluster: Cluster, objects: readonly KubernetesObject[]) => Promise<unknown>,
): Promise<PutBack> {
  const before = await Promise.all(objects.map(object => cluster.get(object)));
  await apply(cluster, objects);
  return async () => {
    const former = before.filter(object => object !== undefined).map(fieldsOf);
    await apply(cluster, former);
    for (const [index, object] of objects.entries()) if (!before[index]) await cluster.remove(object);
    return undefined;
  };
}

/** What can be applied again: without what the cluster itself writes down. */
function fieldsOf({ metadata, ...fields }: KubernetesObject): KubernetesObject {
  const { name, namespace, labels, annotations } = metadata;
  return { ...fields, metadata: { name, namespace, labels, annotations }, status: undefined } as KubernetesObject;
}

/** Puts everything back, the last first, and says how that went. */
export async function putAllBack(steps: readonly PutBack[]): Promise<Reason> {
  const left: (Reason | string)[] = [];
  for (const step of steps.toReversed()) {
    try {
      const stays = await step();
      if (stays) left.push(stays);
    } catch (error) {
      if ((error as Error).name !== 'ToolError') throw error;
      left.push(reasonOf('monitor.left', { words: (error as Error).message.replace(/\.$/, '') }));
    }
  }
  if (left.length === 0) return reasonOf('monitor.putBack');
  return reasonOf('monitor.putBackBut', { left: listOf('list.also', left) });
}
