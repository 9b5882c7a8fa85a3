import { relative, resolve } from 'node:path';
import {
  BuildError,
  DockerfileError,
  baseImages,
  buildImage,
  connectDocker,
  findImage,
  fullImageName,
  imageLayers,
  inspectImage,
} from '@fairway/clients/docker/index';
import type { BaseImage, BuiltImage, DockerEngine } from '@fairway/clients/docker/index';
import { openScanner, withImageArchive } from '@fairway/clients/scanner/index';
import { ConfigurationError, loadServiceFile, sourceDigest } from '@fairway/service';
import type { ServiceFile } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import { dockerInputs } from '@fairway/stage/image-inputs';
import { buildArguments } from './arguments.ts';
import { readCertificates } from './certificates.ts';
import { dockerfileText } from './dockerfile-text.ts';
import { imageLabels } from './labels.ts';
import { provenance } from './provenance.ts';
import { buildSummary } from './summary.ts';
import { rootUser } from './user.ts';

export const build = defineStage({
  name: 'build',
  description: 'Builds the image of the service with BuildKit, and writes its SBOM and its provenance.',
  icon: 'package',
  inputs: {
    ...dockerInputs,
    scanner: {
      type: 'string',
      description: 'The Trivy program that lists the packages.',
      default: 'trivy',
      keyed: false,
    },
    'build-arguments': {
      type: 'list',
      description: 'Build arguments KEY=VALUE, over those of fairway.yaml.',
      default: [],
    },
    network: {
      type: 'string',
      description:
        'Network of RUN steps: `default`, or `host` for the one of the machine. A daemon without a bridge always uses the host.',
      default: 'default',
      keyed: false,
    },
    certificates: {
      type: 'string',
      description:
        'File of certificate authorities for RUN steps behind a proxy, mounted as the build secret `ca-certificates`.',
      environment: 'SSL_CERT_FILE',
      keyed: false,
    },
  },
  outputs: {
    image: { description: 'Name and tag of the image in the Docker daemon.' },
    'image-id': { description: 'Digest of the configuration of the image.' },
    size: { description: 'Bytes of the image.' },
    sbom: { description: 'Path of the CycloneDX SBOM, from the record.' },
  },
  connect: inputs => connectDocker(inputs['docker-host']),
  async key(inputs, context) {
    const file = await loadServiceFile(context.folder, context.environment);
    const { values, bases } = await plan(file, inputs['build-arguments'], context.clients);
    return {
      source: await sourceDigest(context.folder, context.signal),
      arguments: JSON.stringify(Object.entries(values).sort()),
      bases: JSON.stringify(bases),
    };
  },
  async lost(_inputs, outputs, context) {
    const found = await findImage(context.clients, outputs.image ?? '');
    if (!found) return `the image ${outputs.image} is gone from the Docker daemon`;
    return found.id === outputs['image-id'] ? undefined : `the image ${outputs.image} is another one now`;
  },
  async run(inputs, context) {
    const engine = context.clients;
    const network = networkOf(inputs.network);
    const file = await loadServiceFile(context.folder, context.environment);
    const { service } = file;
    const source = await sourceDigest(context.folder, context.signal);
    const { values, bases, context: folder, dockerfile, text } = await plan(file, inputs['build-arguments'], engine);
    const image = `${service.name}:${source.slice('sha256:'.length, 'sha256:'.length + 12)}`;
    const labels = imageLabels(service, source, context.record.source.commit, bases);
    const certificates = await readCertificates(inputs.certificates);
    const begun = context.now();
    let built;
    try {
      const secrets = certificates && new Map([['ca-certificates', certificates]]);
      built = await buildImage(engine, {
        context: folder,
        dockerfile,
        tag: image,
        arguments: values,
        labels,
        network,
        secrets,
        signal: context.signal,
        progress: context.log.progress,
      });
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      context.log.annotate('error', error.output, { file: service.build.dockerfile, line: error.line });
      const last = error.output.split('\n').at(-1) ?? '';
      return {
        verdict: 'fail',
        reason: `${service.build.dockerfile}${error.line ? `:${error.line}` : ''}: ${last}`,
        outputs: {},
        evidence: [],
      };
    }
    const facts = await inspectImage(engine, image);
    const wrongUser = rootUser(facts.config.User);
    if (wrongUser) {
      context.log.annotate('error', wrongUser, { file: service.build.dockerfile, line: userLine(text) });
      return { verdict: 'fail', reason: wrongUser, outputs: {}, evidence: [] };
    }
    context.log.progress('listing the packages of the image');
    const scanner = await openScanner(inputs.scanner, context.signal);
    const sbom = await withImageArchive(engine, image, context.signal, archive =>
      scanner.sbom(archive, context.signal),
    );
    const layers = await imageLayers(engine, image);
    const statement = provenance({
      image,
      id: facts.id,
      source,
      commit: context.record.source.commit,
      dockerfile: service.build.dockerfile,
      arguments: values,
      bases: basesRead(bases, built.bases),
      builder: `docker ${engine.version}`,
      begun,
      finished: context.now(),
    });
    const evidence = [
      await context.evidence('sbom.cdx.json', 'application/vnd.cyclonedx+json', sbom),
      await context.evidence('provenance.json', 'application/vnd.in-toto+json', JSON.stringify(statement, null, 2)),
      await context.evidence('layers.json', 'application/json', JSON.stringify(layers, null, 2)),
    ];
    return {
      verdict: 'pass',
      reason: `Built ${image} (${Math.round(facts.size / 1e6)} MB${built.steps ? `, ${built.cached} of ${built.steps} steps from the cache` : ''}).`,
      outputs: { image, 'image-id': facts.id, size: String(facts.size), sbom: evidence[0]?.path },
      evidence,
      summary: buildSummary(facts.size, layers),
    };
  },
});

