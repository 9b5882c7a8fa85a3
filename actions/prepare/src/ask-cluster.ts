import type { Reason } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { ToolError } from '@fairway/clients/tool-error';

export interface ClusterAnswer {
  /** Why the service cannot run there, as a paragraph. */
  readonly missing?: Reason;
  /** Why it might not, or why nobody knows, as a paragraph. */
  readonly unknown?: Reason | string;
}

/**
 * Asks the cluster, if one is given. One that does not answer costs no delivery, since building needs none.
 * @param what is then not known, as the beginning of a sentence
 */
export async function askCluster<Answer extends ClusterAnswer>(
  { kubeconfig, context }: { readonly kubeconfig?: string; readonly context?: string },
  what: string,
  signal: AbortSignal,
  ask: (cluster: Cluster) => Promise<Answer>,
): Promise<Answer | ClusterAnswer> {
  if (!context) return {};
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  try {
    return await ask(await connectCluster({ kubeconfig, context, signal }));
  } catch (error) {
    if (signal.aborted || !(error instanceof ToolError)) throw error;
    return { unknown: `${what} is not known. ${error.message}` };
  }
}
