import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { annotations, nameImage, receiveImage } from '@fairway/image';
import type { Descriptor, Layout } from '@fairway/image';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import { buildContext } from './build-context.ts';
import { buildFailure } from './build-failure.ts';
import { BuildProgress } from './build-progress.ts';
import { StepFailure } from './build-step-failure.ts';
import { dockerfileText } from './build.ts';
import type { BuildRequest, BuiltImage } from './build.ts';
import { buildParameters, dockerParameters } from './buildx.ts';
import { startClient } from './docker-client.ts';
import { fullImageName } from './dockerfile-bases.ts';
import type { DockerEngine } from './engine.ts';
import { inspectImage } from './image.ts';
import { importImage } from './import-image.ts';
import { rawStatus } from './raw-progress.ts';
import { withoutSecrets } from './without-secrets.ts';

/** A builder that `docker buildx` knows: a BuildKit in a container, in a cluster, or a buildkitd that somebody runs. */
export interface OwnBuilder {
  /** As `docker buildx ls` lists it. */
  readonly name: string;
  /** Caches that are read, and written, in the form of `--cache-from` and `--cache-to`, such as type=registry,ref=… */
  readonly cacheFrom?: readonly string[];
  readonly cacheTo?: readonly string[];
}

/** An image in a layout, and what its build said; see BuiltImage. */
export type StoredBuild = Omit<BuiltImage, 'id'> & { readonly image: Descriptor };

/**
 * Builds with a builder of one's own, which writes the image into the layout: no daemon has it, and layers that the layout has are not sent.
 * With the build argument SOURCE_DATE_EPOCH the files of its layers have that time at most.
 * @param engine by which `docker buildx` finds a builder that is a container
 * @returns the image, which has no name in the layout yet
 * @throws BuildError and ToolError as `buildImage`; a builder or a cache at fault is a ToolError
 */
export async function buildToLayout(
  engine: Pick<DockerEngine, 'host' | 'architecture'>,
  layout: Layout,
  builder: OwnBuilder,
  request: BuildRequest,
): Promise<StoredBuild> {
  const context = await buildContext(request.context, request.dockerfile, request.leftOut);
  const source = await dockerfileText(request);
  const progress = new BuildProgress(request.progress, withoutSecrets(request.secrets));
  try {
    const image = await receiveImage(layout, folder =>
      runBuildx(engine, builder, request, { folder, archive: context.archive(), progress }),
    );
    return { image, ...progress.counts(), bases: progress.bases() };
  } catch (error) {
    request.signal?.throwIfAborted();
    if (!(error instanceof ToolError)) throw error;
    const said = progress.failed()?.name.startsWith('[') ? new StepFailure(error.output) : error;
    throw buildFailure(said, source, request, progress, { ...engine, platform: request.platform });
  }
}

/** As `buildToLayout`, and gives the image to the daemon under the name `request.tag`, for what runs it. */
export async function buildInLayout(
  engine: DockerEngine,
  layout: Layout,
  builder: OwnBuilder,
  request: BuildRequest,
  name: string,
): Promise<BuiltImage> {
  const { image, ...built } = await buildToLayout(engine, layout, builder, request);
  await nameImage(layout, name, image, { [annotations.engineName]: fullImageName(request.tag) });
  await importImage(engine, layout, image.digest, request.signal);
  return { id: (await inspectImage(engine, request.tag)).id, ...built };
}

interface Running {
  /** Where the image goes, as a layout. */
  readonly folder: string;
  readonly archive: Readable;
  readonly progress: BuildProgress;
}

async function runBuildx(
  engine: Pick<DockerEngine, 'host'>,
  { name, cacheFrom = [], cacheTo = [] }: OwnBuilder,
  request: BuildRequest,
  { folder, archive, progress }: Running,
): Promise<void> {
  const secrets = await mkdtemp(join(tmpdir(), 'fairway-build-'));
  try {
    const rewritten = request.arguments?.['SOURCE_DATE_EPOCH'] ? ',rewrite-timestamp=true' : '';
    const command = [
      ...dockerParameters(engine, request),
      ...['--builder', name, '--progress', 'rawjson', '--sbom', 'false'],
      ...['--output', `type=oci,tar=false,"dest=${folder.replaceAll('"', '""')}"${rewritten}`],
      ...(request.network === 'host' ? ['--network', 'host', '--allow', 'network.host'] : []),
      ...cacheFrom.flatMap(cache => ['--cache-from', cache]),
      ...cacheTo.flatMap(cache => ['--cache-to', cache]),
      ...(await buildParameters(request, secrets)),
    ];
    const { DOCKER_CONFIG: configuration = join(homedir(), '.docker'), ...others } = process.env;
    const env = {
      // the folder of other logins has no builders
      BUILDX_CONFIG: join(configuration, 'buildx'),
      DOCKER_CONFIG: configuration,
      ...others,
      // the build's own argument counts, since the key of the stage has it
      SOURCE_DATE_EPOCH: undefined,
    };
    const { lines, ended } = startClient(command, archive, request.signal, env);
    const hide = withoutSecrets(request.secrets);
    const said: string[] = [];
    const read = (async () => {
      for await (const line of lines) {
        const status = rawStatus(line);
        if (status) progress.follow(status);
        else if (line.trim()) said.push(hide(line));
      }
    })();
    const failed = (code: number | string | null, output: string) =>
      new ToolError(
        'docker',
        `docker buildx build --builder ${name}`,
        code ?? undefined,
        output,
        reasonOf('docker.askBuilder', { builder: name }),
      );
    const code = await ended.catch((error: NodeJS.ErrnoException) => {
      throw failed(error.code ?? null, error.message);
    });
    await read;
    if (code === 0) return;
    const last = said.findLast(line => line.startsWith('ERROR: ')) ?? said.slice(-20).join('\n');
    throw failed(code, last.replace(/^ERROR: (failed to build: )?/, ''));
  } finally {
    archive.destroy();
    await rm(secrets, { recursive: true, force: true });
  }
}
