import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ToolError } from '@fairway/clients/tool-error';

/** An object as it is; undefined where there is none, or none that the login may see. */
export async function present(cluster: Cluster, name: KubernetesObject): Promise<KubernetesObject | undefined> {
  try {
    return await cluster.get(name);
  } catch (error) {
    if (error instanceof ToolError && error.status === 403) return undefined;
    throw error;
  }
}
