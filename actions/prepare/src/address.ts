import type { Service } from '@fairway/service';
import { ToolError } from '@fairway/clients/tool-error';
import { readGateway } from '@fairway/targets/gateway/conflict';
import { readTarget } from '@fairway/targets/gateway/find';
import { foreignFront } from '@fairway/targets/workload/pod-traffic';
import { parseGateway } from '@fairway/targets/gateway/references';

export interface Taken {
  /** Who has the address, or what of the service its gateway cannot do, as a paragraph. */
  readonly conflict?: string;
  /** What its tokens open besides, as a paragraph. */
  readonly shared?: string;
  /** Why nobody knows, as a paragraph; `mesh` looks again. */
  readonly unknown?: string;
}

/** Whether the gateway can do what the service asks, and another service answers for the same model at the same host. Without a cluster or a gateway that is not asked. */
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
    const lacking = (await readTarget(cluster, gateway)).unsupported(service);
    if (lacking) return { conflict: lacking };
    const found = await readGateway(cluster, service, gateway);
    if (found !== 'may not look') return found;
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
