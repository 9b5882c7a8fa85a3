import { open } from 'node:fs/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { blobPath, imageBlobs, missingBlob, readBlob } from '@fairway/image';
import type { Layout } from '@fairway/image';
import { allOf } from '../all-of.ts';
import { ToolError } from '../tool-error.ts';
import type { RegistryClient } from './client.ts';
import { uploadBlob } from './content.ts';
import type { Descriptor } from './content.ts';
import type { Mount } from './mount.ts';
import { tagManifest } from './tag-manifest.ts';

export interface ImagePush {
  /** Digest of the image's manifest in the layout. */
  readonly digest: string;
  readonly tag: string;
  /** From other repositories of the registry, such as that of its base. */
  readonly mount?: Mount;
  progress(message: string): void;
}

export interface PushedImage {
  readonly descriptor: Descriptor;
  /** Blobs that the registry lacked, and their bytes. */
  readonly sent: { readonly blobs: number; readonly bytes: number };
}

/** Uploads that run at the same time, as many as Docker's own push has. */
const atOnce = 5;

/**
 * Pushes an image out of a layout. Only the blobs that the registry lacks are sent, the manifest last and by its own bytes, so the image
 * has the same digest in both.
 * @throws ToolError when the layout lacks a blob, or the registry does not accept the image or stores another one
 */
export async function pushImage(
  client: RegistryClient,
  layout: Layout,
  { digest, tag, mount, progress }: ImagePush,
): Promise<PushedImage> {
  const { host, name } = client.repository;
  const what = reasonOf('request.pushing', { image: `${host}/${name}:${tag}` });
  const missing = await missingBlob(layout, digest);
  if (missing) throw new ToolError('registry', what, undefined, missing, reasonOf('registry.makeAgain'));
  const [manifest, ...content] = await imageBlobs(layout, digest);
  // a layer that occurs twice is one blob
  const blobs = [...new Map(content.map(blob => [blob.digest, blob])).values()];
  const sent = { blobs: 0, bytes: 0 };
  let done = 0;
  // the client has the signal of the whole push
  await allOf(blobs, atOnce, undefined, async (blob, signal) => {
    const stoppable: RegistryClient = { ...client, send: request => client.send({ ...request, signal }) };
    const file = await open(blobPath(layout, blob.digest));
    try {
      const read = async (start: number, end: number) => {
        const buffer = Buffer.alloc(Math.min(end, blob.size) - start);
        return (await file.read(buffer, 0, buffer.length, start)).buffer;
      };
      if (await uploadBlob(stoppable, { ...blob, read }, mount)) {
        sent.blobs++;
        sent.bytes += blob.size;
      }
      progress(`${++done} of ${blobs.length} blobs`);
    } finally {
      await file.close();
    }
  });
  return { descriptor: await tagManifest(client, manifest!.mediaType, await readBlob(layout, digest), tag), sent };
}
