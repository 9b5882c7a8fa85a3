import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, realpath, rm } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { getCACertificates, rootCertificates } from 'node:tls';
import { promisify } from 'node:util';
import { ToolError } from '@fairway/clients/tool-error';
import { imageArchive } from '../build/image-part.ts';
import { manifestName, readManifest } from '../build/part-key.ts';
import type { ServingContext } from '../serving-context.ts';
import { writeImage } from './oci-image.ts';
import type { ImageFile } from './oci-image.ts';

export const imageNames = ['coredns', 'waf', 'envoy-gateway', 'envoy', 'redis'] as const;
export type ImageName = (typeof imageNames)[number];

/** What an image is made of; the tag of its name follows from this. */
export interface Contents {
  /** Folders of the parts that files come from. */
  readonly parts: readonly string[];
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
  contents: Contents,
  present: ReadonlySet<string>,
  context: Pick<ServingContext, 'cache' | 'importImage' | 'progress' | 'signal'>,
): Image {
  const tag = createHash('sha256')
    .update(JSON.stringify(recipeKey(contents)))
    .digest('hex')
    .slice(0, 12);
  const reference = `localhost/fairway/${name}:${tag}`;
  const bring = async (): Promise<void> => {
    if (present.has(reference)) return;
    context.progress(`image ${name}: from ${contents.parts.map(part => basename(part)).join(', ')}`);
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

async function contentsOf(name: ImageName, folder: string): Promise<Contents> {
  const program = `/usr/local/bin/${name}`;
  switch (name) {
    case 'envoy': {
      const files = await withLibraries(program, join(folder, 'envoy', '_bin', 'envoy'));
      const roots = { path: '/etc/ssl/certs/ca-certificates.crt', content: certificates(), executable: false };
      return { parts: [folder], files: [...files, roots], entrypoint: [program] };
    }
    case 'redis':
      return {
        parts: [folder],
        files: await withLibraries(program, await realpath(join(folder, 'usr', 'bin', 'redis-server')), folder),
        entrypoint: [program],
      };
    default:
      return {
        parts: [folder],
        files: [{ path: program, content: { file: join(folder, name) }, executable: true }],
        entrypoint: [program],
      };
  }
}

/**
 * A binary with the libraries that it names.
 * @param root folder of unpacked packages, in which libraries are looked for before the machine's own
 */
async function withLibraries(program: string, binary: string, root?: string): Promise<readonly ImageFile[]> {
  const libraries = await Promise.all(
    (await librariesOf([binary], root ? await librariesFolders(root) : [])).map(async path => ({
      path: root && path.startsWith(root) ? path.slice(root.length) : path,
      content: await readFile(path),
      executable: true,
    })),
  );
  return [{ path: program, content: { file: binary }, executable: true }, ...libraries];
}

/** A part's folder is named by its content, so its files need no second digest. */
function recipeKey(contents: Contents): unknown {
  return {
    part: contents.parts.map(part => basename(part)).join(' '),
    architecture: process.arch,
    entrypoint: contents.entrypoint,
    files: contents.files.map(({ path, content, executable }) => [
      path,
      executable,
      content instanceof Uint8Array ? createHash('sha256').update(content).digest('hex') : undefined,
    ]),
  };
}

/**
 * The shared libraries that binaries name, the loader among them, as files of this machine.
 * @param folders that are searched before the machine's own
 */
export async function librariesOf(binaries: readonly string[], folders: readonly string[]): Promise<readonly string[]> {
  const env = { ...process.env, LD_LIBRARY_PATH: folders.join(':') };
  const found = new Set<string>();
  for (const binary of binaries) {
    const { stdout } = await promisify(execFile)('ldd', [binary], { env }).catch(
      (error: Error & { code?: number | string; stderr?: string }) => {
        throw new ToolError('ldd', `ldd ${binary}`, error.code, error.stderr ?? error.message, needsGlibc);
      },
    );
    for (const path of librariesIn(stdout, binary)) found.add(path);
  }
  return [...found].sort();
}

const needsGlibc = "The images are made of this machine's own libraries; Envoy needs glibc 2.31 or newer.";

/** Debian keeps libraries in folders by architecture. */
export async function librariesFolders(root: string): Promise<readonly string[]> {
  const folder = join(root, 'usr', 'lib');
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(entry => entry.isDirectory() && entry.name.endsWith('-linux-gnu'))
    .map(({ name }) => join(folder, name));
}

/** @throws ToolError when the loader does not find one of them */
export function librariesIn(output: string, binary: string): readonly string[] {
  const paths: string[] = [];
  for (const line of output.split('\n')) {
    if (line.includes('not found')) throw new ToolError('ldd', `ldd ${binary}`, undefined, line.trim(), needsGlibc);
    const path = /(?:=>\s*)?(\/\S+)\s+\(0x/.exec(line)?.[1];
    if (path) paths.push(path);
  }
  return paths;
}

/** Mozilla's roots and those that this machine trusts besides, so that an issuer behind a company's own CA works too. */
function certificates(): Buffer {
  return Buffer.from([...new Set([...rootCertificates, ...getCACertificates('system')])].sort().join('\n') + '\n');
}
