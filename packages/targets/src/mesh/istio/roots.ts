import type { Service } from '@fairway/service';
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
    `reading the ConfigMap ${namespace}/istio-ca-root-cert`,
    undefined,
    found ? 'it has no root-cert.pem.' : 'it is not there.',
    "Look whether istiod runs and whether its discoverySelectors name the service's namespace.",
  );
}
