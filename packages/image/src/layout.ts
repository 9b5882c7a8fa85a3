import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { absent, blobPath, digestOf, hasBlob, storedDigest } from './blobs.ts';
import type { Layout } from './blobs.ts';
import { LayoutError } from './layout-error.ts';
import { annotations, mediaTypes } from './oci.ts';
import type { Descriptor, ImageConfig, ImageIndex, ImageManifest } from './oci.ts';

const version = '1.0.0';

/**
 * Opens the layout in a folder; where there is none yet it is made.
 * @throws LayoutError when the folder holds a layout of another version
 */
export async function openLayout(folder: string): Promise<Layout> {
  const layout = { folder };
  const marker = join(folder, 'oci-layout');
  const text = await readFile(marker, 'utf8').catch(absent);
  if (text === undefined) {
    await mkdir(join(folder, 'blobs', 'sha256'), { recursive: true });
    // the folder lies beside sources, and images are no source
    await replaceFile(join(folder, '.gitignore'), '*\n');
    await replaceFile(marker, JSON.stringify({ imageLayoutVersion: version }));
    return layout;
  }
  const found = (parsed(text, marker) as { imageLayoutVersion?: unknown }).imageLayoutVersion;
  if (found !== version)
    throw new LayoutError(
      `${marker}: this OCI layout has the version ${JSON.stringify(found)}; ${version} is read. Move the folder away, and it is made again.`,
    );
  return layout;
}

export async function readIndex({ folder }: Layout): Promise<ImageIndex> {
  const file = join(folder, 'index.json');
  const text = await readFile(file, 'utf8').catch(absent);
  if (text === undefined) return { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] };
  const index = parsed(text, file) as Partial<ImageIndex>;
  if (!Array.isArray(index.manifests)) throw new LayoutError(`${file}: it lists no manifests.`);
  return index as ImageIndex;
}

/** The image under a name or of a digest, or undefined. */
export async function findImage(
  layout: Layout,
  wanted: { readonly name: string } | { readonly digest: string },
): Promise<Descriptor | undefined> {
  return (await readIndex(layout)).manifests.find(one =>
    'name' in wanted ? one.annotations?.[annotations.name] === wanted.name : one.digest === wanted.digest,
  );
}

/** Gives an image a name in the layout; whatever had the name loses it. The blobs must be there already. */
export async function nameImage(
  layout: Layout,
  name: string,
  { mediaType, digest, size }: Descriptor,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const index = await readIndex(layout);
  const manifests = [
    ...index.manifests.filter(one => one.annotations?.[annotations.name] !== name),
    { mediaType, digest, size, annotations: { ...more, [annotations.name]: name } },
  ];
  await replaceFile(join(layout.folder, 'index.json'), JSON.stringify({ ...index, manifests }, null, 2));
}

/** Takes names away. The blobs stay until the layout is pruned. */
export async function removeNames(layout: Layout, names: readonly string[]): Promise<void> {
  const index = await readIndex(layout);
  const manifests = index.manifests.filter(one => !names.includes(one.annotations?.[annotations.name] ?? ''));
  await replaceFile(join(layout.folder, 'index.json'), JSON.stringify({ ...index, manifests }, null, 2));
}

/** The bytes of a small blob: a manifest or a configuration. They are checked against their digest. */
export async function readBlob(layout: Layout, digest: string): Promise<Buffer> {
  const path = blobPath(layout, digest);
  const bytes = await readFile(path).catch(absent);
  if (!bytes) throw new LayoutError(`${path} is missing. Run the stage that makes the image again.`);
  const found = digestOf(bytes);
  if (found !== digest)
    throw new LayoutError(`${path} was changed: its digest is ${found}. Delete it, and run the stage that makes it.`);
  return bytes;
}

export async function readManifest(layout: Layout, digest: string): Promise<ImageManifest> {
  const manifest = parsed((await readBlob(layout, digest)).toString('utf8'), digest) as Partial<ImageManifest>;
  if (!manifest.config || !Array.isArray(manifest.layers))
    throw new LayoutError(`${blobPath(layout, digest)}: this is not the manifest of an image.`);
  // who writes one may leave it out (image specification, manifest.md)
  return { mediaType: mediaTypes.manifest, ...manifest } as ImageManifest;
}

export async function readConfig(layout: Layout, { config }: ImageManifest): Promise<ImageConfig> {
  return parsed((await readBlob(layout, config.digest)).toString('utf8'), config.digest) as ImageConfig;
}

/** Everything that an image is made of, the manifest first. */
export async function imageBlobs(layout: Layout, digest: string): Promise<readonly Descriptor[]> {
  const bytes = await readBlob(layout, digest);
  const manifest = await readManifest(layout, digest);
  return [{ mediaType: manifest.mediaType, digest, size: bytes.length }, manifest.config, ...manifest.layers];
}

/** What of an image is not there, as half a sentence, or undefined. Only sizes are compared: `verifyImage` reads every byte. */
export async function missingBlob(layout: Layout, digest: string): Promise<string | undefined> {
  if (!(await findImage(layout, { digest }))) return `the image ${digest.slice(0, 19)}… is not in ${layout.folder}`;
  const whole = (await storedDigest(layout, digest)) === digest;
  if (!whole) return `the manifest ${blobPath(layout, digest)} is missing or was changed`;
  for (const blob of await imageBlobs(layout, digest))
    if (!(await hasBlob(layout, blob))) return `${blobPath(layout, blob.digest)} is missing or has another size`;
  return undefined;
}

/**
 * Reads every byte of an image.
 * @throws LayoutError that names the first blob that is missing or was changed
 */
export async function verifyImage(layout: Layout, digest: string): Promise<void> {
  for (const blob of await imageBlobs(layout, digest)) {
    const found = await storedDigest(layout, blob.digest);
    if (found !== blob.digest)
      throw new LayoutError(
        `${blobPath(layout, blob.digest)} ${found ? `was changed: its digest is ${found}` : 'is missing'}. Delete the folder ${layout.folder}, and run the stage that makes the image again.`,
      );
  }
}

/** Whoever reads finds the old file or the new one, also after a loss of power. */
async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.new`;
  const file = await open(temporary, 'w', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

function parsed(text: string, place: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    throw new LayoutError(`${place}: this is not JSON: ${(error as Error).message}`);
  }
}
