import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../tool-error.ts';
import { ConnectionLost } from './client.ts';
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
  const digest =
    response.headers.get('docker-content-digest') ?? (await getManifest(client, reference))?.descriptor.digest;
  if (!digest) return undefined;
  return {
    mediaType: response.headers.get('content-type') ?? '',
    digest,
    size: Number(response.headers.get('content-length')),
  };
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
  const descriptor = { mediaType: response.headers.get('content-type') ?? '', digest, size: bytes.length };
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
    expect: [201],
  });
  const stored = response.headers.get('docker-content-digest');
  if (stored && stored !== digest) throw damaged(client, digest, stored);
  return { mediaType, digest, size: body.length, subject: response.headers.has('oci-subject') };
}

/** More bytes than this go up in pieces, so that a broken connection costs one of them. */
const pieceBytes = 16 << 20;

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

/**
 * Stores a blob unless the registry has it. An upload that breaks off goes on where the registry has it; one whose end got no answer is
 * looked for, and begun anew where it is not there.
 * @returns true when it was sent
 */
export async function uploadBlob(client: RegistryClient, content: BlobContent): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const known = await client.send({ method: 'HEAD', path: `blobs/${content.digest}`, expect: [200, 404] });
    if (known.status === 200) return attempt > 1;
    try {
      await sendBlob(client, content);
      return true;
    } catch (error) {
      const broken = error instanceof ConnectionLost || (error instanceof ToolError && Number(error.status) >= 500);
      if (!broken || attempt === 4) throw error;
      await sleep(Math.random() * 250 * 2 ** attempt);
    }
  }
}

async function sendBlob(client: RegistryClient, { digest, size, read }: BlobContent): Promise<void> {
  const begun = await client.send({ method: 'POST', path: 'blobs/uploads/', expect: [202] });
  let place = placeOf(client, begun);
  let stored = 0;
  let losses = 0;
  while (size > pieceBytes && stored < size) {
    const piece = await read(stored, stored + pieceBytes);
    const range = `${stored}-${stored + piece.length - 1}`;
    const headers = { 'content-type': 'application/octet-stream', 'content-range': range };
    let answer: Response;
    try {
      answer = await client.send({ method: 'PATCH', path: place, headers, body: piece, expect: [202], repeat: false });
    } catch (error) {
      if (!(error instanceof ConnectionLost) || ++losses === 5) throw error;
      answer = await client.send({ method: 'GET', path: place, expect: [204] });
    }
    stored = Number(/^(?:bytes=)?0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1] ?? -1) + 1;
    place = placeOf(client, answer, place);
  }
  const url = new URL(place);
  url.searchParams.set('digest', digest);
  await client.send({
    method: 'PUT',
    path: url.href,
    headers: { 'content-type': 'application/octet-stream' },
    body: await read(stored, size),
    expect: [201],
    // the registry may have taken a part of it, and what comes after that would be another content
    repeat: false,
  });
}

/** Where an upload goes on: the registry may name another place after each piece. */
function placeOf({ repository }: RegistryClient, response: Response, before?: string): string {
  const location = response.headers.get('location');
  if (location) return new URL(location, repository.origin).href;
  if (before !== undefined) return before;
  const what = `POST ${repository.origin}/v2/${repository.name}/blobs/uploads/`;
  throw new ToolError('registry', what, response.status, 'the registry named no place to upload to.');
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
    `reading ${client.repository.host}/${client.repository.name}@${wanted}`,
    undefined,
    `the content has the digest ${found}.`,
  );
}
