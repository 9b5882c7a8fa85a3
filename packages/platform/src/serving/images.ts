import { createHash } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { getCACertificates, rootCertificates } from 'node:tls';
import { imageArchive } from '../build/image-part.ts';
import { manifestName, readManifest } from '../build/part-key.ts';
import type { ServingContext } from '../serving-context.ts';
import { withLibraries } from './libraries.ts';
import { writeImage } from './oci-image.ts';
import type { ImageFile } from './oci-image.ts';
import { ownServices } from './own-services.ts';
import { postgresFiles } from './postgres-image.ts';

export const imageNames = [
  'coredns',
  'waf',
  'envoy-gateway',
  'envoy',
  'redis',
  'ratelimit',
  'postgres',
  'services',
] as const;
export type ImageName = (typeof imageNames)[number];

/** What an image is made of; the tag of its name follows from this. */
export interface Contents {
  /** Names what the files of this machine in it are, by their content. */
  readonly source: string;
  readonly files: readonly ImageFile[];
  readonly entrypoint: readonly string[];
}

/** An image that the node has or is about to get. */
export interface Image {
  readonly reference: string;
  /** Makes the archive and loads it into the node, unless the node has the image. */
  bring(): Promise<void>;
}

/**
 * The images of the serving path, each from its part: pulled, or made of what was built. The tag is a digest over everything in the image, so a node
 * that has the name has the image, and a changed part rolls the pods over. `localhost/` as podman names what was built
 * here: no registry can answer for it.
 */
export async function servingImages(context: ServingContext): Promise<Readonly<Record<ImageName, Image>>> {
  const present = new Set(await context.images());
  const images = await Promise.all(imageNames.map(async name => [name, await image(name, present, context)] as const));
  return Object.fromEntries(images) as Record<ImageName, Image>;
}

async function image(name: ImageName, present: ReadonlySet<string>, context: ServingContext): Promise<Image> {
  if (name === 'services') return builtImage(name, await ownServices(), present, context);
  const folder = context.part(name);
  const pulled = (await readManifest(join(folder, manifestName)))?.versions['image'];
  if (pulled) {
    const bring = async (): Promise<void> => {
      if (!present.has(pulled)) await context.importImage(join(folder, imageArchive));
    };
    return { reference: pulled, bring };
  }
  return builtImage(name, await contentsOf(name, folder), present, context);
}

/** An image of files of ours and of parts; nothing is written before it is brought. */
export function builtImage(
  name: string,
  { source, ...contents }: Contents,
  present: ReadonlySet<string>,
  context: Pick<ServingContext, 'cache' | 'importImage' | 'progress' | 'signal'>,
): Image {
  const tag = createHash('sha256')
    .update(JSON.stringify(recipeKey({ source, ...contents })))
    .digest('hex')
    .slice(0, 12);
  const reference = `localhost/fairway/${name}:${tag}`;
  const bring = async (): Promise<void> => {
    if (present.has(reference)) return;
    context.progress(`image ${name}: from ${source}`);
    const archives = join(context.cache, 'images');
    await mkdir(archives, { recursive: true });
    const archive = join(archives, `${name}-${process.pid}.tar`);
    try {
      await writeImage({ reference, ...contents }, archive, context.signal);
      await context.importImage(archive);
    } finally {
      await rm(archive, { force: true });
    }
  };
  return { reference, bring };
}

/** What is in an image of ours, or in one that is made here because no public registry answers. */
export async function contentsOf(name: Exclude<ImageName, 'services'>, folder: string): Promise<Contents> {
  // a part's folder is named by its content, so its files need no second digest
  const source = basename(folder);
  // Envoy Gateway starts its rate limit service by this path
  const program = name === 'ratelimit' ? '/bin/ratelimit' : `/usr/local/bin/${name}`;
  switch (name) {
    case 'envoy': {
      const files = await withLibraries(program, join(folder, 'envoy', '_bin', 'envoy'));
      return { source, files: [...files, certificateRoots()], entrypoint: [program] };
    }
    case 'redis':
      return {
        source,
        files: await withLibraries(program, await realpath(join(folder, 'usr', 'bin', 'redis-server')), folder),
        entrypoint: [program],
      };
    case 'postgres':
      return { source, files: await postgresFiles(folder), entrypoint: ['/bin/sh'] };
    default:
      return {
        source,
        files: [{ path: program, content: { file: join(folder, name) }, executable: true }],
        entrypoint: [program],
      };
  }
}

function recipeKey(contents: Contents): unknown {
  return {
    part: contents.source,
    architecture: process.arch,
    entrypoint: contents.entrypoint,
    files: contents.files.map(({ path, content, executable }) => [
      path,
      executable,
      content instanceof Uint8Array ? createHash('sha256').update(content).digest('hex') : undefined,
    ]),
  };
}

/** Mozilla's roots and those that this machine trusts besides, so that an issuer behind a company's own CA works too. */
export function certificateRoots(): ImageFile {
  const roots = [...new Set([...rootCertificates, ...getCACertificates('system')])].sort().join('\n');
  return { path: '/etc/ssl/certs/ca-certificates.crt', content: Buffer.from(`${roots}\n`), executable: false };
}
