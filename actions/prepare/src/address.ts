import type { Service } from '@fairway/service';
import { readGateway } from '@fairway/targets/gateway/conflict';
import { envoyGateway } from '@fairway/targets/gateway/envoy/target';
import { readTarget } from '@fairway/targets/gateway/find';
import { foreignFront } from '@fairway/targets/workload/pod-traffic';
import { parseGateway } from '@fairway/targets/gateway/references';
import { sleepProblem } from '@fairway/targets/gateway/sleep';
import { askCluster } from './ask-cluster.ts';
import type { ClusterAnswer } from './ask-cluster.ts';

export interface Taken extends ClusterAnswer {
  /** What its tokens open besides, as a paragraph. */
  readonly shared?: string;
}

/** Whether another service answers for the same model at the same host. Without a cluster or a gateway that is not asked. */
export async function addressTaken(
  inputs: { readonly kubeconfig?: string; readonly context?: string; readonly gateway?: string },
  service: Service,
  signal: AbortSignal,
): Promise<Taken> {
  if (!(inputs.gateway || service.gateway)) return {};
  const gateway = service.gateway ? undefined : parseGateway(inputs.gateway ?? '');
  return askCluster(inputs, 'Whether the address of the service is taken', signal, async (cluster): Promise<Taken> => {
    if (!gateway) return { missing: await foreignFront(cluster, service) };
    // a kind of gateway that nobody knows is said before anything is built
    const target = await readTarget(cluster, gateway);
    const awake = target === envoyGateway ? undefined : sleepProblem(service, target.name);
    if (awake) return { missing: awake };
    const found = await readGateway(cluster, service, gateway);
    if (found !== 'may not look') return { missing: found.conflict, shared: found.shared };
    return {
      unknown:
        'The login may not list the routes of the cluster, so whether the address of the service is taken is not known.',
    };
  });
}
