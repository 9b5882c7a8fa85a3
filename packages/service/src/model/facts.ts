import { posix } from 'node:path';
import { ConfigurationError } from '../configuration-error.ts';
import { readArchitecture, type Architecture } from './architecture.ts';
import { readGguf, type Gguf } from './gguf.ts';
import { licenseOf, type License } from './license.ts';
import type { RandomAccess } from './random-access.ts';
import { readSafetensors } from './safetensors.ts';
import { mainType, sumWeights, type Block, type Weights } from './weights.ts';
import { reasonOf } from '../reasons/delivery-reason.ts';

/** The files of a model, wherever they lie. */
export interface ModelFiles {
  /** How messages name the model. */
  readonly name: string;
  /** Relative, with forward slashes. */
  readonly paths: readonly string[];
  weights<T>(path: string, read: (file: RandomAccess) => Promise<T>): Promise<T>;
  text(path: string): Promise<string>;
}

/** What is known of a model without loading it. */
export interface ModelFacts extends Architecture {
  readonly format: 'gguf' | 'safetensors';
  /** The files that hold weights. */
  readonly files: readonly string[];
  /** Stored elements; formats that pack several quantised values into one element count as fewer. */
  readonly parameters: number;
  /** Bytes of the weights. */
  readonly bytes: number;
  /** Bytes of the experts among which a token is routed. */
  readonly expertBytes?: number;
  /** Each layer, of GGUF. */
  readonly blocks?: readonly Block[];
  /** The element type that most bytes have, such as BF16 or Q4_K. */
  readonly dtype: string;
  /** Absent when neither the service nor the model tells. */
  readonly license?: License;
  /** The commit of a reference (40 hexadecimal digits), or `sha256:<hex>` over the content of a local model. */
  readonly revision: string;
}

/** Headers that are read at the same time. */
const atOnce = 8;

/** @param declared the licence that the service declares; it wins over what the model says */
export async function factsOf(model: ModelFiles, revision: string, declared?: string): Promise<ModelFacts> {
  const files = await weightFiles(model);
  const parts: (Weights | Gguf)[] = [];
  // a large model has hundreds of files, and a hub answers for each of them
  for (let at = 0; at < files.length; at += atOnce)
    parts.push(
      ...(await Promise.all(
        files
          .slice(at, at + atOnce)
          .map(path => model.weights<Weights | Gguf>(path, path.endsWith('.gguf') ? readGguf : readSafetensors)),
      )),
    );
  const weights = sumWeights(parts);
  if (weights.parameters === 0) {
    throw new ConfigurationError(reasonOf('model.noTensors', { model: model.name }));
  }
  const [first] = parts;
  const metadata = first && 'metadata' in first ? first.metadata : undefined;
  const license = await licenseOf(model, metadata, declared);
  return {
    format: weights.format,
    files,
    parameters: weights.parameters,
    bytes: weights.bytes,
    ...(weights.expertBytes === undefined ? {} : { expertBytes: weights.expertBytes }),
    ...(weights.blocks ? { blocks: weights.blocks } : {}),
    dtype: mainType(weights),
    ...(await readArchitecture(model, metadata)),
    ...(license ? { license } : {}),
    revision,
  };
}

async function weightFiles(model: ModelFiles): Promise<string[]> {
  const here = model.paths.filter(path => !path.includes('/'));
  // what turns images or sound into tokens is a file of its own, loaded beside the model
  const gguf = model.paths.filter(path => path.endsWith('.gguf') && !/mmproj/i.test(posix.basename(path)));
  if (gguf.length > 0) return wholeGguf(model, gguf);

  const index = here.find(path => path === 'model.safetensors.index.json');
  if (index !== undefined) {
    const shards = shardNames(await model.text(index), posix.join(model.name, index));
    const missing = shards.filter(shard => !model.paths.includes(shard));
    if (missing.length > 0) {
      throw new ConfigurationError(
        reasonOf('model.lacksShards', {
          model: model.name,
          number: missing.length,
          all: shards.length,
          first: missing[0] ?? '',
        }),
      );
    }
    return shards;
  }
  const single = here.filter(path => path.endsWith('.safetensors')).toSorted();
  // Mistral publishes the same weights twice, once in its own layout
  const own = single.filter(path => !path.startsWith('consolidated'));
  if (single.length > 0) return own.length > 0 ? own : single;
  const other = here.filter(path => /\.(bin|pt|pth|ckpt)$/.test(path));
  throw new ConfigurationError(
    other[0] === undefined
      ? reasonOf('model.noWeights', { model: model.name })
      : reasonOf('model.unsafeWeights', { model: model.name, file: other[0] }),
  );
}

const split = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/;

/** What the parts of a split GGUF file have in common; undefined for a whole one. */
export function splitStem(path: string): string | undefined {
  return split.exec(path)?.[1];
}

function wholeGguf(model: ModelFiles, found: readonly string[]): string[] {
  const models = new Map(found.map(path => [splitStem(path) ?? path, path]));
  if (models.size > 1) {
    const names = found.filter(path => !/-(?!00001)\d{5}-of-\d{5}\.gguf$/.test(path)).toSorted();
    const first = names.slice(0, 8).join(', ');
    const shown = names.length > 8 ? reasonOf('model.andMore', { first, more: names.length - 8 }) : first;
    throw new ConfigurationError(reasonOf('model.several', { model: model.name, number: models.size, shown }));
  }
  const [[stem, path] = ['', '']] = models;
  const total = split.exec(path)?.[3];
  if (total === undefined) return [path];
  const wanted = Array.from(
    { length: Number(total) },
    (_, part) => `${stem}-${String(part + 1).padStart(5, '0')}-of-${total}.gguf`,
  );
  const missing = wanted.find(part => !found.includes(part));
  if (missing !== undefined)
    throw new ConfigurationError(
      reasonOf('model.lacksPart', { model: model.name, part: missing, parts: wanted.length }),
    );
  return wanted;
}

function shardNames(text: string, name: string): string[] {
  const broken = new ConfigurationError(reasonOf('model.noIndex', { name }));
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw broken;
    throw error;
  }
  if (typeof index !== 'object' || index === null || !('weight_map' in index)) throw broken;
  if (typeof index.weight_map !== 'object' || index.weight_map === null) throw broken;
  return [...new Set(Object.values(index.weight_map).map(String))].toSorted();
}
