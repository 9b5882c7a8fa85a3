import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestTypes, openRegistry, putBlob, putManifest } from '@fairway/clients/registry/index';
import type { Descriptor, RegistryClient, RegistryLogin } from '@fairway/clients/registry/index';
import { ensureParts } from './build/ensure-parts.ts';
import { runCommand } from './command.ts';
import { partsFolder, platformFolders } from './folders.ts';
import { logContents } from './logs/images.ts';
import { logParts } from './logs/parts.ts';
import { builtImage, contentsOf } from './serving/images.ts';
import type { Contents } from './serving/images.ts';
import { ownServices } from './serving/own-services.ts';
import { servingParts } from './serving/parts.ts';

export interface PushImages {
  /** Each image is a repository of its name below this one. */
  readonly login: RegistryLogin;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/**
 * Makes the images that nobody publishes, for this machine's processor, and pushes them to a registry.
 * @returns their names in templates/inference-platform, with the reference by digest
 * @throws ToolError when a part cannot be built or the registry denies it
 */
export async function pushImages({ login, signal, progress }: PushImages): Promise<ReadonlyMap<string, string>> {
  const folders = platformFolders();
  const wanted = [...servingParts('packages'), ...logParts].filter(({ name }) =>
    ['waf', 'log-lifecycle', 'rsyslog'].includes(name),
  );
  const parts = await ensureParts(wanted, { folder: partsFolder(folders), signal, progress });
  const part = (name: string) => parts.get(name)!;
  const images: Readonly<Record<string, Contents>> = {
    waf: await contentsOf('waf', part('waf')),
    services: await ownServices(),
    'log-lifecycle': await logContents('log-lifecycle', part),
    rsyslog: await logContents('rsyslog', part),
  };
  const pushed = new Map<string, string>();
  for (const [name, contents] of Object.entries(images)) {
    const { client } = await openRegistry(login, name, signal);
    const importImage = async (archive: string) => {
      const digest = await pushArchive(client, archive, signal);
      pushed.set(`fairway.invalid/${name}`, `${login.registry.replace(/\/+$/, '')}/${name}@${digest}`);
    };
    await builtImage(name, contents, new Set(), { cache: folders.cache, importImage, progress, signal }).bring();
  }
  return pushed;
}

interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** @returns the manifest's digest */
async function pushArchive(client: RegistryClient, archive: string, signal: AbortSignal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-image-'));
  const blob = (digest: string) => readFile(join(folder, 'blobs', digest.replace(':', '/')));
  try {
    await runCommand('tar', ['-xf', archive, '-C', folder], { signal });
    const index = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8')) as { manifests: [Descriptor] };
    const manifest = JSON.parse((await blob(index.manifests[0].digest)).toString()) as Manifest;
    for (const { mediaType, digest } of [...manifest.layers, manifest.config])
      await putBlob(client, mediaType, await blob(digest));
    return (await putManifest(client, manifestTypes.image, manifest)).digest;
  } finally {
    await rm(folder, { recursive: true });
  }
}
