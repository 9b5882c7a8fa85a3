import { ifAllowed } from '../if-allowed.ts';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import type { KubernetesObject } from './objects.ts';

/** Name of the ConfigMap in which Kubernetes' cluster autoscaler says how it is, also the one of GKE and of AKS. */
const statusName = 'cluster-autoscaler-status';

/** Its namespace, where the login may not look into all: the default of `--namespace`, and that of OpenShift's operator. */
const usualNamespaces = ['kube-system', 'openshift-machine-api'];

interface NodePool extends KubernetesObject {
  readonly spec?: { readonly autoscaling?: boolean };
}

/**
 * Whether something adds nodes to a cluster: Karpenter (also in EKS' Auto Mode and AKS' node auto-provisioning), a node pool of CoreWeave's that may grow,
 * or a cluster autoscaler. Undefined where the login may not look.
 */
export async function addsNodes(cluster: Cluster): Promise<boolean | undefined> {
  for (const version of ['karpenter.sh/v1', 'karpenter.sh/v1beta1'])
    if (await cluster.serves(version, 'NodePool')) return true;
  // its autoscaler runs where no login looks (https://docs.coreweave.com/products/cks/nodes/autoscaling)
  const coreweave = 'compute.coreweave.com/v1alpha1';
  if (await cluster.serves(coreweave, 'NodePool')) {
    const pools = await ifAllowed(cluster.list<NodePool>(coreweave, 'NodePool'));
    return pools?.some(({ spec }) => spec?.autoscaling === true);
  }
  return hasStatus(cluster);
}

/** The autoscaler writes its status into its own namespace, which Helm's chart makes the one of the release. */
async function hasStatus(cluster: Cluster): Promise<boolean | undefined> {
  const query = { fieldSelector: `metadata.name=${statusName}` };
  const everywhere = await ifAllowed(
    cluster.request<{ readonly items: readonly object[] }>('GET', '/api/v1/configmaps', { query }),
  );
  if (everywhere) return everywhere.items.length > 0;
  for (const namespace of usualNamespaces) {
    const path = `/api/v1/namespaces/${namespace}/configmaps/${statusName}`;
    const found = await ifAllowed(cluster.request('GET', path).catch(ifAbsent));
    if (found) return true;
  }
  // it may be in another one
  return undefined;
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof ToolError && error.status === 404) return undefined;
  throw error;
}
