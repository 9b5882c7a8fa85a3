import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { routeNames } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { Access } from '../access.ts';

interface Policy extends KubernetesObject {
  readonly spec?: {
    readonly jwt?: {
      readonly providers?: readonly { readonly issuer?: string; readonly audiences?: readonly string[] }[];
    };
    readonly extAuth?: { readonly bodyToExtAuth?: { readonly maxRequestBytes?: number } };
  };
}

/**
 * What the entry of a neighbour asks for that this service does not, as a paragraph: requests of both enter by the same one,
 * so tokens that are good at one must be good at the other, and the largest body is one.
 */
export async function readDisagreement(
  cluster: Cluster,
  neighbours: readonly KubernetesObject[],
  service: Service,
  access: Access,
): Promise<Reason | undefined> {
  for (const { metadata } of neighbours) {
    const other = metadata.labels?.['app.kubernetes.io/name'];
    if (!other || metadata.name !== routeNames(other).entry) continue;
    const kind = { apiVersion: 'gateway.envoyproxy.io/v1alpha1', kind: 'SecurityPolicy' };
    const policy = await cluster.get<Policy>({
      ...kind,
      metadata: { name: metadata.name, namespace: metadata.namespace },
    });
    const provider = policy?.spec?.jwt?.providers?.[0];
    if (!provider) continue;
    const pairs = [
      [reasonOf('gateway.issuer'), provider.issuer, access.issuer],
      [reasonOf('gateway.audience'), provider.audiences?.join(', '), access.audience],
      ['access.maxRequestBytes', policy.spec?.extAuth?.bodyToExtAuth?.maxRequestBytes, service.access.maxRequestBytes],
    ] as const;
    const differs = pairs.find(([, theirs, own]) => (theirs ?? 'none') !== (own ?? 'none'));
    if (!differs) continue;
    const [field, theirs, own] = differs;
    const none = reasonOf('gateway.none');
    return reasonOf('gateway.differs', {
      ...{ other: `${metadata.namespace}/${other}`, field, theirs: theirs ?? none, own: own ?? none },
      service: service.name,
    });
  }
  return undefined;
}