interface BuildPlan {
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly text: string;
  readonly values: Readonly<Record<string, string>>;
  /** The images built from, each with the digest by which the daemon knows it; a digest in the name is enough of one. */
  readonly bases: readonly { readonly name: string; readonly below: boolean; readonly id: string }[];
}

async function plan(file: ServiceFile, given: readonly string[], engine: DockerEngine): Promise<BuildPlan> {
  const { build: wanted } = file.service;
  const context = resolve(file.folder, wanted.context);
  const dockerfile = relative(context, resolve(file.folder, wanted.dockerfile));
  if (dockerfile.startsWith('..')) {
    throw new ConfigurationError(
      `build.dockerfile "${wanted.dockerfile}" lies outside of build.context "${wanted.context}"; move it inside.`,
      file.place('build', 'dockerfile'),
    );
  }
  const text = await dockerfileText(file, resolve(context, dockerfile));
  const values = buildArguments(wanted.arguments, given);
  const bases = await Promise.all(
    basesOf(wanted.dockerfile, text, values, engine).map(async ({ name, below }) => ({
      name,
      below,
      id: (await findImage(engine, name))?.id ?? 'not pulled yet',
    })),
  );
  return { context, dockerfile, text, values, bases };
}

function basesOf(
  dockerfile: string,
  text: string,
  values: Readonly<Record<string, string>>,
  engine: DockerEngine,
): readonly BaseImage[] {
  try {
    return baseImages(text, values, engine);
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    throw new ConfigurationError(
      `${dockerfile}:${error.line}: ${error.message}. Give the variable a default with ARG before the first FROM, or a value under build.arguments in fairway.yaml.`,
    );
  }
}

/** What BuildKit says it read, by the names of the Dockerfile where they are the same images; a digest of the registry where it has one. */
function basesRead(
  planned: BuildPlan['bases'],
  read: BuiltImage['bases'],
): readonly { readonly name: string; readonly id: string }[] {
  if (!read.length) return planned;
  return read.map(({ name, digest }) => {
    const known = planned.find(base => fullImageName(base.name) === name);
    return { name: known?.name ?? name, id: digest ?? known?.id ?? 'unknown' };
  });
}

function networkOf(text: string): 'default' | 'host' {
  if (text === 'default' || text === 'host') return text;
  throw new ConfigurationError(`The input network is "${text}"; it must be default or host.`);
}

function userLine(text: string): number | undefined {
  const lines = text.split('\n');
  const at = lines.findLastIndex(line => /^\s*(USER|FROM)\s/i.test(line));
  return at < 0 ? undefined : at + 1;
}
