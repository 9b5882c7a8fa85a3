import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import { ConnectionLost } from './connection-lost.ts';
import type { Mount } from './mount.ts';
import type { RegistryClient } from './client.ts';

/** Points to content by digest, as the OCI image specification has it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const manifestTypes = {
  image: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  dockerImage: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
} as const;

const accept = Object.values(manifestTypes).join(', ');

export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** What the registry holds under a tag or digest, or undefined. */
export async function headManifest(client: RegistryClient, reference: string): Promise<Descriptor | undefined> {
  const response = await client.send({
    method: 'HEAD',
    path: `manifests/${reference}`,
    headers: { accept },
    expect: [200, 404],
  });
  if (response.status === 404) return undefined;
  const digest = response.headers.get('docker-content-digest');
  const length = response.headers.get('content-length');
  if (!digest || !length) return (await getManifest(client, reference))?.descriptor;
  return { mediaType: mediaTypeOf(response), digest, size: Number(length) };
}

function mediaTypeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').replace(/\s*;.*/, '');
}

/** A manifest with its descriptor, or undefined. Asked for by digest, its bytes are checked against it. */
export async function getManifest<T = unknown>(
  client: RegistryClient,
  reference: string,
): Promise<{ descriptor: Descriptor; manifest: T; bytes: Buffer } | undefined> {
  const response = await client.send({
    method: 'GET',
    path: `manifests/${reference}`,
    headers: { accept },
    expect: [200, 404],
  });
  if (response.status === 404) return undefined;
  const bytes = Buffer.from(await response.arrayBuffer());
  const digest = digestOf(bytes);
  if (reference.startsWith('sha256:') && digest !== reference) throw damaged(client, reference, digest);
  const descriptor = { mediaType: mediaTypeOf(response), digest, size: bytes.length };
  return { descriptor, manifest: JSON.parse(bytes.toString('utf8')) as T, bytes };
}

/** Stores a manifest, or the bytes of one, under a tag, or under its digest when no tag is given. `subject` is what the registry says of its referrers list. */
export async function putManifest(
  client: RegistryClient,
  mediaType: string,
  manifest: object,
  tag?: string,
): Promise<Descriptor & { readonly subject: boolean }> {
  const body = manifest instanceof Uint8Array ? manifest : Buffer.from(JSON.stringify(manifest));
  const digest = digestOf(body);
  const response = await client.send({
    method: 'PUT',
    path: `manifests/${tag ?? digest}`,
    headers: { 'content-type': mediaType },
    body,
    // as Google's client takes it (go-containerregistry, remote/write.go)
    expect: [200, 201, 202],
  });
  const stored = response.headers.get('docker-content-digest');
  if (stored && stored !== digest) throw damaged(client, digest, stored);
  return { mediaType, digest, size: body.length, subject: response.headers.has('oci-subject') };
}

/** More bytes than this are sent before the request that ends the upload, so that an upload that breaks off may go on. */
const inOneRequest = 16 << 20;

