import { isDeepStrictEqual } from 'node:util';
import {
  SmokeTestError,
  fullImageName,
  importImage,
  inspectImage,
  smokeObstacle,
  smokeTestService,
  spaceInDaemon,
  whileImported,
} from '@fairway/clients/docker/index';
import { connectScan, judgeFindings, scanMaterial } from '@fairway/clients/scanner/index';
import { modelBeside, serviceProfile } from '@fairway/engines';
import {
  annotations,
  missingBlob,
  nameImage,
  openLayout,
  pruneLayout,
  readManifest,
  regroupLayers,
  removeNames,
} from '@fairway/image';
import { loadServiceFile, quantity } from '@fairway/service';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { defineStage, imageFolder } from '@fairway/stage';
import { dockerInputs, fixedImageInput, imageOutputs, scannerInputs } from '@fairway/stage/image-inputs';
import { scanPolicy } from '@fairway/stage/scan-policy';
import { groupOf, groups } from './groups.ts';
import { leftOut } from './keep.ts';
import { packagesLost, sbomBefore } from './packages.ts';
import { sizeReason, sizeSummary } from './summary.ts';

/** Raised when another set of files is left out, so that images are made again. */
const rules = '5';

export const optimize = defineStage({
  name: 'optimize',
  description:
    'Makes the image smaller: the base keeps its layers, what is above it has one for each that changes together, without caches, manuals and translations; proves that the model gives the same answer, and scans what is pushed.',
  icon: 'minimize-2',
  inputs: {
    ...fixedImageInput,
    ...dockerInputs,
    ...scannerInputs,
    'base-layers': {
      type: 'number',
      description: 'Number of lowest layers that stay as they are, so that registries and nodes share them.',
      default: 0,
      from: ['build.base-layers'],
    },
  },
  outputs: {
    ...imageOutputs,
    image: { description: 'Name of the image in the Docker daemon, which has it only while it is tested.' },
    'size-before': { description: 'Bytes of the given image.' },
    'size-after': { description: 'Bytes of the smaller image.' },
  },
  connect: connectScan,
  async key(inputs, context) {
    const file = await loadServiceFile(context.folder, context.environment);
    const { service } = file;
    const { engine, serving, resources, model } = service;
    const { database } = inputs;
    return {
      ...(await scanMaterial(context.clients.scanner, {
        database,
        policy: await scanPolicy(file, inputs),
        now: context.now(),
      })),
      rules,
      service: JSON.stringify({ engine, serving, resources, model }),
    };
  },
  async lost(_inputs, outputs, context) {
    return missingBlob(await openLayout(imageFolder(context.folder)), outputs.digest ?? '');
  },
  async run(inputs, context) {
    const { docker: engine, scanner } = context.clients;
    const file = await loadServiceFile(context.folder, context.environment);
    const { service } = file;
    const profile = serviceProfile(service);
    const layout = await openLayout(imageFolder(context.folder));
    const given = await importImage(engine, layout, inputs.image, context.signal);
    const before = await inspectImage(engine, given);
    const asItIs = (why: Reason) => ({
      verdict: 'skipped' as const,
      reason: reasonOf('optimize.asItIs', { why }),
      outputs: {
        digest: inputs.image,
        image: given,
        'size-before': String(before.size),
        'size-after': String(before.size),
      },
      evidence: [],
    });
    const model = modelBeside(service, context.folder);
    const obstacle = smokeObstacle(engine, service, model);
    if (obstacle) return asItIs(reasonOf('optimize.unproved', { obstacle }));
    const ask = (image: string) => {
      context.log.progress(`asking the engine in ${image}`);
      return smokeTestService(
        engine,
        image,
        service,
        profile,
        model,
        Math.ceil(quantity(service.resources.memory)),
        context.signal,
      );
    };
    const image = `${given}-slim`;
    context.log.progress(`making ${image}`);
    const bytecode = service.engine.name === 'llamacpp';
    const stored = async (of: string) =>
      (await readManifest(layout, of)).layers.reduce((sum, { size }) => sum + size, 0);
    const bytes = await stored(inputs.image);
    const regrouped = await regroupLayers(layout, {
      source: inputs.image,
      keep: inputs['base-layers'],
      groups,
      groupOf,
      drop: (path, isFolder) => leftOut(path, isFolder, { bytecode }),
      async beside(same) {
        const { layers } = await readManifest(layout, inputs.image);
        return spaceInDaemon(engine, layout, layers.slice(same));
      },
      signal: context.signal,
    });
    const { digest } = regrouped.manifest;
    if ((await stored(digest)) >= bytes) {
      await pruneLayout(layout);
      return asItIs(reasonOf('optimize.nothing'));
    }
    await nameImage(layout, 'optimize', regrouped.manifest, { [annotations.engineName]: fullImageName(image) });
    const answerBefore = await ask(given);
    // the daemon unpacks all that lies above a changed layer a second time: its copy goes as soon as it has answered
    const { after, answer } = await whileImported(engine, layout, digest, context.signal, async name => {
      const found = await inspectImage(engine, name);
      if (!isDeepStrictEqual(found.config, before.config)) return { after: found };
      const said = await ask(name).catch((error: unknown) => {
        if (error instanceof SmokeTestError) return error;
        throw error;
      });
      return { after: found, answer: said };
    });
    const fail = async (reason: Reason) => {
      await removeNames(layout, ['optimize']);
      await pruneLayout(layout);
      return {
        verdict: 'fail' as const,
        reason,
        outputs: { 'size-before': String(before.size), 'size-after': String(after.size) },
        evidence: [],
      };
    };
    if (!answer) return fail(reasonOf('optimize.configuration'));
    if (answer instanceof SmokeTestError) return fail(reasonOf('optimize.silent', { words: answer.said }));
    if (answer.text !== answerBefore.text)
      return fail(reasonOf('optimize.answer', { after: answer.text, before: answerBefore.text }));
    // SBOM and findings are those of the image that is pushed
    context.log.progress(`scanning ${image}`);
    const { sbom, ...scanned } = await scanner.scan({
      layout: layout.folder,
      digest,
      database: inputs.database,
      signal: context.signal,
    });
    const listed = await sbomBefore(context, inputs.image);
    // a scanner without data lists nothing
    const lost = listed && sbom && packagesLost(listed, sbom, path => leftOut(path, false, { bytecode }));
    if (lost) return fail(reasonOf('optimize.hidden', { packages: lost }));
    const { blocking } = judgeFindings(scanned, await scanPolicy(file, inputs), context.now());
    if (blocking.length > 0) {
      const named = blocking.map(({ id, package: name }) => reasonOf('optimize.finding', { id, package: name }));
      return fail(reasonOf('optimize.blocked', { findings: listOf('list.comma', named) }));
    }
    await pruneLayout(layout);
    const report = {
      from: inputs.image,
      to: digest,
      sizeBefore: before.size,
      sizeAfter: after.size,
      layersBefore: before.layers.length,
      layersAfter: inputs['base-layers'] + regrouped.made.length,
      layers: regrouped.made,
      dropped: regrouped.dropped,
      answerBefore,
      answerAfter: answer,
    };
    return {
      verdict: 'pass',
      reason: sizeReason(report),
      outputs: { digest, image, 'size-before': String(before.size), 'size-after': String(after.size) },
      evidence: [
        await context.evidence('size.json', 'application/json', JSON.stringify(report, null, 2)),
        await context.evidence(
          'findings.json',
          'application/vnd.fairway.findings+json',
          JSON.stringify(scanned, null, 2),
        ),
        await context.evidence('sbom.cdx.json', 'application/vnd.cyclonedx+json', sbom),
      ],
      summary: sizeSummary(report),
    };
  },
});
