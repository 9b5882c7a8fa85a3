import { relative, resolve } from 'node:path';
import { DockerfileError, NoTarget, baseImages, buildContext, findImage } from '@fairway/clients/docker/index';
import type { BaseImage, DockerEngine } from '@fairway/clients/docker/index';
import { ConfigurationError, serviceFileName } from '@fairway/service';
import { environmentsFolder } from '@fairway/service/environment';
import type { ServiceFile } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { buildArguments } from './arguments.ts';
import { dockerfileText } from './dockerfile-text.ts';

/** What a build reads. */
export interface BuildPlan {
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly text: string;
  /** Paths of the context that the build does not get. */
  readonly leftOut: readonly string[];
  /** `sha256:<hex>` over the files that it gets. */
  readonly files: string;
  readonly values: Readonly<Record<string, string>>;
  /** The images built from, each with the digest by which the daemon knows it; a digest in the name is enough of one. */
  readonly bases: readonly { readonly name: string; readonly below: boolean; readonly id: string }[];
}

/** @param given build arguments KEY=VALUE over those of fairway.yaml */
export async function planBuild(
  file: ServiceFile,
  given: readonly string[],
  engine: DockerEngine,
  signal: AbortSignal,
): Promise<BuildPlan> {
  const { build: wanted } = file.service;
  const context = resolve(file.folder, wanted.context);
  const dockerfile = relative(context, resolve(file.folder, wanted.dockerfile));
  if (dockerfile.startsWith('..')) {
    throw new ConfigurationError(
      reasonOf('dockerfile.outside', { file: wanted.dockerfile, context: wanted.context }),
      file.place('build', 'dockerfile'),
    );
  }
  const text = await dockerfileText(file, resolve(context, dockerfile));
  // a changed objective makes no other image; a Dockerfile that wants these says their names
  const leftOut = [serviceFileName, `${environmentsFolder}/*.yaml`]
    .filter(path => !text.includes(path.split('/', 1)[0] ?? path))
    .map(path => relative(context, resolve(file.folder, path)))
    .filter(path => !path.startsWith('..'));
  const values = buildArguments(wanted.arguments, given);
  const bases = await Promise.all(
    basesOf(file, text, values, engine).map(async ({ name, below }) => ({
      name,
      below,
      id: (await findImage(engine, name))?.id ?? 'not pulled yet',
    })),
  );
  const files = await (await buildContext(context, dockerfile, leftOut)).digest(signal);
  return { context, dockerfile, text, leftOut, files, values, bases };
}

function basesOf(
  { service: { build }, place }: ServiceFile,
  text: string,
  values: Readonly<Record<string, string>>,
  engine: DockerEngine,
): readonly BaseImage[] {
  try {
    return baseImages(text, values, { ...engine, platform: build.platform }, build.target);
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    if (error instanceof NoTarget)
      throw new ConfigurationError(
        reasonOf('dockerfile.noTarget', { file: build.dockerfile, target: build.target ?? '' }),
        place('build', 'target'),
      );
    throw new ConfigurationError(
      reasonOf('dockerfile.variable', { file: build.dockerfile, line: error.line, words: error.message }),
    );
  }
}
