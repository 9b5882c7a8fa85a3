import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { digestOf, mediaTypes, nameImage, openLayout, writeBlob } from '@fairway/image';
import type { Descriptor, Layout } from '@fairway/image';

/** Makes an image of one layer, as much of one as scanners and registries look at. */
export async function imageOfFiles(
  folder: string,
  files: Readonly<Record<string, string | Buffer>>,
  comment = 'files',
): Promise<{ readonly layout: Layout; readonly descriptor: Descriptor }> {
  const layout = await openLayout(folder);
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  const tar = Buffer.concat(chunks);
  const layer = await writeBlob(layout, mediaTypes.gzipLayer, [gzipSync(tar)]);
  const config = await writeBlob(layout, mediaTypes.config, [
    Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
        history: [{ created_by: comment }],
      }),
    ),
  ]);
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [layer] };
  const descriptor = await writeBlob(layout, mediaTypes.manifest, [Buffer.from(JSON.stringify(manifest))]);
  await nameImage(layout, 'build', descriptor);
  return { layout, descriptor };
}
