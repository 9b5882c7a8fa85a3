import {
  connectDocker,
  inspectImage,
  pushImage,
  removeImage,
  splitReference,
  tagImage,
} from '@fairway/clients/docker/index';
import { attachArtifact, headManifest, openRegistry } from '@fairway/clients/registry/index';
import { loadServiceFile } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import { dockerInputs, registryLoginInputs, signingInputs } from '@fairway/stage/image-inputs';
import { attachments, attachmentEvidence } from './attachments.ts';
import { signedArtifacts, signerName } from './sign.ts';

export const push = defineStage({
  name: 'push',
  description:
    'Pushes the image to a private registry, verifies its digest there, and attaches SBOM, findings, provenance and the delivery record to it, signed.',
  icon: 'upload-cloud',
  inputs: {
    image: {
      type: 'string',
      description: 'Name of the image in the Docker daemon. Default: the optimized one.',
      required: true,
      from: ['optimize.image'],
    },
    registry: {
      type: 'string',
      description:
        'Where to push to: host[:port][/path], without a scheme. Loopback addresses are spoken to in plain HTTP, all others in HTTPS.',
      required: true,
    },
    ...registryLoginInputs,
    ...dockerInputs,
    ...signingInputs,
  },
  outputs: {
    reference: { description: 'The image by digest: registry/repository@sha256:…' },
    digest: { description: 'Digest of the image in the registry.' },
  },
  connect: inputs => connectDocker(inputs['docker-host']),
  async key(inputs, context) {
    const evidence = attachmentEvidence(context.record).map(({ title, evidence: { digest } }) => `${title} ${digest}`);
    const { id } = await inspectImage(context.clients, inputs.image);
    return { image: id, evidence: evidence.join('\n'), signer: signerName(inputs) };
  },
  async lost(inputs, outputs, context) {
    const { service } = await loadServiceFile(context.folder, context.environment);
    const { client } = await openRegistry(loginOf(inputs), service.name, context.signal);
    const found = await headManifest(client, outputs.digest ?? '');
    return found ? undefined : `${outputs.reference} is gone from the registry`;
  },
  async run(inputs, context) {
    const engine = context.clients;
    const { service } = await loadServiceFile(context.folder, context.environment);
    const { client, credentials } = await openRegistry(loginOf(inputs), service.name, context.signal);
    const repository = `${client.repository.host}/${client.repository.name}`;
    // by what is in it too: the same source on another day is another image, and what may still run keeps its tag
    const { id } = await inspectImage(engine, inputs.image);
    const tag = `${splitReference(inputs.image).tag}-${id.replace('sha256:', '').slice(0, 12)}`;
    const name = `${repository}:${tag}`;
    await tagImage(engine, inputs.image, name);
    let digest: string;
    try {
      digest = await pushImage(engine, {
        reference: name,
        ...credentials,
        signal: context.signal,
        progress: context.log.progress,
      });
    } finally {
      // the name was only needed for the push
      await removeImage(engine, name);
    }
    const stored = await headManifest(client, digest);
    const tagged = await headManifest(client, tag);
    if (!stored || stored.digest !== digest || tagged?.digest !== digest) {
      const found = stored ? `answers ${tagged?.digest ?? 'nothing'} for the tag ${tag}` : 'does not have it';
      return {
        verdict: 'fail',
        reason: `The daemon pushed ${digest}, and the registry ${found}. Push again, and look whether somebody else pushes the same tag.`,
        outputs: {},
        evidence: [],
      };
    }
    context.log.progress('attaching the evidence');
    const attached = [];
    const documents = await attachments(context, service.name, { reference: `${repository}@${digest}`, digest });
    const signed = await signedArtifacts(inputs, documents, context, { name: service.name, digest });
    if (signed.length === 0)
      context.log.warning(
        'The image is not signed: give push a signing-key, or keyless where GitHub proves who it is.',
      );
    for (const artifact of [...documents, ...signed]) {
      attached.push({ title: artifact.title, ...(await attachArtifact(client, stored, artifact)) });
    }
    const reference = `${repository}@${digest}`;
    const report = await context.evidence(
      'referrers.json',
      'application/json',
      JSON.stringify({ reference, tag, referrers: attached }, null, 2),
    );
    return {
      verdict: 'pass',
      reason: `Pushed ${name}; the registry has it as ${digest.slice(0, 19)}… with ${documents.length} documents attached, ${signed.length > 0 ? `${signed.length} statements about it signed` : 'not signed'}.`,
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
