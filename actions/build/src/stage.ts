import {
  BuildError,
  buildImage,
  buildInLayout,
  connectDocker,
  exportImage,
  fullImageName,
  imageLayers,
  inspectImage,
} from '@fairway/clients/docker/index';
import type { BuiltImage } from '@fairway/clients/docker/index';
import { connectScanner } from '@fairway/clients/scanner/index';
import { findImage, missingBlob, openLayout, pruneLayout, removeNames } from '@fairway/image';
import { ConfigurationError, loadServiceFile, sourceDigest } from '@fairway/service';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { defineStage, imageFolder } from '@fairway/stage';
import { certificatesInput, readCertificates } from '@fairway/stage/certificates';
import { dockerInputs, imageOutputs, packageListInputs, registryLoginInputs } from '@fairway/stage/image-inputs';
import { builderInputs, ownBuilder, uncheckedName } from './builder.ts';
import { imageLabels } from './labels.ts';
import { planBuild } from './plan.ts';
import { otherProcessor } from './processor.ts';
import type { BuildPlan } from './plan.ts';
import { provenance } from './provenance.ts';
import { baseLayers } from './base-layers.ts';
import { registryBase } from './registry-base.ts';
import { buildSecrets, lackingSecrets } from './secrets.ts';
import { buildSummary } from './summary.ts';
import { unpinnedBases } from './unpinned-bases.ts';
import { rootUser } from './user.ts';

