import { ToolError } from '../tool-error.ts';
import type { RegistryClient } from './client.ts';
import { digestOf, getBlob, getManifest, manifestTypes, putBlob, putManifest } from './content.ts';
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
  readonly annotations?: Readonly<Record<string, string>>;
}

const empty = Buffer.from('{}');

/**
 * Answers of registries that have no referrers API: the specification asks for 404, and some say what they do not take. Google's client takes 400 for
 * one too (go-containerregistry, remote/referrers.go): the path is no name that such a registry knows.
 */
const none = [400, 404, 405, 406, 501];

/**
 * What refers to a manifest: SBOMs, scan results, provenance. A registry without the referrers API keeps the list under the
 * tag `sha256-<hex>`, as the OCI distribution specification 1.1 says.
 */
export async function listReferrers(client: RegistryClient, subject: string): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = [];
  let next: string | undefined = `referrers/${subject}`;
  while (next !== undefined) {
    const headers = { accept: manifestTypes.index };
    const response: Response = await client.send({ method: 'GET', path: next, headers, expect: [200, ...none] });
    // not every registry says of which type the list is, and some answer with a page for people
    const index = response.status === 200 ? await response.json().catch(() => undefined) : undefined;
    if (!isIndex(index)) {
      await response.body?.cancel().catch(() => undefined);
      return (await getManifest<Index>(client, fallbackTag(subject)))?.manifest.manifests ?? [];
    }
    found.push(...(index.manifests ?? []));
    const link = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(response.headers.get('link') ?? '')?.[1];
    next = link === undefined ? undefined : new URL(link, response.url).href;
  }
  return found;
}

/** Registries that are written in Go have `null` for an empty list. */
function isIndex(found: unknown): found is { readonly manifests: readonly Descriptor[] | null } {
  return typeof found === 'object' && found !== null && 'manifests' in found;
}

/** The file that was attached as an artifact; undefined when it has none. */
export async function artifactContent(client: RegistryClient, digest: string): Promise<Buffer | undefined> {
  const found = await getManifest<{ layers?: readonly Descriptor[] }>(client, digest);
  const layer = found?.manifest.layers?.[0];
  return layer && getBlob(client, layer.digest);
}

/** Says of a referrer that it is ours, so that a newer one may take its place; other tools attach the same media types. */
const documentAnnotation = 'dev.fairway.document';

/**
 * Attaches a file to a manifest and gives the artifact's descriptor. The same file is attached once; an older file that was
 * attached here with the same title gives way to it in the list that the fallback tag holds. Others' entries stay.
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
    annotations: { ...artifact.annotations, [documentAnnotation]: artifact.title },
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
    annotations: manifest.annotations,
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

/** There is no way to write the tag only if it is as it was read: whoever wrote it in between may have left this entry out. */
async function addToFallback(client: RegistryClient, subject: string, descriptor: Descriptor): Promise<void> {
  const tag = fallbackTag(subject);
  const list = async () => (await getManifest<Index>(client, tag))?.manifest.manifests ?? [];
  const replaced = (one: Descriptor) =>
    one.digest === descriptor.digest ||
    (one.artifactType === descriptor.artifactType &&
      one.annotations?.[documentAnnotation] === descriptor.annotations?.[documentAnnotation]);
  for (let attempt = 1; attempt <= 5; attempt++) {
    const manifests = [...(await list()).filter(one => !replaced(one)), descriptor];
    const index = { schemaVersion: 2, mediaType: manifestTypes.index, manifests };
    await putManifest(client, manifestTypes.index, index, tag);
    if ((await list()).some(one => one.digest === descriptor.digest)) return;
  }
  throw new ToolError(
    'registry',
    `writing the tag ${tag} of ${client.repository.host}/${client.repository.name}`,
    undefined,
    'others write the same list of referrers at the same time, and this entry was lost five times. Push again.',
  );
}

export function fallbackTag(digest: string): string {
  return digest.replace(':', '-');
}
