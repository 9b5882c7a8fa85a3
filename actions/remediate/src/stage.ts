import { importImage } from '@fairway/clients/docker/index';
import {
  connectScan,
  fixPlan,
  judgeFindings,
  readOtherReport,
  scanMaterial,
  upgrades,
} from '@fairway/clients/scanner/index';
import { missingBlob, openLayout, pruneLayout, readConfig, readManifest } from '@fairway/image';
import { ConfigurationError, loadServiceFile } from '@fairway/service';
import { listOf, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { defineStage, imageFolder } from '@fairway/stage';
import { certificatesInput, readCertificates } from '@fairway/stage/certificates';
import {
  builtImageInput,
  dockerInputs,
  imageOutputs,
  otherReportsInput,
  registryLoginInputs,
  scannerInputs,
} from '@fairway/stage/image-inputs';
import { otherReports, otherReportsKey } from '@fairway/stage/other-reports';
import { scanPolicy } from '@fairway/stage/scan-policy';
import { fixAndProve } from './fix-and-prove.ts';
import type { LoopRequest } from './loop.ts';
import { newerBase } from './rebase.ts';
import { withRemovals } from './removal.ts';
import { acceptLines, fixSummary, layered, proofSummary, unfixedReason } from './summary.ts';

export const remediate = defineStage({
  name: 'remediate',
  description:
    'Upgrades vulnerable packages in a layer on the image and scans again, until nothing stops the delivery or nothing more can be done.',
  icon: 'refresh-cw',
  inputs: {
    ...builtImageInput,
    ...dockerInputs,
    ...scannerInputs,
    ...otherReportsInput,
    attempts: { type: 'number', description: 'How often to patch and scan again, 1 to 10.', default: 3 },
    base: {
      type: 'string',
      description:
        'The base image by tag and digest, such as debian:12@sha256:…, whose registry is asked for a newer one where findings lie in its layers. Default: that of the built image.',
      default: '',
      from: ['build.base'],
    },
    'base-layers': {
      type: 'number',
      description: 'Number of lowest layers that are those of the base image.',
      default: 0,
      from: ['build.base-layers'],
    },
    'docker-config': registryLoginInputs['docker-config'],
    ...certificatesInput,
    network: {
      type: 'string',
      description:
        'Network of the upgrade: `default`, or `host` for the one of the machine. A daemon without a bridge always uses the host.',
      default: 'default',
      keyed: false,
    },
  },
  outputs: {
    ...imageOutputs,
    from: { description: 'Digest of the image that was given.' },
    before: { description: 'Findings that stopped the delivery before.' },
    after: { description: 'Findings that stop the delivery now.' },
    proof: {
      description:
        'How the fixed image was tried: `answer` of its engine, or `programs` where the engine cannot run, which proves less. Absent where nothing was fixed.',
    },
    upgraded: { description: 'Packages that were upgraded, with commas between them.' },
  },
  connect: connectScan,
  async key(inputs, context) {
    const policy = await scanPolicy(await loadServiceFile(context.folder, context.environment), inputs);
    const { database } = inputs;
    return {
      ...(await scanMaterial(context.clients.scanner, { database, policy, now: context.now() })),
      ...(await otherReportsKey(inputs)),
    };
  },
  async lost(_inputs, outputs, context) {
    return missingBlob(await openLayout(imageFolder(context.folder)), outputs.digest ?? '');
  },
  async run(inputs, context) {
    const { network, attempts } = inputs;
    if (network !== 'default' && network !== 'host')
      throw new ConfigurationError(reasonOf('input.network', { found: network }));
    if (!(Number.isInteger(attempts) && attempts >= 1 && attempts <= 10))
      throw new ConfigurationError(reasonOf('input.attempts', { found: attempts }));
    const file = await loadServiceFile(context.folder, context.environment);
    const policy = await scanPolicy(file, inputs);
    const layout = await openLayout(imageFolder(context.folder));
    const { docker } = context.clients;
    const given = { digest: inputs.image, name: await importImage(docker, layout, inputs.image, context.signal) };
    const request: LoopRequest = {
      image: given,
      policy,
      others: await otherReports(inputs, readOtherReport),
      database: inputs.database,
      attempts,
      network,
      certificates: await readCertificates(inputs.certificates),
      today: context.now(),
      signal: context.signal,
      progress: context.log.progress,
    };
    const loop = await fixAndProve(context.clients, layout, request, file, context.log);
    await pruneLayout(layout);
    const { before, after } = loop;
    const judgedBefore = judgeFindings(before, policy, context.now());
    const judgedAfter = judgeFindings(after, policy, context.now());
    const counts = { before: String(judgedBefore.blocking.length), after: String(judgedAfter.blocking.length) };
    const { rootfs } = await readConfig(layout, await readManifest(layout, given.digest));
    const asked = await newerBase({
      base: inputs.base,
      layers: rootfs.diff_ids.slice(0, inputs['base-layers']),
      blocking: judgedBefore.blocking,
      dockerConfig: inputs['docker-config'],
      signal: context.signal,
    });
    if (asked?.problem !== undefined) context.log.warning(asked.problem);
    const left = await withRemovals(docker, loop.image.name, loop.left, context.signal);
    const proposed = asked?.rebase ? [asked.rebase] : [];
    const json = (value: object) => JSON.stringify(value, null, 2);
    const report = ({ sbom: _sbom, ...rest }: typeof before) => json(rest);
    const settled = fixPlan({ ...judgedBefore, blocking: [] }, new Map());
    const plan = [...layered(loop), ...left, ...settled, ...proposed];
    const evidence = [
      await context.evidence(
        'fix-plan.json',
        'application/vnd.fairway.fix-plan+json',
        json({ image: given.digest, patched: loop.image.digest, steps: loop.steps, left, proposed }),
      ),
      await context.evidence('findings-before.json', 'application/vnd.fairway.findings+json', report(before)),
      await context.evidence('findings-after.json', 'application/vnd.fairway.findings+json', report(after)),
    ];
    const summary = fixSummary(plan, before, after, asked?.problem);
    if (judgedBefore.blocking.length === 0) {
      const unknown = before.inconclusive.join(' ');
      return {
        verdict: unknown ? 'inconclusive' : 'skipped',
        reason: unknown || reasonOf('remediate.nothing'),
        outputs: { digest: given.digest, image: given.name, from: given.digest, ...counts },
        evidence,
        summary,
      };
    }
    if (judgedAfter.blocking.length)
      return {
        verdict: 'fail',
        reason: unfixedReason(left, judgedAfter.blocking, attempts),
        outputs: counts,
        evidence,
        summary: summary + acceptLines(judgedAfter.blocking, context.now()),
      };
    evidence.push(await context.evidence('sbom.cdx.json', 'application/vnd.cyclonedx+json', after.sbom));
    const outputs = { digest: loop.image.digest, image: loop.image.name, from: given.digest, ...counts };
    const { proof } = loop;
    if (proof === undefined) throw new Error('Nothing stops the delivery any more, and nothing was upgraded.');
    if (proof.programs)
      evidence.push(await context.evidence('programs.json', 'application/json', json({ programs: proof.programs })));
    if (proof.verdict === 'fail') return { verdict: 'fail', reason: proof.reason, outputs: counts, evidence, summary };
    if (proof.verdict === 'inconclusive' || after.inconclusive.length) {
      return {
        verdict: 'inconclusive',
        reason: listOf('list.then', [
          ...(proof.verdict === 'inconclusive' ? [proof.reason] : []),
          ...after.inconclusive,
        ]),
        outputs,
        evidence,
        summary,
      };
    }
    const upgraded = [...new Set(upgrades(plan).map(({ package: name }) => name))].toSorted();
    const fixed = { findings: counts.before, proof: proof.reason };
    const { length: tries } = loop.steps;
    const reason =
      tries === 1
        ? reasonOf('remediate.fixedAtOnce', fixed)
        : reasonOf('remediate.fixed', { ...fixed, attempts: tries });
    return {
      verdict: 'pass',
      reason,
      outputs: { ...outputs, proof: proof.programs ? 'programs' : 'answer', upgraded: upgraded.join(', ') },
      evidence,
      summary: summary + proofSummary(proof, judgedBefore.blocking, context.now()),
    };
  },
});
