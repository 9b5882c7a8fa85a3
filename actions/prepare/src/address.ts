import type { Service } from '@fairway/service';
import { ToolError } from '@fairway/clients/tool-error';
import { readConflict } from '@fairway/targets/gateway/envoy/conflict';
import { foreignFront } from '@fairway/targets/workload/pod-traffic';
import { parseGateway } from '@fairway/targets/gateway/references';

export interface Taken {
  /** Who has the address, as a paragraph. */
  readonly conflict?: string;
  /** Why nobody knows, as a paragraph; `mesh` looks again. */
  readonly unknown?: string;
}

/** Whether another service answers for the same model at the same host. Without a cluster or a gateway that is not asked. */
export async function addressTaken(
  inputs: { readonly kubeconfig?: string; readonly context?: string; readonly gateway?: string },
  service: Service,
  signal: AbortSignal,
): Promise<Taken> {
  if (!inputs.context || !(inputs.gateway || service.gateway)) return {};
  const gateway = service.gateway ? undefined : parseGateway(inputs.gateway ?? '');
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  try {
    const cluster = await connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal });
    if (!gateway) return { conflict: await foreignFront(cluster, service) };
    const conflict = await readConflict(cluster, service, gateway);
    if (conflict !== 'may not look') return { conflict };
    return {
      unknown:
        'The login may not list the routes of the cluster, so whether the address of the service is taken is not known.',
    };
  } catch (error) {
    if (signal.aborted || !(error instanceof ToolError)) throw error;
    // building needs no cluster
    return {
      unknown: `The cluster does not say whether the address of the service is taken; mesh asks again. ${error.message}`,
    };
  }
}
