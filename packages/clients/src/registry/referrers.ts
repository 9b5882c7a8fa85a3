import type { RegistryClient } from './client.ts';
import { digestOf, getManifest, manifestTypes, putBlob, putManifest } from './content.ts';
import type { Descriptor } from './content.ts';

interface Index {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
}

export interface Artifact {
  /** Media type that says what it is, such as application/vnd.cyclonedx+json. */
  readonly artifactType: string;
  readonly content: Uint8Array;
  /** File name under which tools save it. */
  readonly title: string;
}

const empty = Buffer.from('{}');

/**
 * What refers to a manifest: SBOMs, scan results, provenance. A registry without the referrers API keeps the list under the
 * tag `sha256-<hex>`, as the OCI distribution specification 1.1 says.
 */
export async function listReferrers(client: RegistryClient, subject: string): Promise<readonly Descriptor[]> {
  const response = await client.send({
    method: 'GET',
    path: `referrers/${subject}`,
    headers: { accept: manifestTypes.index },
    expect: [200, 404],
  });
  if (response.status === 200 && response.headers.get('content-type')?.startsWith(manifestTypes.index)) {
    return ((await response.json()) as Index).manifests;
  }
  await response.body?.cancel();
  return (await getManifest<Index>(client, fallbackTag(subject)))?.manifest.manifests ?? [];
}

/**
 * Attaches a file to a manifest and gives the artifact's descriptor. The same file is attached once; an older file of the same
 * type gives way to it in the list that the fallback tag holds.
 */
export async function attachArtifact(
  client: RegistryClient,
  subject: Descriptor,
  artifact: Artifact,
): Promise<Descriptor> {
  const layer = await putBlob(client, artifact.artifactType, artifact.content);
  const config = await putBlob(client, 'application/vnd.oci.empty.v1+json', empty);
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestTypes.image,
    artifactType: artifact.artifactType,
    config,
    layers: [{ ...layer, annotations: { 'org.opencontainers.image.title': artifact.title } }],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
  };
  const digest = digestOf(JSON.stringify(manifest));
  const known = (await listReferrers(client, subject.digest)).find(referrer => referrer.digest === digest);
  if (known) return known;
  const stored = await putManifest(client, manifestTypes.image, manifest);
  const descriptor = {
    mediaType: stored.mediaType,
    digest: stored.digest,
    size: stored.size,
    artifactType: artifact.artifactType,
  };
  if (!stored.subject) await addToFallback(client, subject.digest, descriptor);
  return descriptor;
}

/** The content of the newest artifact of a type that refers to a manifest, or undefined. */
export async function findArtifact(
  client: RegistryClient,
  subject: string,
  artifactType: string,
): Promise<Descriptor | undefined> {
  return (await listReferrers(client, subject)).filter(referrer => referrer.artifactType === artifactType).at(-1);
}

async function addToFallback(client: RegistryClient, subject: string, descriptor: Descriptor): Promise<void> {
  const tag = fallbackTag(subject);
  const before = (await getManifest<Index>(client, tag))?.manifest.manifests ?? [];
  const manifests = [
    ...before.filter(
      referrer => referrer.artifactType !== descriptor.artifactType && referrer.digest !== descriptor.digest,
    ),
    descriptor,
  ];
  await putManifest(client, manifestTypes.index, { schemaVersion: 2, mediaType: manifestTypes.index, manifests }, tag);
}

export function fallbackTag(digest: string): string {
  return digest.replace(':', '-');
}
