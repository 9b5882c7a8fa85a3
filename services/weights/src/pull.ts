import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { dockerCredentials, getManifest, openRepository, parseRepository } from '@fairway/clients/registry/index';
import type { Descriptor, RegistryClient, RegistryCredentials } from '@fairway/clients/registry/index';
import { lockFile } from './lock.ts';
import type { LockTimes } from './lock.ts';
import { unpackLayer } from './unpack.ts';

export interface Pull {
  /** registry/repository[:tag]@sha256:… */
  readonly image: string;
  /** Gets a folder with the model, named by the digest of the image in hexadecimal. */
  readonly folder: string;
  /** Folder with a folder for each pull secret, with Docker's config.json in it. */
  readonly logins?: string;
  readonly signal: AbortSignal;
  readonly times?: LockTimes;
  say(message: string): void;
}

/** Layers that come at the same time. */
const atOnce = 3;

/** Files that lie in the folder of an image that is whole, by their path, with their sizes. */
type Files = Record<string, number>;

/**
 * Pulls an image by digest and unpacks it. Every layer is proved by its SHA-256. What is whole stays and says so in a file of its own, so that the
 * next pod with the same volume finds it; of pods that start together one pulls and the others wait.
 * @throws Error with a paragraph that says what to do
 */
export async function pullWeights(pull: Pull): Promise<void> {
  const { image, folder, logins, signal, times, say } = pull;
  const [, name = '', hex = ''] = /^([^@]+?)(?::[\w.-]+)?@sha256:([0-9a-f]{64})$/.exec(image) ?? [];
  if (hex === '') throw new Error(`IMAGE is "${image}", and must be registry/repository@sha256:… with 64 digits.`);
  const isLacking = async () => !(await isWhole(folder, hex));
  const unlock = await lockFile(join(folder, `${hex}.lock`), isLacking, signal, times);
  if (!unlock) return say(`${image} is there already.`);
  const part = join(folder, `${hex}.${hostname()}.part`);
  try {
    // what pods left that are gone
    for (const left of await readdir(folder))
      if (left.startsWith(`${hex}.`) && left.endsWith('.part')) await rm(join(folder, left), { recursive: true });
    await mkdir(part);
    const repository = parseRepository(name);
    const client = openRepository(repository, await credentialsOf(name, logins), signal);
    const layers = await layersOf(client, hex);
    const files = await unpackAll(client, layers, part, pull);
    const target = join(folder, hex);
    // one that is not whole: somebody deleted a file of it
    await rm(target, { recursive: true, force: true });
    await rename(part, target);
    await writeFile(join(folder, `${hex}.part.json`), JSON.stringify(files));
    await rename(join(folder, `${hex}.part.json`), join(folder, `${hex}.json`));
    say(`${image} is there: ${Object.keys(files).length} files.`);
  } finally {
    // of a pull that failed: a disk that it filled is not its own
    await rm(part, { recursive: true, force: true });
    await unlock();
  }
}

async function isWhole(folder: string, hex: string): Promise<boolean> {
  try {
    const files = JSON.parse(await readFile(join(folder, `${hex}.json`), 'utf8')) as Files;
    for (const [path, size] of Object.entries(files))
      if ((await stat(join(folder, hex, path))).size !== size) return false;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The first pull secret that has a login for the registry, as the kubelet looks for one. */
async function credentialsOf(name: string, logins: string | undefined): Promise<RegistryCredentials> {
  const secrets = logins === undefined ? [] : await readdir(logins).catch(() => []);
  for (const secret of secrets.filter(entry => !entry.startsWith('.')).toSorted()) {
    const found = await dockerCredentials(name, join(logins!, secret));
    if (found.username !== undefined || found.identityToken !== undefined) return found;
  }
  return {};
}

async function layersOf(client: RegistryClient, hex: string): Promise<readonly Descriptor[]> {
  const { host, name } = client.repository;
  const image = `${host}/${name}@sha256:${hex}`;
  const found = await getManifest<{ readonly layers?: readonly Descriptor[] }>(client, `sha256:${hex}`);
  if (!found)
    throw new Error(`${image} is not in the registry. Push it (fairway weights push), or correct model.weights.image.`);
  if (found.manifest.layers) return found.manifest.layers;
  throw new Error(`${image} is an index of images and no image. Name the digest of one image in model.weights.image.`);
}

async function unpackAll(
  client: RegistryClient,
  layers: readonly Descriptor[],
  part: string,
  { signal, say }: Pull,
): Promise<Files> {
  const files: Files = {};
  const whole = layers.reduce((sum, { size }) => sum + size, 0);
  say(`Pulling ${layers.length} layers with ${(whole / 1e9).toFixed(2)} GB from ${client.repository.host}.`);
  const stopping = new AbortController();
  const within = AbortSignal.any([signal, stopping.signal]);
  const queue = layers.entries();
  let done = 0;
  const work = async () => {
    for (const [, layer] of queue) {
      const unpacked = await unpackLayer(client, layer, part, within);
      for (const [path, size] of unpacked) {
        if (files[path] !== undefined)
          throw new Error(
            `Two layers of the image have the file ${path}, and layers come in no order here. Make the image with fairway weights push.`,
          );
        files[path] = size;
      }
      say(`${++done} of ${layers.length} layers are there.`);
    }
  };
  const workers = Array.from({ length: atOnce }, work);
  await Promise.all(workers).catch(async (error: unknown) => {
    stopping.abort();
    await Promise.allSettled(workers);
    throw error;
  });
  return files;
}
