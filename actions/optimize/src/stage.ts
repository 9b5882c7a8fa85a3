import { isDeepStrictEqual } from 'node:util';
import {
  SmokeTestError,
  fullImageName,
  importImage,
  inspectImage,
  smokeObstacle,
  smokeTestService,
  spaceInDaemon,
  unpacksZstd,
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
  storeLayersAs,
} from '@fairway/image';
import type { Descriptor } from '@fairway/image';
import { loadServiceFile, quantity } from '@fairway/service';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { defineStage, imageFolder } from '@fairway/stage';
import { dockerInputs, fixedImageInput, imageOutputs, scannerInputs } from '@fairway/stage/image-inputs';
import { scanPolicy } from '@fairway/stage/scan-policy';
import { groupOf, groups } from './groups.ts';
import { leftOut } from './keep.ts';
import { packagesLost, sbomBefore } from './packages.ts';
import { megabytes, optimizedReason, sizeSummary } from './summary.ts';
import type { SizeReport } from './summary.ts';

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
    'size-stored': { description: 'Bytes of its layers in a registry.' },
    compression: { description: 'How the layers above those of the base are stored: gzip, zstd, none or estargz.' },
  },
  connect: connectScan,
  async key(inputs, context) {
    const file = await loadServiceFile(context.folder, context.environment);
    const { service } = file;
    const { engine, serving, resources, model } = service;
    const { compression, maxSize } = service.image;
    const { database } = inputs;
    return {
      ...(await scanMaterial(context.clients.scanner, {
        database,
        policy: await scanPolicy(file, inputs),
        now: context.now(),
      })),
      rules,
      service: JSON.stringify({ engine, serving, resources, model }),
      image: JSON.stringify({ compression, maxSize }),
    };
  },
  async lost(_inputs, outputs, context) {
    return missingBlob(await openLayout(imageFolder(context.folder)), outputs.digest ?? '');
  },
  async run(inputs, context) {
    const { docker: engine, scanner } = context.clients;
    const file = await loadServiceFile(context.folder, context.environment);
    const { service } = file;
    const layout = await openLayout(imageFolder(context.folder));
    const given = await importImage(engine, layout, inputs.image, context.signal);
    const before = await inspectImage(engine, given);
    const model = modelBeside(service, context.folder);
    const obstacle = smokeObstacle(engine, service, model);
    const image = `${given}-slim`;
    const bytecode = service.engine.name === 'llamacpp';
    const keep = inputs['base-layers'];
    const { compression, maxSize } = service.image;
    const stored = async (of: string) =>
      (await readManifest(layout, of)).layers.reduce((sum, { size }) => sum + size, 0);
    const bytes = await stored(inputs.image);
    context.log.progress(`making ${image}`);
    const regrouped = obstacle
      ? undefined
      : await regroupLayers(layout, {
          source: inputs.image,
          keep,
          groups,
          groupOf,
          drop: (path, isFolder) => leftOut(path, isFolder, { bytecode }),
          async beside(same) {
            const { layers } = await readManifest(layout, inputs.image);
            return spaceInDaemon(engine, layout, layers.slice(same));
          },
          signal: context.signal,
        });
    const leaner = regrouped && (await stored(regrouped.manifest.digest)) < bytes ? regrouped : undefined;
    const source = leaner?.manifest.digest ?? inputs.image;
    const made = await storeLayersAs(layout, { source, keep, compression, signal: context.signal });
    const { digest } = made;
    const storedAfter = await stored(digest);
    const outputs = (after: { readonly size: number }) => ({
      'size-before': String(before.size),
      'size-after': String(after.size),
      'size-stored': String(storedAfter),
      compression,
    });
    const fail = async (reason: Reason, after: { readonly size: number } = before) => {
      await removeNames(layout, ['optimize']);
      await pruneLayout(layout);
      return { verdict: 'fail' as const, reason, outputs: outputs(after), evidence: [] };
    };
    if (maxSize !== undefined && storedAfter > quantity(maxSize)) {
      context.log.annotate('error', 'The image is larger than this allows.', file.place('image', 'maxSize'));
      return fail(reasonOf('optimize.overSize', { size: megabytes(storedAfter), most: maxSize }));
    }
    const whyAsItWas = obstacle ? reasonOf('optimize.unproved', { obstacle }) : reasonOf('optimize.nothing');
    if (digest === inputs.image) {
      await pruneLayout(layout);
      return {
        verdict: 'skipped',
        reason: reasonOf('optimize.asItIs', { why: whyAsItWas }),
        outputs: { digest, image: given, ...outputs(before) },
        evidence: [],
      };
    }
    const name = (manifest: Descriptor) =>
      nameImage(layout, 'optimize', manifest, { [annotations.engineName]: fullImageName(image) });
    let after = before;
    let answers: Pick<SizeReport, 'answerBefore' | 'answerAfter'> = {};
    // without another content there is nothing to prove
    if (leaner) {
      const ask = (of: string) => {
        context.log.progress(`asking the engine in ${of}`);
        const memory = Math.ceil(quantity(service.resources.memory));
        return smokeTestService(engine, of, service, serviceProfile(service), model, memory, context.signal);
      };
      // a daemon that cannot unpack the form gets the same archives in gzip
      const tested = unpacksZstd(engine) || compression !== 'zstd' ? made : leaner.manifest;
      await name(tested);
      const answerBefore = await ask(given);
      // the daemon unpacks all that lies above a changed layer a second time: its copy goes as soon as it has answered
      const seen = await whileImported(engine, layout, tested.digest, context.signal, async there => {
        const found = await inspectImage(engine, there);
        if (!isDeepStrictEqual(found.config, before.config)) return { after: found };
        const said = await ask(there).catch((error: unknown) => {
          if (error instanceof SmokeTestError) return error;
          throw error;
        });
        return { after: found, answer: said };
      });
      ({ after } = seen);
      const { answer } = seen;
      if (!answer) return fail(reasonOf('optimize.configuration'), after);
      if (answer instanceof SmokeTestError) return fail(reasonOf('optimize.silent', { words: answer.said }), after);
      if (answer.text !== answerBefore.text)
        return fail(reasonOf('optimize.answer', { after: answer.text, before: answerBefore.text }), after);
      answers = { answerBefore, answerAfter: answer };
    }
    await name(made);
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
    if (lost) return fail(reasonOf('optimize.hidden', { packages: lost }), after);
    const { blocking } = judgeFindings(scanned, await scanPolicy(file, inputs), context.now());
    if (blocking.length > 0) {
      const named = blocking.map(({ id, package: name }) => reasonOf('optimize.finding', { id, package: name }));
      return fail(reasonOf('optimize.blocked', { findings: listOf('list.comma', named) }), after);
    }
    await pruneLayout(layout);
    const { layers } = await readManifest(layout, digest);
    const report: SizeReport = {
      ...{ from: inputs.image, to: digest, compression, storedBefore: bytes, storedAfter },
      sizeBefore: before.size,
      sizeAfter: after.size,
      layersBefore: before.layers.length,
      layersAfter: layers.length,
      // as they are sent, in the form that was asked for
      layers: layers
        .slice(keep)
        .map(({ size }, at) => ({ group: leaner?.made[at]?.group ?? `layer ${keep + at + 1}`, size })),
      dropped: leaner?.dropped ?? { files: 0, bytes: 0 },
      ...answers,
    };
    return {
      verdict: 'pass',
      reason: optimizedReason(report, leaner ? undefined : whyAsItWas),
      outputs: { digest, image, ...outputs(after) },
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
