import { ConfigurationError } from '@fairway/service/configuration-error';
import type { Service } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { accountName } from '../../workload/placement.ts';

/** How a service is part of the mesh of its cluster. */
export interface MeshMembership {
  /** Identity of the gateway: trust domain/ns/<namespace>/sa/<service account>. */
  readonly gateway: string;
  /** Revision of the control plane that injects the proxy; absent for its default one. */
  readonly revision?: string;
  /**
   * Whether connections of the pod are redirected to its proxy. `none` needs no rights in the pod and no plugin on the node; a
   * cluster with istio-cni refuses it. With `ambient` the pod has no proxy: the one of its node takes its connections.
   */
  readonly interception: 'none' | 'redirect' | 'ambient';
  /** Identity of who reads the engine's metrics, as that of the gateway; with `ambient` alone, since an agent gives them elsewhere. */
  readonly metrics?: string;
}

/** Inputs of stages that say so. */
export interface MembershipInputs {
  readonly 'gateway-principal'?: string;
  readonly 'istio-revision'?: string;
  readonly 'istio-interception': string;
  readonly 'metrics-principal'?: string;
}

const principal = /^[a-z0-9.-]+\/ns\/[a-z0-9-]+\/sa\/[a-z0-9.-]+$/;

/**
 * How the service is part of the mesh; undefined when its file does not ask for one.
 * @throws ConfigurationError when the gateway's identity is missing or is none
 */
export function membership(service: Service, inputs: MembershipInputs): MeshMembership | undefined {
  if (!service.mesh) return undefined;
  const gateway = inputs['gateway-principal'];
  if (!gateway || !principal.test(gateway)) {
    const found = gateway ? `"${gateway}"` : reasonOf('found.nothing');
    throw new ConfigurationError(reasonOf('input.principal', { service: service.name, found }));
  }
  const interception = inputs['istio-interception'];
  if (interception !== 'none' && interception !== 'redirect' && interception !== 'ambient')
    throw new ConfigurationError(reasonOf('input.interception', { found: String(interception) }));
  const metrics = inputs['metrics-principal'];
  if (metrics && (interception !== 'ambient' || !principal.test(metrics)))
    throw new ConfigurationError(reasonOf('input.metricsPrincipal', { found: metrics, interception }));
  const revision = inputs['istio-revision'];
  return { gateway, interception, ...(revision ? { revision } : {}), ...(metrics ? { metrics } : {}) };
}

/** Whether the pods of the service have proxies of their own, at a port beside the engine's. */
export function usesOwnProxies(mesh: MeshMembership | undefined): boolean {
  return mesh !== undefined && mesh.interception !== 'ambient';
}

/** The SPIFFE name that the pods of the service prove. */
export function spiffeName(service: Service, { gateway }: MeshMembership): string {
  return `spiffe://${gateway.split('/')[0]}/ns/${service.namespace}/sa/${accountName(service)}`;
}