/** Content that is stored as a blob, read as it goes up. */
export interface BlobContent extends Descriptor {
  /** The bytes from `start` up to `end` or the end of the content. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Stores bytes as a blob unless the registry has them. */
export async function putBlob(client: RegistryClient, mediaType: string, content: Uint8Array): Promise<Descriptor> {
  const descriptor = { mediaType, digest: digestOf(content), size: content.length };
  await uploadBlob(client, { ...descriptor, read: async (start, end) => content.subarray(start, end) });
  return descriptor;
}

/** Whether the registry has a blob. */
export async function hasBlob(client: RegistryClient, digest: string): Promise<boolean> {
  const { status } = await client.send({ method: 'HEAD', path: `blobs/${digest}`, expect: [200, 404] });
  return status === 200;
}

const binary = { 'content-type': 'application/octet-stream' };

/**
 * Stores a blob unless the registry has it. All of its bytes go up in one request without a range, as Docker sends them and so every registry takes
 * them: pieces are not taken by Google's, are 4 MiB at most for GitHub's, and Amazon's counts only the first. An upload that breaks off goes on
 * where the registry has it, or begins anew; one whose end got no answer is looked for first.
 * @param mount where other repositories of the registry may have it
 * @returns true when it was sent
 */
export async function uploadBlob(
  client: RegistryClient,
  { digest, size, read }: BlobContent,
  mount?: Mount,
): Promise<boolean> {
  if (await hasBlob(client, digest)) return false;
  const begin = async () =>
    uploadPlace(client, await client.send({ method: 'POST', path: 'blobs/uploads/', expect: [202] }));
  const large = size > inOneRequest;
  const mounted = await mount?.(digest);
  if (mounted?.status === 201) return false;
  let place = mounted ? uploadPlace(client, mounted) : await begin();
  let stored = 0;
  for (let failures = 0; ;) {
    const start = stored;
    try {
      if (large && start < size) {
        const headers: Record<string, string> = { ...binary };
        if (start > 0) headers['content-range'] = `${start}-${size - 1}`;
        const answer = await client.send({
          ...{ method: 'PATCH', path: place, headers, repeat: false },
          body: () => pieces(read, start, size),
          expect: [201, 202, 204],
          // a megabyte a second
          timeout: Math.max(600_000, size / 1000),
        });
        place = uploadPlace(client, answer, place);
        // how far the registry says it is may be old; the digest proves that nothing is missing
        stored = size;
      }
      const url = new URL(place);
      url.searchParams.set('digest', digest);
      await client.send({
        ...{ method: 'PUT', path: url.href, headers: binary },
        body: await read(stored, size),
        expect: [201, 204],
        // the registry may have taken a part of it, and what comes after that would be another content
        repeat: false,
      });
      return true;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      // two pushes of one layer at the same time: Nexus rejects the one that ends later (sonatype/nexus-public#967)
      if ([400, 409].includes(Number(error.status)) && (await hasBlob(client, digest))) return true;
      const lost = error instanceof ConnectionLost;
      const failed = Number(error.status) >= 500;
      if (!(lost || failed || start > 0) || ++failures === 5) throw error;
      await sleep(Math.random() * 125 * 2 ** failures);
      if (await hasBlob(client, digest)) return true;
      // who fails at the end may have all of it; of what came with that request nobody knows how much
      stored = large && (lost || (failed && stored === size)) ? await storedOf(client, place) : 0;
      if (stored === 0) place = await begin();
    }
  }
}

async function* pieces(read: BlobContent['read'], start: number, size: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < size; at += 1 << 20) yield read(at, Math.min(at + (1 << 20), size));
}

/** How many bytes of an upload the registry has; 0 where it does not say. */
async function storedOf(client: RegistryClient, place: string): Promise<number> {
  const answer = await client.send({ method: 'GET', path: place, expect: [204, 400, 404, 405, 416, 501] });
  return Number(/^(?:bytes=)?0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1] ?? -1) + 1;
}

/** Where an upload goes on: the registry may name another place after each request, relative to that of the request. */
export function uploadPlace({ repository }: RegistryClient, response: Response, before?: string): string {
  const location = response.headers.get('location');
  if (!location && before !== undefined) return before;
  if (!location) {
    const what = `POST ${repository.origin}/v2/${repository.name}/blobs/uploads/`;
    throw new ToolError('registry', what, response.status, reasonOf('registry.noUploadPlace'));
  }
  const url = new URL(location, response.url);
  // a registry behind a proxy that ends TLS may not know that it is there
  if (url.host === new URL(repository.origin).host) url.protocol = new URL(repository.origin).protocol;
  return url.href;
}

/** The bytes of a blob, checked against its digest. */
export async function getBlob(client: RegistryClient, digest: string): Promise<Buffer> {
  const response = await client.send({ method: 'GET', path: `blobs/${digest}`, expect: [200], timeout: 600_000 });
  const bytes = Buffer.from(await response.arrayBuffer());
  const found = digestOf(bytes);
  if (found !== digest) throw damaged(client, digest, found);
  return bytes;
}

function damaged(client: RegistryClient, wanted: string, found: string): ToolError {
  return new ToolError(
    'registry',
    reasonOf('request.reading', { what: `${client.repository.host}/${client.repository.name}@${wanted}` }),
    undefined,
    reasonOf('registry.otherDigest', { found }),
  );
}
