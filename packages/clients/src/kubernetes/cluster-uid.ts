import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';

/** What tells a cluster from all others, whatever a kubeconfig calls it: the UID of its namespace kube-system. Undefined where it may not be read. */
export async function clusterUid(cluster: Pick<Cluster, 'request'>): Promise<string | undefined> {
  try {
    const found = await cluster.request<{ metadata: { uid?: string } }>('GET', '/api/v1/namespaces/kube-system');
    return found.metadata.uid;
  } catch (error) {
    if (error instanceof ToolError && error.status === 403) return undefined;
    throw error;
  }
}
