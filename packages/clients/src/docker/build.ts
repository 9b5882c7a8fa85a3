import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import { buildContext } from './build-context.ts';
import { openBuildSession } from './build-session.ts';
import { BuildError, buildFailure } from './build-failure.ts';
import { BuildProgress } from './build-progress.ts';
import { StepFailure } from './build-step-failure.ts';
import { buildWithBuildx } from './buildx.ts';
import { buildNetwork } from './build-network.ts';
import { daemonError } from './engine.ts';
import type { DockerEngine } from './engine.ts';
import { inspectImage } from './image.ts';
import { eventError, streamEvents } from './stream-events.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface BuildRequest {
  /** Absolute folder whose files the Dockerfile may copy. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  /** Paths of the context that take no part. */
  readonly leftOut?: readonly string[];
  /** Name and tag of the image that is made. */
  readonly tag: string;
  readonly arguments?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** What RUN reaches. `default` is the daemon's bridge, or the host's network where the daemon has no bridge. */
  readonly network?: 'default' | 'host';
  /** For `RUN --mount=type=secret,id=…`; the values end in no layer, and are taken out of what steps print. */
  readonly secrets?: ReadonlyMap<string, Uint8Array>;
  /** Folder of Docker's config.json, whose logins and credential helpers count for the registries of bases; default ~/.docker. */
  readonly dockerConfig?: string;
  /** Socket of an SSH agent, for `RUN --mount=type=ssh`; steps may use its keys and not change them. */
  readonly sshAgent?: string;
  /** What the image is for, such as linux/arm64; default the platform of the daemon. */
  readonly platform?: string;
  /** Stage of the Dockerfile that is built; default the last one. */
  readonly target?: string;
  /** True runs every step anew. */
  readonly fresh?: boolean;
  readonly signal?: AbortSignal;
  /** One line for each step and for what it prints. */
  readonly progress?: (line: string) => void;
}

export interface BuiltImage {
  /** `sha256:…` of the image's configuration. */
  readonly id: string;
  /** Steps of the Dockerfile and how many of them came from the cache; 0 when the client plugin built it, which does not count them. */
  readonly steps: number;
  readonly cached: number;
  /**
   * The images that BuildKit read, by their full names such as docker.io/library/debian:12, with the digest in the registry where
   * it resolved one. Empty when the client plugin built it.
   */
  readonly bases: readonly { readonly name: string; readonly digest?: string }[];
}

/**
 * Builds an image with BuildKit through the Engine API. A failing step or Dockerfile throws BuildError with the line and the
 * last output; a failing daemon throws ToolError.
 */
export async function buildImage(engine: DockerEngine, request: BuildRequest): Promise<BuiltImage> {
  const context = await buildContext(request.context, request.dockerfile, request.leftOut);
  const source = await dockerfileText(request);
  const progress = new BuildProgress(request.progress, withoutSecrets(request.secrets));
  try {
    await buildWithApi(engine, request, context.archive(), progress);
  } catch (error) {
    request.signal?.throwIfAborted();
    const failure = buildFailure(error, source, request, progress, { ...engine, platform: request.platform });
    if (!(failure instanceof BuildError) || !lostContext.test(failure.output)) throw failure;
    // some builds of the daemon cannot read the context that the API hands them; the client plugin sends it another way
    await buildWithBuildx(engine, request, context.archive(), failure);
  }
  const { id } = await inspectImage(engine, request.tag);
  return { id, ...progress.counts(), bases: progress.bases() };
}

const lostContext = /failed to read downloaded context/;

async function buildWithApi(
  engine: DockerEngine,
  request: BuildRequest,
  archive: Readable,
  progress: BuildProgress,
): Promise<void> {
  const modem = engine.docker.modem;
  const session = await openBuildSession(engine.docker, request);
  try {
    const options = {
      version: '2',
      session: session.id,
      t: request.tag,
      dockerfile: request.dockerfile,
      buildargs: request.arguments ?? {},
      labels: request.labels ?? {},
      networkmode: buildNetwork(engine, request.network),
      ...(request.target ? { target: request.target } : {}),
      ...(request.platform ? { platform: request.platform } : {}),
      ...(request.fresh ? { nocache: true } : {}),
    };
    const statusCodes = { 200: true, 500: 'server error' };
    const answer = await new Promise<Readable>((resolve, reject) => {
      const dialled = {
        path: '/build?',
        method: 'POST',
        file: archive,
        options,
        isStream: true,
        statusCodes,
        abortSignal: request.signal,
      };
      modem.dial(dialled, (error, data) => (error ? reject(error) : resolve(data as Readable)));
    });
    for await (const event of streamEvents(answer)) {
      const failed = eventError(event);
      if (failed !== undefined) throw new StepFailure(failed);
      progress.take(event);
    }
  } catch (error) {
    if (error instanceof StepFailure) throw error;
    throw daemonError(`POST ${engine.host}/build`, error);
  } finally {
    archive.destroy();
    session.close();
  }
}

/** The Dockerfile of a request. @throws ToolError when there is none */
export async function dockerfileText(request: BuildRequest): Promise<string> {
  const path = join(request.context, request.dockerfile);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ToolError(
      'docker',
      reasonOf('docker.building', { tag: request.tag }),
      'ENOENT',
      reasonOf('docker.noDockerfile', { path }),
      reasonOf('docker.writeDockerfile'),
    );
  }
}
