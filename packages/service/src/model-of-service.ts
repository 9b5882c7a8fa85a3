import { join } from 'node:path';
import { ConfigurationError } from './configuration-error.ts';
import { engineProfile } from './engines/profile.ts';
import type { ModelFacts } from './model/facts.ts';
import { readHubModelFacts, type Hub } from './model/hub.ts';
import { readModelFacts } from './model/local.ts';
import type { ServiceFile } from './service-file.ts';

/** Finds the model that a service names and reads its facts; what is wrong with it is told at the line of fairway.yaml that names it. */
export async function modelOfService(file: ServiceFile, hub: Hub, signal?: AbortSignal): Promise<ModelFacts> {
  const { model, engine, serving } = file.service;
  const key = model.reference === undefined ? 'path' : 'reference';
  const facts = await atLine(file, key, async () =>
    model.reference === undefined
      ? await readModelFacts(join(file.folder, model.path ?? ''), { license: model.license, signal })
      : await readHubModelFacts(model.reference, stoppable(hub, signal), model.license),
  );
  const { modelFormats } = engineProfile(engine.name);
  if (!modelFormats.includes(facts.format)) {
    throw new ConfigurationError(
      `the engine ${engine.name} reads ${modelFormats.join(' or ')}, and the model ${model.reference ?? model.path} is ${facts.format}. Convert the model, or choose another engine.`,
      file.place('model', key),
    );
  }
  if (facts.contextLength !== undefined && serving.contextLength > facts.contextLength) {
    throw new ConfigurationError(
      `\`serving.contextLength\` is ${serving.contextLength}, and the model was made for ${facts.contextLength} tokens. Lower it to ${facts.contextLength} or less.`,
      file.place('serving', 'contextLength'),
    );
  }
  return facts;
}

function stoppable(hub: Hub, signal?: AbortSignal): Hub {
  return { ...hub, fetch: (input, init) => hub.fetch(input, { ...init, signal }) };
}

async function atLine<T>(file: ServiceFile, key: 'path' | 'reference', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigurationError && error.at === undefined)
      throw new ConfigurationError(error.message, file.place('model', key));
    throw error;
  }
}
