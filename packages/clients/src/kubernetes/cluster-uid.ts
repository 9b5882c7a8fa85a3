import { ifAllowed } from '../if-allowed.ts';
import type { Cluster } from './cluster.ts';

/** What tells a cluster from all others, whatever a kubeconfig calls it: the UID of its namespace kube-system. Undefined where it may not be read. */
export async function clusterUid(cluster: Pick<Cluster, 'request'>): Promise<string | undefined> {
  const asked = cluster.request<{ metadata: { uid?: string } }>('GET', '/api/v1/namespaces/kube-system');
  return (await ifAllowed(asked))?.metadata.uid;
}