export const build = defineStage({
  name: 'build',
  description: 'Builds the image of the service with BuildKit, and writes its SBOM and its provenance.',
  icon: 'package',
  inputs: {
    ...dockerInputs,
    ...packageListInputs,
    'build-arguments': {
      type: 'list',
      description: 'Build arguments KEY=VALUE, over those of fairway.yaml.',
      default: [],
    },
    'build-secrets': {
      type: 'secret',
      description:
        'Secrets that steps of the Dockerfile mount (RUN --mount=type=secret,id=ID), one ID=VALUE a line; one of several lines stands in double quotes as a whole.',
      keyed: false,
    },
    'ssh-agent': {
      type: 'string',
      description:
        'Socket of an SSH agent whose keys steps of the Dockerfile may use (RUN --mount=type=ssh), such as what SSH_AUTH_SOCK says. Default: none.',
      keyed: false,
    },
    'docker-config': {
      ...registryLoginInputs['docker-config'],
      description:
        "Folder of Docker's config.json, whose logins and credential helpers count for the registries of base images. Default: ~/.docker.",
    },
    ...builderInputs,
    network: {
      type: 'string',
      description:
        'Network of RUN steps: `default`, or `host` for the one of the machine. A daemon without a bridge always uses the host.',
      default: 'default',
      keyed: false,
    },
    ...certificatesInput,
  },
  outputs: {
    ...imageOutputs,
    size: { description: 'Bytes of the image.' },
    'base-layers': {
      description: 'Number of lowest layers that are those of the base image; 0 when that is not known.',
    },
    base: {
      description:
        'The base image by tag and digest, such as debian:12@sha256:…; empty when only the daemon has it, or the image has no base.',
    },
    sbom: { description: 'Path of the CycloneDX SBOM, from the record.' },
  },
  connect(inputs) {
    ownBuilder(inputs);
    return connectDocker(inputs['docker-host'], undefined, inputs['docker-certificates']);
  },
  async key(inputs, context) {
    const file = await loadServiceFile(context.folder, context.environment);
    const plan = await planBuild(file, inputs['build-arguments'], context.clients, context.signal);
    return {
      files: plan.files,
      dockerfile: plan.dockerfile,
      target: file.service.build.target ?? '',
      platform: file.service.build.platform ?? '',
      arguments: JSON.stringify(Object.entries(plan.values).sort()),
      bases: JSON.stringify(plan.bases),
      // the commit is left out: the same files of another commit are the same image
      labels: JSON.stringify(imageLabels(file.service, plan, undefined)),
    };
  },
  async lost(_inputs, outputs, context) {
    return missingBlob(await openLayout(imageFolder(context.folder)), outputs.digest ?? '');
  },
  async run(inputs, context) {
    const engine = context.clients;
    const network = networkOf(inputs.network);
    const builder = ownBuilder(inputs);
    const file = await loadServiceFile(context.folder, context.environment);
    const { service } = file;
    const plan = await planBuild(file, inputs['build-arguments'], engine, context.signal);
    const { values, bases, dockerfile, text } = plan;
    const image = `${service.name}:${plan.files.slice('sha256:'.length, 'sha256:'.length + 12)}`;
    const labels = imageLabels(service, plan, context.record.source.commit);
    const secrets = buildSecrets(inputs['build-secrets'], await readCertificates(inputs.certificates));
    const dockerConfig = inputs['docker-config'] || undefined;
    const request = {
      context: plan.context,
      dockerfile,
      leftOut: plan.leftOut,
      tag: image,
      arguments: values,
      labels,
      network,
      secrets,
      dockerConfig,
      sshAgent: inputs['ssh-agent'] || undefined,
      target: service.build.target,
      platform: service.build.platform,
      signal: context.signal,
      progress: context.log.progress,
    };
    const layout = await openLayout(imageFolder(context.folder));
    const begun = context.now();
    let built;
    try {
      built = builder
        ? await buildInLayout(engine, layout, builder, request, uncheckedName)
        : await buildImage(engine, request);
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      context.log.annotate('error', error.output, { file: service.build.dockerfile, line: error.line });
      for (const { id, line } of lackingSecrets(text, secrets))
        context.log.annotate(
          'warning',
          `This step mounts the build secret ${id}, which the input ${id === 'ca-certificates' ? 'certificates' : 'build-secrets'} did not give.`,
          { file: service.build.dockerfile, line },
        );
      const last = error.output.split('\n').at(-1) ?? '';
      return {
        verdict: 'fail',
        reason: `${service.build.dockerfile}${error.line ? `:${error.line}` : ''}: ${last}`,
        outputs: {},
        evidence: [],
      };
    }
    for (const said of unpinnedBases(bases, built.bases))
      context.log.annotate('warning', said, { file: service.build.dockerfile });
    const facts = await inspectImage(engine, image);
    const wrongUser = rootUser(facts.config.User);
    if (wrongUser) {
      context.log.annotate('error', english(wrongUser), { file: service.build.dockerfile, line: userLine(text) });
      return { verdict: 'fail', reason: wrongUser, outputs: {}, evidence: [] };
    }
    const processor = otherProcessor(service, facts.architecture);
    if (processor) return { verdict: 'fail', reason: processor, outputs: {}, evidence: [] };
    context.log.progress('storing the image');
    const before = await findImage(layout, { name: 'build' });
    const { digest } = await exportImage(engine, layout, { image, name: 'build', signal: context.signal });
    if (builder) await removeNames(layout, [uncheckedName]);
    // what was made of another image is of no use any more
    if (before?.digest !== digest) await removeNames(layout, ['remediate', 'optimize']);
    await pruneLayout(layout);
    context.log.progress('listing the packages of the image');
    const scanner = await connectScanner(inputs);
    const sbom = await scanner.sbom({ layout: layout.folder, digest }, context.signal);
    const layers = await imageLayers(engine, image);
    const statement = provenance({
      image,
      digest,
      source: await sourceDigest(context.folder, context.signal),
      commit: context.record.source.commit,
      dockerfile: service.build.dockerfile,
      arguments: values,
      bases: basesRead(bases, built.bases),
      builder: builder ? `docker buildx --builder ${builder.name}` : `docker ${engine.version}`,
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
      reason: builtReason(image, Math.round(facts.size / 1e6), built),
      outputs: {
        digest,
        image,
        size: String(facts.size),
        'base-layers': String(
          await baseLayers(
            engine,
            image,
            bases.find(({ below }) => below)?.name,
            context.signal,
            dockerConfig,
            builder && { builder, layout },
          ),
        ),
        base: registryBase(bases, built.bases),
        sbom: evidence[0]?.path,
      },
      evidence,
      summary: buildSummary(facts.size, layers),
    };
  },
});

function builtReason(image: string, size: number, { steps, cached }: BuiltImage): Reason {
  if (!steps) return reasonOf('build.passed', { image, size });
  return reasonOf('build.passedCached', { image, size, cached, steps });
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
  throw new ConfigurationError(reasonOf('input.network', { found: text }));
}

function userLine(text: string): number | undefined {
  const lines = text.split('\n');
  const at = lines.findLastIndex(line => /^\s*(USER|FROM)\s/i.test(line));
  return at < 0 ? undefined : at + 1;
}
