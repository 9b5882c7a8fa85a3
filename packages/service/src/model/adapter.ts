import { posix } from 'node:path';
import { ConfigurationError } from '../configuration-error.ts';
import { reasonOf } from '../reasons/delivery-reason.ts';
import type { Reason } from '../reasons/delivery-reason.ts';
import { configIn, isConfig } from './config-values.ts';
import type { ModelFiles } from './facts.ts';
import { readSafetensors } from './safetensors.ts';

/** What is known of a LoRA adapter without loading it. */
export interface AdapterFacts {
  /** Its configuration, as messages name it. */
  readonly file: string;
  /** Of the part that has the most. */
  readonly rank: number;
  /** The model that it was made for, as it says. */
  readonly base?: string;
  readonly parameters: number;
  /** What it has beside the two matrices of each module, by its key: `use_dora`, `modules_to_save`, `bias`. */
  readonly more: readonly string[];
}

const configuration = 'adapter_config.json';
const weights = 'adapter_model.safetensors';

/** Whether a folder has an adapter, as PEFT saves one. */
export function hasAdapter(files: Pick<ModelFiles, 'paths'>, folder: string): boolean {
  return files.paths.includes(posix.join(folder, configuration));
}

/**
 * Reads the configuration of an adapter and the header of its weights.
 * @param folder from that of the files
 * @throws ConfigurationError for what is no LoRA adapter
 */
export async function readAdapter(files: ModelFiles, folder: string): Promise<AdapterFacts> {
  // not joined as a path: the name may be that of a repository, hf://…
  const place = folder === '' ? files.name : `${files.name}/${folder}`;
  if (!hasAdapter(files, folder)) throw new ConfigurationError(reasonOf('adapter.none', { folder: place }));
  const at = posix.join(folder, configuration);
  const file = `${files.name}/${at}`;
  const config = configIn(await files.text(at), file);
  const wrong = (key: string, wanted: Reason | string): ConfigurationError =>
    new ConfigurationError(
      reasonOf('adapter.badValue', { file, key, wanted, found: String(JSON.stringify(config[key])).slice(0, 60) }),
    );
  if (config['peft_type'] !== 'LORA') throw wrong('peft_type', '"LORA"');
  const { r, rank_pattern: pattern, base_model_name_or_path: base, modules_to_save: saved, bias } = config;
  if (!isRank(r)) throw wrong('r', reasonOf('allowed.whole'));
  const parts = isConfig(pattern) ? Object.values(pattern).filter(isRank) : [];
  const tensors = posix.join(folder, weights);
  if (!files.paths.includes(tensors)) throw new ConfigurationError(reasonOf('adapter.noWeights', { folder: place }));
  const { parameters } = await files.weights(tensors, readSafetensors);
  return {
    file,
    rank: Math.max(r, ...parts),
    ...(typeof base === 'string' && base !== '' ? { base } : {}),
    parameters,
    more: [
      ...(config['use_dora'] === true ? ['use_dora'] : []),
      ...(Array.isArray(saved) && saved.length > 0 ? ['modules_to_save'] : []),
      ...(typeof bias === 'string' && bias !== 'none' ? ['bias'] : []),
    ],
  };
}

function isRank(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}
