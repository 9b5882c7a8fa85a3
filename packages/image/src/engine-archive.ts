import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import type { Pack } from 'tar-stream';
import { blobPath } from './blobs.ts';
import type { Layout } from './blobs.ts';
import { imageBlobs, readManifest } from './layout.ts';
import { annotations, mediaTypes } from './oci.ts';

/**
 * An image of a layout in the form that container engines load: an OCI layout that also holds Docker's own list of it, as `docker save`
 * writes it since Docker 25. Older ones read the list, newer ones the layout, which leaves the image its digest.
 * @param name `repository:tag`, as users write it
 * @param fullName the same with its registry, such as docker.io/library/hello:1
 */
export function engineArchive(layout: Layout, digest: string, name: string, fullName: string): Readable {
  const pack = tar.pack();
  // whoever reads the archive gets the error
  fill(pack, layout, digest, name, fullName).catch((error: unknown) =>
    pack.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return Readable.from(pack);
}

async function fill(pack: Pack, layout: Layout, digest: string, name: string, fullName: string): Promise<void> {
  const { config, layers } = await readManifest(layout, digest);
  const [manifest, ...blobs] = await imageBlobs(layout, digest);
  const named = {
    [annotations.engineName]: fullName,
    [annotations.name]: fullName.slice(fullName.lastIndexOf(':') + 1),
  };
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{ ...manifest, annotations: named }],
  };
  const list = [
    { Config: entryOf(config.digest), RepoTags: [name], Layers: layers.map(layer => entryOf(layer.digest)) },
  ];
  const time = { mtime: new Date(0) };
  pack.entry({ name: 'oci-layout', ...time }, '{"imageLayoutVersion":"1.0.0"}');
  pack.entry({ name: 'index.json', ...time }, JSON.stringify(index));
  pack.entry({ name: 'manifest.json', ...time }, JSON.stringify(list));
  // a layer that occurs twice is one blob
  const once = new Map([manifest!, ...blobs].map(blob => [blob.digest, blob]));
  for (const { digest: blob, size } of once.values())
    await pipeline(
      createReadStream(blobPath(layout, blob), { highWaterMark: 1 << 20 }),
      pack.entry({ name: entryOf(blob), size, ...time }),
    );
  pack.finalize();
}

function entryOf(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}
