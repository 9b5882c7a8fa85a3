import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerCredentials, getManifest, openRepository, parseRepository } from '@fairway/clients/registry/index';
import type { Descriptor, RegistryClient, RegistryCredentials } from '@fairway/clients/registry/index';
import { allOf } from '@fairway/clients/all-of';
import type { LockTimes } from './lock.ts';
import { putOnce } from './put-once.ts';
import type { Files } from './put-once.ts';
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

/**
 * Pulls an image by digest and unpacks it. Every layer is proved by its SHA-256.
 * @throws Error with a paragraph that says what to do
 */
export async function pullWeights(pull: Pull): Promise<void> {
  const { image, folder, logins, signal, times, say } = pull;
  const [, name = '', hex = ''] = /^([^@]+?)(?::[\w.-]+)?@sha256:([0-9a-f]{64})$/.exec(image) ?? [];
  if (hex === '') throw new Error(`IMAGE is "${image}", and must be registry/repository@sha256:… with 64 digits.`);
  const files = await putOnce({ folder, name: hex, signal, times }, async part => {
    const client = openRepository(parseRepository(name), await credentialsOf(name, logins), signal);
    return unpackAll(client, await layersOf(client, hex), part, pull);
  });
  say(files ? `${image} is there: ${Object.keys(files).length} files.` : `${image} is there already.`);
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
  let done = 0;
  await allOf(layers, atOnce, signal, async (layer, within) => {
    for (const [path, size] of await unpackLayer(client, layer, part, within)) {
      if (files[path] !== undefined)
        throw new Error(
          `Two layers of the image have the file ${path}, and layers come in no order here. Make the image with fairway weights push.`,
        );
      files[path] = size;
    }
    say(`${++done} of ${layers.length} layers are there.`);
  });
  return files;
}
