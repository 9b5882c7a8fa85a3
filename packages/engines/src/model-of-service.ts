import { join, relative } from 'node:path';
import { ConfigurationError } from '@fairway/service/configuration-error';
import type { EngineMemory } from './memory.ts';
import { engineProfile } from './profile.ts';
import { scaledLength } from '@fairway/service/model/context-length';
import type { ModelFacts } from '@fairway/service/model/facts';
import { readHubModelFacts, type Hub } from '@fairway/service/model/hub';
import { linkOutOf, readModelFacts } from '@fairway/service/model/local';
import { contradictions, withShape } from '@fairway/service/model/stated-shape';
import type { ServiceFile } from '@fairway/service/service-file';
import { errorReason, listOf, reasonOf } from '@fairway/service/reasons/delivery-reason';

/**
 * Finds the model that a service names and reads its facts; what is wrong with it is reported at the line of fairway.yaml that names it.
 * @param engine how the engine runs with the arguments of the service
 */
export async function modelOfService(
  file: ServiceFile,
  hub: Hub,
  engine: EngineMemory,
  signal?: AbortSignal,
): Promise<ModelFacts> {
  const { model } = file.service;
  const key = model.reference === undefined ? 'path' : 'reference';
  const read = await atLine(file, key, async () => {
    if (model.reference !== undefined) return readHubModelFacts(model.reference, stoppable(hub, signal), model.license);
    const path = join(file.folder, model.path ?? '');
    if (!model.weights) await requireFiles(file.folder, path);
    return readModelFacts(path, { license: model.license, signal });
  });
  const facts = shaped(file, read);
  const { modelFormats } = engineProfile(engine.engine);
  if (!modelFormats.includes(facts.format)) {
    throw new ConfigurationError(
      reasonOf('model.format', {
        engine: engine.engine,
        formats: listOf('list.or', modelFormats),
        model: String(model.reference ?? model.path),
        format: facts.format,
      }),
      file.place('model', key),
    );
  }
  const rope = engine.rope ?? facts.rope;
  const positions = engine.positions ?? facts.positions;
  const unstretched = rope !== undefined && engine.stretches?.(rope) === false;
  const stated = file.service.model.shape?.contextLength !== undefined;
  const given = engine.rope !== undefined || engine.positions !== undefined || (unstretched && !stated);
  const most = given
    ? scaledLength(positions, unstretched ? undefined : rope, facts.family ?? '')
    : facts.contextLength;
  if (most !== undefined && engine.contextLength > most && unstretched) {
    const overrides = `--hf-overrides '{"max_position_embeddings": ${engine.contextLength}}'`;
    const raise = engine.engine === 'vllm' ? listOf('list.or', ['config.json', `with ${overrides}`]) : 'config.json';
    throw new ConfigurationError(
      reasonOf('model.unstretched', {
        length: engine.contextLength,
        engine: engine.engine,
        most,
        scaling: rope.type,
        raise,
      }),
      file.place('serving', 'contextLength'),
    );
  }
  if (most !== undefined && engine.contextLength > most) {
    throw new ConfigurationError(
      reasonOf('model.tooLong', { length: engine.contextLength, most }),
      file.place('serving', 'contextLength'),
    );
  }
  return facts;
}

/** The image has the model by a build of the folder, which sends links and nothing that they lead to. */
async function requireFiles(folder: string, model: string): Promise<void> {
  const out = await linkOutOf(folder, model);
  if (out)
    throw new ConfigurationError(reasonOf('model.linkOut', { file: relative(folder, out.file), target: out.target }));
}

function shaped(file: ServiceFile, facts: ModelFacts): ModelFacts {
  const { shape } = file.service.model;
  if (!shape) return facts;
  const different = contradictions(facts, shape);
  if (different.length > 0 && shape.reason === undefined)
    throw new ConfigurationError(
      reasonOf('model.otherShape', { different: different.join(', ') }),
      file.place('model', 'shape'),
    );
  return withShape(facts, shape);
}

function stoppable(hub: Hub, signal?: AbortSignal): Hub {
  return { ...hub, fetch: (input, init) => hub.fetch(input, { ...init, signal }) };
}

async function atLine<T>(file: ServiceFile, key: 'path' | 'reference', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigurationError && error.at === undefined)
      throw new ConfigurationError(errorReason(error), file.place('model', key));
    throw error;
  }
}
