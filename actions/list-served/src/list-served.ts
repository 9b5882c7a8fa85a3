import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { openImage } from '@fairway/clients/registry/index';
import type { RegistryLogin } from '@fairway/clients/registry/index';
import type { Trust } from '@fairway/clients/sigstore/index';
import type { Service } from '@fairway/service';
import { attested } from './attested.ts';
import type { Attested } from './attested.ts';
import { servedImages } from './served-images.ts';
import type { ServedImage } from './served-images.ts';

/** What serves, as `rescan` reads it. */
export interface Served {
  /** Context of the cluster that was asked. */
  readonly context: string;
  /** The one with most of the users' requests first, each with what is in it, or why nobody knows. */
  readonly images: readonly (ServedImage & (Attested | { readonly problem: string }))[];
  /** What `release.keep` holds for going back. */
  readonly kept: readonly ServedImage[];
}

export interface ListRequest {
  readonly service: Service;
  /** Who reads from registries. */
  readonly login: (image: string) => Omit<RegistryLogin, 'registry'>;
  /** Whose signature the SBOMs must have. */
  readonly trust?: Trust;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/** What answers users, each image with the SBOM that the registry has of it: all that a scan needs, so that the scanner needs no login. */
export async function listServed(cluster: Cluster, request: ListRequest): Promise<Served> {
  const { serving, kept } = await servedImages(cluster, request.service, request.signal);
  const images: Served['images'][number][] = [];
  for (const served of serving) images.push({ ...served, ...(await contentOf(served, request)) });
  return { context: cluster.context, images, kept };
}

async function contentOf(
  { image, revisions }: ServedImage,
  { login, trust, signal, progress }: ListRequest,
): Promise<Attested | { readonly problem: string }> {
  if (!/@sha256:[0-9a-f]{64}$/.test(image))
    return {
      problem: `The pods of ${revisions.join(', ')} run ${image}, which names no digest, so nobody knows what is in it. Deliver the service again.`,
    };
  const { client, digest } = await openImage(image, login(image), signal);
  progress(`reading the SBOM of ${digest}`);
  const stated = await attested(client, digest, trust);
  return typeof stated === 'string' ? { problem: stated } : stated;
}
