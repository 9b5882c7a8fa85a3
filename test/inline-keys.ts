import type { KubernetesObject } from '@fairway/clients/kubernetes/index';

/** The same SecurityPolicy with the keys in it, for an issuer whose address the gateway does not reach. */
export function withInlineKeys(policy: KubernetesObject, keys: string): KubernetesObject {
  const spec = policy.spec as { jwt: { providers: { remoteJWKS: unknown }[] } };
  const providers = spec.jwt.providers.map(provider => ({
    ...provider,
    remoteJWKS: undefined,
    localJWKS: { type: 'Inline', inline: keys },
  }));
  return { ...policy, spec: { ...spec, jwt: { providers } } };
}
