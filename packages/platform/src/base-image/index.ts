import { createReadStream } from 'node:fs';
import { connectDocker, findImage, tagImage } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { ToolError } from '@fairway/clients/tool-error';
import { baseKey, distributionBase } from './distribution-base.ts';
import type { Preparation } from './distribution-base.ts';
import { debianMirrors } from './mirrors.ts';
import { publicRegistryAnswers } from '../public-registry.ts';
import { publicBase, pullPublicBase } from './public-base.ts';

const baseImage = { repository: 'fairway-base', tag: 'bookworm' };
const keyLabel = 'dev.fairway.base';

/**
 * Puts the base image of the examples into the Docker daemon: Debian bookworm, deliberately without the latest security
 * updates, so that scan, fix and rescan have real work. Pulled by digest where a public registry answers, otherwise made
 * from the distribution's packages and kept in the cache.
 * @returns the image's name, `fairway-base:bookworm`
 * @throws ToolError when neither works; ConfigurationError when apt has no Debian mirror
 */
export async function bringBaseImage(options: Preparation & { readonly dockerHost: string }): Promise<string> {
  const { dockerHost, signal, progress } = options;
  const reference = `${baseImage.repository}:${baseImage.tag}`;
  const engine = await connectDocker(dockerHost, signal);
  const found = await findImage(engine, reference);
  if (found?.repositoryDigests.includes(publicBase)) return reference;
  // an image that someone made or tagged by hand is theirs
  if (found && found.config.Labels?.[keyLabel] === undefined) return reference;
  if (!found && (await publicRegistryAnswers(signal))) {
    progress(`pulling ${publicBase}`);
    await pullPublicBase(engine, signal);
    await tagImage(engine, publicBase, reference);
    return reference;
  }
  const mirrors = await debianMirrors(signal);
  const key = baseKey(mirrors);
  if (found?.config.Labels?.[keyLabel] === key) return reference;
  const archive = await distributionBase(mirrors, options);
  progress('importing the image');
  await importArchive(engine, archive, key, signal);
  return reference;
}

async function importArchive(engine: DockerEngine, archive: string, key: string, signal: AbortSignal): Promise<void> {
  const stream = await engine.docker.importImage(createReadStream(archive), {
    repo: baseImage.repository,
    tag: baseImage.tag,
    changes: `LABEL ${keyLabel}=${key}\nCMD ["bash"]`,
    abortSignal: signal,
  });
  await new Promise<void>((resolve, reject) =>
    engine.docker.modem.followProgress(stream, error => (error ? reject(error) : resolve())),
  ).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new ToolError('docker', `importing ${archive}`, undefined, String(error));
  });
}
