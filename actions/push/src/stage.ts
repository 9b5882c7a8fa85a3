import { readFile } from 'node:fs/promises';
import { engineName, splitReference } from '@fairway/clients/docker/index';
import {
  attachArtifact,
  headManifest,
  mountFrom,
  openRegistry,
  openRepository,
  pushImage,
} from '@fairway/clients/registry/index';
import { openLayout } from '@fairway/image';
import { loadServiceFile } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { defineStage, imageFolder } from '@fairway/stage';
import { finishedImageInput, registryLoginInputs, signingInputs } from '@fairway/stage/image-inputs';
import { attachments, attachmentEvidence } from './attachments.ts';
import { baseRepositories } from './base-repositories.ts';
import { pushingRun } from './provenance.ts';
import { signedArtifacts, signerName } from './sign.ts';

export const push = defineStage({
  name: 'push',
  description:
    'Pushes the image to a private registry, verifies its digest there, and attaches SBOM, findings, provenance and the delivery record to it, signed.',
  icon: 'upload-cloud',
  inputs: {
    ...finishedImageInput,
    registry: {
      type: 'string',
      description:
        'Where to push to: host[:port][/path], without a scheme. Loopback addresses are spoken to in plain HTTP, all others in HTTPS.',
      required: true,
    },
    ...registryLoginInputs,
    ...signingInputs,
  },
  outputs: {
    reference: { description: 'The image by digest: registry/repository@sha256:…' },
    digest: { description: 'Digest of the image in the registry.' },
  },
  connect: () => undefined,
  async key(inputs, context) {
    const evidence = attachmentEvidence(context.record).map(({ title, evidence: { digest } }) => `${title} ${digest}`);
    return { evidence: evidence.join('\n'), signer: await signerName(inputs, context.signal) };
  },
  async lost(inputs, outputs, context) {
    const { service } = await loadServiceFile(context.folder, context.environment);
    const { client } = await openRegistry(loginOf(inputs), service.name, context.signal);
    const found = await headManifest(client, outputs.digest ?? '');
    return found ? undefined : `${outputs.reference} is gone from the registry`;
  },
  async run(inputs, context) {
    const { service } = await loadServiceFile(context.folder, context.environment);
    const { client, credentials } = await openRegistry(loginOf(inputs), service.name, context.signal);
    const layout = await openLayout(imageFolder(context.folder));
    const digest = inputs.image;
    // by what is in it too: the same source on another day is another image, and what may still run keeps its tag
    const tag = `${splitReference(await engineName(layout, digest)).tag}-${digest.replace('sha256:', '').slice(0, 12)}`;
    const repository = `${client.repository.host}/${client.repository.name}`;
    const built = attachmentEvidence(context.record).find(({ title }) => title === 'provenance.json');
    const bases = built
      ? baseRepositories(await readFile(context.evidencePath(built.evidence), 'utf8'), client.repository.host)
      : [];
    const mount = mountFrom(openRepository(client.repository, credentials, context.signal), bases);
    const { progress } = context.log;
    const { descriptor, sent } = await pushImage(client, layout, { digest, tag, mount, progress });
    context.log.progress('attaching the evidence');
    const attached = [];
    const run = await pushingRun(inputs, context);
    const documents = await attachments(context, service.name, { reference: `${repository}@${digest}`, digest }, run);
    const signed = await signedArtifacts(inputs, documents, context, { name: service.name, digest });
    if (signed.length === 0)
      context.log.warning(
        'The image is not signed: give push a signing-key, or keyless where GitHub proves who it is.',
      );
    for (const artifact of [...documents, ...signed]) {
      attached.push({ title: artifact.title, ...(await attachArtifact(client, descriptor, artifact)) });
    }
    const reference = `${repository}@${digest}`;
    const report = await context.evidence(
      'referrers.json',
      'application/json',
      JSON.stringify({ reference, tag, referrers: attached }, null, 2),
    );
    const pushed = {
      ...{ image: `${repository}:${tag}`, digest: `${digest.slice(0, 19)}…`, size: (sent.bytes / 1e6).toFixed(1) },
      ...{ blobs: sent.blobs, documents: documents.length },
    };
    return {
      verdict: 'pass',
      reason:
        signed.length > 0
          ? reasonOf('push.signed', { ...pushed, statements: signed.length })
          : reasonOf('push.unsigned', pushed),
      outputs: { reference, digest },
      evidence: [report],
      summary: [
        `\`${reference}\``,
        '',
        ...attached.map(({ title, artifactType }) => `- ${title} (${artifactType})`),
        '',
      ].join('\n'),
    };
  },
});

function loginOf(inputs: {
  readonly registry: string;
  readonly username?: string;
  readonly password?: string;
  readonly 'docker-config'?: string;
}) {
  const { registry, username, password } = inputs;
  return { registry, username, password, dockerConfig: inputs['docker-config'] };
}
