import { createReadStream } from 'node:fs';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import tar from 'tar-stream';
import type { Header } from 'tar-stream';
import { blobPath } from './blobs.ts';
import type { Layout } from './blobs.ts';
import type { Descriptor } from './oci.ts';

/** One entry of a layer's archive, in the archive's order. */
export interface LayerEntry {
  readonly header: Header;
  /** Without slashes at its ends; empty for the root. */
  readonly path: string;
  /** Is read before the next entry comes, or thrown away. */
  readonly content: Readable;
}

/** Reads the archive of a layer, whichever way it is compressed. */
export async function readLayer(
  layout: Layout,
  { digest, mediaType }: Descriptor,
  visit: (entry: LayerEntry) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  const extract = tar.extract();
  const visited = (async () => {
    for await (const entry of extract) {
      const content = entry as unknown as Readable;
      await visit({ header: entry.header, path: plainPath(entry.header.name), content });
      content.resume();
    }
  })();
  const blob = createReadStream(blobPath(layout, digest), { highWaterMark: 1 << 20 });
  await Promise.all([pipeline([blob, ...decompression(mediaType), extract], { signal }), visited]);
}

export function plainPath(name: string): string {
  return name.replace(/^(\.?\/)+|^\.$/, '').replace(/\/+$/, '');
}

function decompression(mediaType: string): readonly Transform[] {
  if (/gzip$/.test(mediaType)) return [createGunzip()];
  return /zstd$/.test(mediaType) ? [createZstdDecompress()] : [];
}
