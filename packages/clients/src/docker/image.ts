import { Readable } from 'node:stream';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import { daemonError, errorCode } from './engine.ts';
import type { DockerEngine } from './engine.ts';
import { eventError, streamEvents } from './stream-events.ts';

/** The part of an image's configuration that decides how it runs, as the OCI image specification names it. */
export interface ImageConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly Healthcheck?: object;
  readonly Shell?: readonly string[];
  readonly OnBuild?: readonly string[];
}

const configKeys = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'Shell',
  'OnBuild',
] as const;

export interface ImageFacts {
  /** `sha256:…` of the configuration. */
  readonly id: string;
  /** Bytes as the daemon counts them; not comparable between daemons (some count compressed layers). */
  readonly size: number;
  readonly architecture: string;
  readonly os: string;
  /** RFC 3339 */
  readonly created: string;
  readonly config: ImageConfig;
  /** Digests of the uncompressed layers, lowest first. */
  readonly layers: readonly string[];
  /** `repository@sha256:…` by which registries know the image. */
  readonly repositoryDigests: readonly string[];
}

/** What the daemon knows of an image, or undefined when it has none of that name. */
export async function findImage(engine: DockerEngine, reference: string): Promise<ImageFacts | undefined> {
  try {
    const found = await engine.docker.getImage(reference).inspect();
    // an image's Config also holds fields of containers, all empty; only the image's own are passed on
    const config = Object.fromEntries(
      configKeys.flatMap(key => {
        const value: unknown = (found.Config as unknown as Record<string, unknown>)[key];
        return value === null || value === undefined || value === '' ? [] : [[key, value]];
      }),
    ) as ImageConfig;
    return {
      id: found.Id,
      size: found.Size,
      architecture: found.Architecture,
      os: found.Os,
      created: found.Created,
      config,
      layers: found.RootFS.Layers ?? [],
      repositoryDigests: found.RepoDigests ?? [],
    };
  } catch (error) {
    const code = errorCode(error);
    // 400: no image can have this name
    if (code === 404 || code === 400) return undefined;
    throw daemonError(`inspecting the image ${reference}`, error);
  }
}

/** As `findImage`; an image that is not there is an error that says what to do. */
export async function inspectImage(engine: DockerEngine, reference: string): Promise<ImageFacts> {
  const found = await findImage(engine, reference);
  if (found) return found;
  throw new ToolError(
    'docker',
    reasonOf('docker.inspect', { image: reference }),
    404,
    reasonOf('docker.noImage', { host: engine.host }),
    reasonOf('docker.makeImage'),
  );
}

export interface LayerReport {
  /** The instruction that made the layer. */
  readonly createdBy: string;
  readonly size: number;
}

/** The layers of an image, newest first, with the bytes that each adds; entries that add nothing are left out. */
export async function imageLayers(engine: DockerEngine, reference: string): Promise<readonly LayerReport[]> {
  const history = (await engine.docker.getImage(reference).history()) as readonly { CreatedBy: string; Size: number }[];
  return history
    .filter(entry => entry.Size > 0)
    .map(entry => ({ createdBy: entry.CreatedBy.replace(/\s+/g, ' ').trim(), size: entry.Size }));
}

/** Gives an image another name, `repository:tag`. */
export async function tagImage(engine: DockerEngine, reference: string, name: string): Promise<void> {
  const { repository, tag } = splitReference(name);
  try {
    await engine.docker.getImage(reference).tag({ repo: repository, tag });
  } catch (error) {
    throw daemonError(`tagging ${reference} as ${name}`, error);
  }
}

/** Takes a name off an image, and the image away when it was the last name. A name that is not there is fine. */
export async function removeImage(engine: DockerEngine, reference: string): Promise<void> {
  try {
    await engine.docker.getImage(reference).remove();
  } catch (error) {
    if (errorCode(error) !== 404) throw daemonError(`removing the image ${reference}`, error);
  }
}

/** An image as a tar archive in Docker's format. */
export async function saveImage(engine: DockerEngine, reference: string): Promise<Readable> {
  return Readable.from(await engine.docker.getImage(reference).get());
}

/** Reads an archive in Docker's format into the daemon. */
export async function loadImage(
  engine: DockerEngine,
  archive: NodeJS.ReadableStream,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const stream = await engine.docker.loadImage(archive, { abortSignal: signal } as object);
    for await (const event of streamEvents(stream as AsyncIterable<Uint8Array>)) {
      const failed = eventError(event);
      if (failed !== undefined) throw new ToolError('docker', reasonOf('docker.loading'), undefined, failed);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw daemonError(reasonOf('docker.loading'), error);
  }
}

/** "registry:5000/team/name:tag" → repository and tag; without a tag "latest". A digest is refused: it names no place to write to. */
export function splitReference(reference: string): { readonly repository: string; readonly tag: string } {
  if (reference.includes('@'))
    throw new ToolError('docker', reasonOf('docker.naming', { reference }), undefined, reasonOf('docker.digestNoName'));
  const colon = reference.lastIndexOf(':');
  if (colon <= reference.lastIndexOf('/')) return { repository: reference, tag: 'latest' };
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}

/** Pushes an image to the registry that its name, `repository:tag`, names, without a login. */
export async function pushImage(engine: DockerEngine, name: string, signal?: AbortSignal): Promise<void> {
  const options = { authconfig: { username: '', password: '' }, abortSignal: signal };
  await transferred(`pushing ${name}`, signal, () => engine.docker.getImage(name).push(options));
}

/** Pulls an image by its name, `repository@digest`, without a login. */
export async function pullImage(engine: DockerEngine, name: string, signal?: AbortSignal): Promise<void> {
  await transferred(`pulling ${name}`, signal, () => engine.docker.pull(name, { abortSignal: signal }));
}

async function transferred(
  what: string,
  signal: AbortSignal | undefined,
  begin: () => Promise<unknown>,
): Promise<void> {
  try {
    for await (const event of streamEvents((await begin()) as AsyncIterable<Uint8Array>)) {
      const failed = eventError(event);
      if (failed !== undefined) throw new ToolError('docker', what, undefined, failed);
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw daemonError(what, error);
  }
}
