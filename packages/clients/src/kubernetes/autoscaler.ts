import { ifAllowed } from '../if-allowed.ts';
import type { Cluster } from './cluster.ts';

/** Where Kubernetes' cluster autoscaler says how it is, also the one of GKE and of AKS. */
const status = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'kube-system', name: 'cluster-autoscaler-status' },
};

/** Whether something adds nodes to a cluster: Karpenter (also in EKS' Auto Mode) or a cluster autoscaler. Undefined where the login may not look. */
export async function addsNodes(cluster: Cluster): Promise<boolean | undefined> {
  for (const version of ['karpenter.sh/v1', 'karpenter.sh/v1beta1'])
    if (await cluster.serves(version, 'NodePool')) return true;
  return ifAllowed(cluster.get(status).then(found => found !== undefined));
}
