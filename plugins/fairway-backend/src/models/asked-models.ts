import { InputError, ServiceUnavailableError } from '@backstage/errors';
import type { Config } from '@backstage/config';
import type { AskedModel } from '@fairway/backstage-plugin-fairway-common';
import { hubFetch } from '@fairway/clients/hub/index';
import { ToolError } from '@fairway/clients/tool-error';
import type { SizedModel } from '@fairway/engines';
import {
  architectureOf,
  ConfigurationError,
  pinnedReference,
  readHubModelFacts,
  weightsOfConfig,
} from '@fairway/service';
import type { Hub, ModelFacts } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/reason';
import { errorReason } from '@fairway/service/reasons/delivery-reason';
import { codedError } from '../http/coded-error.ts';

/** What of a model decides whether it fits. */
export type AskedFacts = SizedModel & Pick<ModelFacts, 'contextLength'>;

/** Models whose facts are remembered: a commit never changes. */
const remembered = 200;

/** The models of the hub that the portal is configured with. */
export function configuredModels(config: Config): AskedModels {
  const url = config.getOptionalString('fairway.hub.url') ?? 'https://huggingface.co';
  const token = config.getOptionalString('fairway.hub.token');
  return new AskedModels({ url: url.replace(/\/+$/, ''), fetch: hubFetch, ...(token ? { token } : {}) });
}

export class AskedModels {
  readonly #hub: Hub;
  readonly #known = new Map<string, Promise<ModelFacts>>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** @throws InputError that says why nothing is known of the model; ServiceUnavailableError while the hub does not answer */
  async facts(model: AskedModel): Promise<AskedFacts> {
    return said(async () =>
      whole(
        'reference' in model ? await this.#read(await pinnedReference(model.reference, this.#hub)) : factsOf(model),
      ),
    );
  }

  /** A model by its name on the hub, with its commit. @throws as `facts` does */
  async named(written: string): Promise<{ readonly reference: string; readonly facts: ModelFacts }> {
    return said(async () => {
      const reference = await pinnedReference(written, this.#hub);
      const facts = await this.#read(reference);
      whole(facts);
      return { reference, facts };
    });
  }

  async #read(reference: string): Promise<ModelFacts> {
    let facts = this.#known.get(reference);
    if (!facts) {
      this.#known.set(reference, (facts = readHubModelFacts(reference, this.#hub)));
      const [oldest = ''] = this.#known.keys();
      if (this.#known.size > remembered) this.#known.delete(oldest);
      // the next question asks again
      facts.catch(() => this.#known.delete(reference));
    }
    return facts;
  }
}

async function said<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigurationError)
      throw codedError(InputError, reasonOf('answer.model', { words: errorReason(error) }));
    if (error instanceof ToolError)
      throw codedError(ServiceUnavailableError, reasonOf('answer.hub', { words: errorReason(error) }));
    throw error;
  }
}

function factsOf(model: Exclude<AskedModel, { reference: string }>): AskedFacts {
  if ('config' in model) {
    const name = 'The config.json';
    const bytes = weightsOfConfig(model.config, name);
    if (bytes === undefined) throw codedError(InputError, reasonOf('answer.configSize'));
    return { bytes, format: 'safetensors', ...architectureOf(model.config, name) };
  }
  const { bytes, layers, kvHeads, headDim } = model;
  return { bytes, kvHeads, cache: [{ kind: 'attention', layers, kvHeads, keyDim: headDim, valueDim: headDim }] };
}

function whole(facts: AskedFacts): AskedFacts {
  if (facts.cache) return facts;
  throw codedError(InputError, reasonOf('answer.modelShape'));
}
