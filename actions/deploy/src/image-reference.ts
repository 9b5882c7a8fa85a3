import { ConfigurationError } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';

export interface ImageReference {
  readonly registry: string;
  readonly digest: string;
}

/** @throws ConfigurationError for a reference without registry or digest: a tag may be another image when a pod restarts */
export function parseReference(reference: string): ImageReference {
  const match = /^(?<registry>[^/@]+)\/[^@]+@(?<digest>sha256:[0-9a-f]{64})$/.exec(reference);
  if (!match?.groups?.registry || !match.groups.digest) {
    throw new ConfigurationError(reasonOf('input.image', { found: reference }));
  }
  return { registry: match.groups.registry, digest: match.groups.digest };
}
