import { findImage } from '@fairway/clients/docker/index';
import { connectScan, judgeFindings, scanMaterial } from '@fairway/clients/scanner/index';
import { ConfigurationError, loadServiceFile } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import { dockerInputs, scannerInputs } from '@fairway/stage/image-inputs';
import { fixPlan } from './fix-plan.ts';
import { remediateImage } from './loop.ts';
import { provePatched } from './prove.ts';
import { fixSummary, unfixedReason } from './summary.ts';

export const remediate = defineStage({
  name: 'remediate',
  description:
    'Upgrades vulnerable packages in a layer on the image and scans again, until nothing stops the delivery or nothing more can be done.',
  icon: 'refresh-cw',
  inputs: {
    image: {
      type: 'string',
      description: 'Name of the image in the Docker daemon. Default: the built one.',
      required: true,
      from: ['build.image'],
    },
    ...dockerInputs,
    ...scannerInputs,
    attempts: { type: 'number', description: 'How often to patch and scan again, 1 to 10.', default: 3 },
    network: {
      type: 'string',
      description:
        'Network of the upgrade: `default`, or `host` for the one of the machine. A daemon without a bridge always uses the host.',
      default: 'default',
      keyed: false,
    },
  },
  outputs: {
    image: { description: 'Name of the image that the next stages take; the given one when nothing had to be fixed.' },
    before: { description: 'Findings that stopped the delivery before.' },
    after: { description: 'Findings that stop the delivery now.' },
  },
  connect: connectScan,
  async key(inputs, context) {
    const { service } = await loadServiceFile(context.folder, context.environment);
    const { image, database } = inputs;
    return scanMaterial(context.clients, { image, database, policy: service.scan, now: context.now() });
  },
  async lost(_inputs, outputs, context) {
    const image = outputs.image ?? '';
    return (await findImage(context.clients.docker, image))
      ? undefined
      : `the image ${image} is gone from the Docker daemon`;
  },
  async run(inputs, context) {
    const { network, attempts } = inputs;
    if (network !== 'default' && network !== 'host')
      throw new ConfigurationError(`The input network is "${network}"; it must be default or host.`);
    if (!(Number.isInteger(attempts) && attempts >= 1 && attempts <= 10))
      throw new ConfigurationError(`The input attempts is ${attempts}; it must be a whole number from 1 to 10.`);
    const { service } = await loadServiceFile(context.folder, context.environment);
    const loop = await remediateImage(context.clients, {
      image: inputs.image,
      policy: service.scan,
      database: inputs.database,
      attempts,
      network,
      today: context.now(),
      signal: context.signal,
      progress: context.log.progress,
    });
    const { before, after } = loop;
    const [judgedBefore, judgedAfter] = [before, after].map(report =>
      judgeFindings(report.findings, service.scan, context.now()),
    );
    const counts = { before: String(judgedBefore?.blocking.length), after: String(judgedAfter?.blocking.length) };
    const json = (value: object) => JSON.stringify(value, null, 2);
    const report = ({ sbom: _sbom, ...rest }: typeof before) => json(rest);
    const plan = loop.steps.length
      ? loop.steps.flatMap(step => step.plan)
      : fixPlan(judgedBefore ?? { blocking: [], accepted: [] }, new Map());
    const evidence = [
      await context.evidence(
        'fix-plan.json',
        'application/vnd.fairway.fix-plan+json',
        json({ image: inputs.image, patched: loop.image, steps: loop.steps, left: loop.left }),
      ),
      await context.evidence('findings-before.json', 'application/vnd.fairway.findings+json', report(before)),
      await context.evidence('findings-after.json', 'application/vnd.fairway.findings+json', report(after)),
    ];
    const summary = fixSummary(plan, before, after);
    if (judgedBefore?.blocking.length === 0) {
      const unknown = before.inconclusive.join(' ');
      return {
        verdict: unknown ? 'inconclusive' : 'skipped',
        reason: unknown || 'There is nothing to fix.',
        outputs: { image: inputs.image, ...counts },
        evidence,
        summary,
      };
    }
    if (judgedAfter?.blocking.length)
      return {
        verdict: 'fail',
        reason: unfixedReason(loop.left, judgedAfter.blocking, attempts),
        outputs: counts,
        evidence,
        summary,
      };
    evidence.push(await context.evidence('sbom.cdx.json', 'application/vnd.cyclonedx+json', after.sbom));
    const outputs = { image: loop.image, ...counts };
    const proof = await provePatched(context.clients.docker, loop.image, service, context);
    if (proof.verdict === 'fail') return { ...proof, outputs: counts, evidence, summary };
    if (proof.verdict === 'inconclusive' || after.inconclusive.length) {
      return {
        verdict: 'inconclusive',
        reason: [proof.reason, ...after.inconclusive].filter(Boolean).join(' '),
        outputs,
        evidence,
        summary,
      };
    }
    const reason = `Fixed ${counts.before} findings in ${loop.steps.length} ${loop.steps.length === 1 ? 'attempt' : 'attempts'}; the patched image ${loop.image} still answers.`;
    return { verdict: 'pass', reason, outputs, evidence, summary };
  },
});
