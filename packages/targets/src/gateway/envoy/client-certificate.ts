import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { GatewayReference } from '../access.ts';

interface Parameters {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}
interface Gateway extends KubernetesObject {
  readonly spec?: {
    readonly gatewayClassName: string;
    readonly infrastructure?: { readonly parametersRef?: Parameters };
  };
}
interface GatewayClass extends KubernetesObject {
  readonly spec?: { readonly parametersRef?: Parameters };
}
interface EnvoyProxy extends KubernetesObject {
  readonly spec?: { readonly backendTLS?: { readonly clientCertificateRef?: { readonly name: string } } };
}

/** Why a gateway cannot prove itself to pods of a mesh, as a paragraph; undefined when it has a certificate for that. */
export async function clientCertificateProblem(
  cluster: Cluster,
  { namespace, name }: GatewayReference,
): Promise<Reason | undefined> {
  const api = 'gateway.networking.k8s.io/v1';
  const gateway = await cluster.get<Gateway>({ apiVersion: api, kind: 'Gateway', metadata: { namespace, name } });
  const own = gateway?.spec?.infrastructure?.parametersRef;
  const className = gateway?.spec?.gatewayClassName ?? '';
  const ofClass = async () =>
    (await cluster.get<GatewayClass>({ apiVersion: api, kind: 'GatewayClass', metadata: { name: className } }))?.spec
      ?.parametersRef;
  const parameters = own ? { ...own, namespace } : await ofClass();
  const proxy =
    parameters &&
    (await cluster.get<EnvoyProxy>({
      apiVersion: 'gateway.envoyproxy.io/v1alpha1',
      kind: 'EnvoyProxy',
      metadata: { namespace: parameters.namespace, name: parameters.name },
    }));
  if (proxy?.spec?.backendTLS?.clientCertificateRef) return undefined;
  return reasonOf('gateway.noCertificate', {
    gateway: `${namespace}/${name}`,
    proxy: proxy
      ? reasonOf('gateway.unnamedCertificate', { proxy: `${parameters?.namespace}/${parameters?.name}` })
      : reasonOf('gateway.noProxy'),
  });
}
