import type { Service } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { ToolError } from '@fairway/clients/tool-error';

interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Certificates of the mesh's authorities, in PEM, which istiod writes into every namespace that it knows.
 * @throws ToolError when it has not
 */
export async function readRoots(cluster: Cluster, { namespace }: Service): Promise<string> {
  const metadata = { name: 'istio-ca-root-cert', namespace };
  const found = await cluster.get<ConfigMap>({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
  const roots = found?.data?.['root-cert.pem'];
  if (roots) return roots;
  throw new ToolError(
    'istio',
    reasonOf('request.configMap', { name: `${namespace}/istio-ca-root-cert` }),
    undefined,
    reasonOf(found ? 'istio.noRoot' : 'istio.noRoots'),
    reasonOf('istio.lookAtSelectors'),
  );
}
