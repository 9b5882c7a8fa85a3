import { listOf, reasonOf, type Reason } from '../reasons/delivery-reason.ts';

/**
 * Layers of one kind, by what an engine caches for them. A model is a list of these; layers that cache nothing are in none.
 */
export type CachedLayers =
  /** Keys and values of each KV head: all tokens of a sequence, or the last `window` of them. */
  | {
      readonly kind: 'attention';
      readonly layers: number;
      readonly kvHeads: number;
      /** Values of one head's key; `valueDim` of its value. */
      readonly keyDim: number;
      readonly valueDim: number;
      /** Bytes a token of a sparse-attention index beside it, which each GPU needs whole. */
      readonly indexBytes?: number;
      readonly window?: number;
    }
  /** Multi-head latent attention: one vector of `width` values a token that all heads share, so that every GPU needs it whole. */
  | {
      readonly kind: 'latent';
      readonly layers: number;
      readonly width: number;
      /** Values of all heads together that an engine holds which knows no latent attention. */
      readonly expanded?: number;
      /** Bytes a token of a sparse-attention index beside it. */
      readonly indexBytes?: number;
      readonly window?: number;
    }
  /**
   * A vector of `width` values that all heads share, as latent attention's, for so many tokens at a time, and one for each of the last `window`.
   * What is not compressed yet takes `stateBytes` for each of `stateTokens`. Each GPU needs all of it.
   */
  | {
      readonly kind: 'compressed';
      readonly layers: number;
      readonly width: number;
      /** 0 where the layer has its window alone. */
      readonly tokensPerVector: number;
      readonly window: number;
      readonly stateTokens: number;
      readonly stateBytes: number;
      /** Bytes of the index of one such vector. */
      readonly indexBytes?: number;
    }
  /** Linear attention, state space, convolution: `bytes` a sequence and layer, whatever its length. */
  | { readonly kind: 'state'; readonly layers: number; readonly bytes: number };

/** How an engine writes the keys and values of one token in one layer. */
export interface CacheFormat {
  /** Bytes of one head: a key and a value of so many values, with their scales. */
  headBytes(keyDim: number, valueDim: number): number;
  /** Bytes of the vector of latent attention. */
  latentBytes(width: number): number;
  /** Layers of attention at the two ends of the model that stay in 16 bits. */
  readonly plainLayers?: number;
}

/** How an engine divides the cache among GPUs. */
export interface CacheDivision {
  /** GPUs among which the heads of a layer are divided. */
  readonly headSplit: number;
  /** GPUs among which the layers are divided. */
  readonly layerSplit: number;
  /** GPUs among which the tokens of layers that hold all of them are divided. */
  readonly tokenSplit?: number;
  /** The engine knows no latent attention and holds the keys and values of each head. */
  readonly expandsLatent?: boolean;
  /** Tokens that a layer with a window holds of a sequence. */
  windowTokens(window: number, contextLength: number): number;
  /** The same of a layer that compresses the others; default: as above. */
  windowBesideCompressed?(window: number, contextLength: number): number;
}

export type CacheStorage = CacheFormat & CacheDivision;

/** Values of so many bytes, without scales. */
export function formatOf(keyBytes: number, valueBytes = keyBytes): CacheFormat {
  return {
    headBytes: (keyDim, valueDim) => keyDim * keyBytes + valueDim * valueBytes,
    latentBytes: width => width * keyBytes,
  };
}

/** One value is two bytes, nothing is divided, and a window holds what it says. */
export const plainStorage: CacheStorage = {
  ...formatOf(2),
  headSplit: 1,
  layerSplit: 1,
  windowTokens: (window, contextLength) => Math.min(window, contextLength),
};

/** Bytes of one token in layers that hold all tokens, on one GPU of the set. */
export function bytesPerToken(layers: readonly CachedLayers[], storage: CacheStorage = plainStorage): number {
  const whole = cacheBytes(layers, storage, one => (isWindowed(one) ? 0 : 1 / (storage.tokenSplit ?? 1)));
  return whole + sumOfCompressed(layers, one => compressedTokenBytes(one, storage), storage);
}

/** Bytes of the cache of one sequence that uses its whole context, on one GPU of the set. */
export function bytesPerSequence(
  layers: readonly CachedLayers[],
  contextLength: number,
  storage: CacheStorage = plainStorage,
): number {
  const states = layers.reduce((sum, one) => sum + (one.kind === 'state' ? one.layers * one.bytes : 0), 0);
  const tokens = cacheBytes(layers, storage, one =>
    isWindowed(one)
      ? storage.windowTokens(one.window, contextLength)
      : Math.ceil(contextLength / (storage.tokenSplit ?? 1)),
  );
  const compressed = sumOfCompressed(
    layers,
    one =>
      contextLength * compressedTokenBytes(one, storage) +
      (storage.windowBesideCompressed ?? storage.windowTokens)(one.window, contextLength) *
        storage.latentBytes(one.width) +
      one.stateTokens * one.stateBytes,
    storage,
  );
  return states / storage.headSplit / storage.layerSplit + tokens + compressed;
}

/**
 * Bytes of tokens that layers with a window hold beyond it until a step has ended, on one GPU of the set.
 * @param tokens those of the steps that run, of all sequences together
 */
export function bytesInFlight(
  layers: readonly CachedLayers[],
  tokens: number,
  contextLength: number,
  storage: CacheStorage,
): number {
  const beyond = (window: number): number =>
    Math.min(tokens, contextLength - storage.windowTokens(window, contextLength));
  const windows = cacheBytes(layers, storage, one => (isWindowed(one) ? beyond(one.window) : 0));
  const perToken = (one: CompressedLayers): number => storage.latentBytes(one.width) + one.stateBytes;
  return windows + sumOfCompressed(layers, one => beyond(one.window) * perToken(one), storage);
}

type CompressedLayers = Extract<CachedLayers, { kind: 'compressed' }>;

function sumOfCompressed(
  layers: readonly CachedLayers[],
  bytesOf: (one: CompressedLayers) => number,
  { layerSplit }: CacheStorage,
): number {
  // the GPU with the most layers decides
  return layers.reduce(
    (sum, one) => sum + (one.kind === 'compressed' ? Math.ceil(one.layers / layerSplit) * bytesOf(one) : 0),
    0,
  );
}

function compressedTokenBytes(
  { tokensPerVector, width, indexBytes = 0 }: CompressedLayers,
  storage: CacheStorage,
): number {
  return tokensPerVector === 0 ? 0 : (storage.latentBytes(width) + indexBytes) / tokensPerVector;
}

function cacheBytes(
  layers: readonly CachedLayers[],
  storage: CacheStorage,
  tokens: (one: CachedLayers) => number,
): number {
  const sum = layers.reduce((bytes, one) => bytes + tokens(one) * layerTokenBytes(one, storage), 0);
  // a GPU has one end where the layers are divided; which kinds of layers are there is not known, so that the largest counts
  const plain = Math.ceil((storage.plainLayers ?? 0) / Math.min(2, storage.layerSplit));
  const more = layers.map(one => {
    if (one.kind !== 'attention') return 0;
    const spared = { ...one, layers: Math.min(plain, Math.ceil(one.layers / storage.layerSplit)) };
    const whole = { ...storage, layerSplit: 1 };
    return tokens(one) * (layerTokenBytes(spared, { ...whole, ...formatOf(2) }) - layerTokenBytes(spared, whole));
  });
  return sum + Math.max(0, ...more);
}

function isWindowed(
  one: CachedLayers,
): one is Extract<CachedLayers, { kind: 'attention' | 'latent' }> & { window: number } {
  return (one.kind === 'attention' || one.kind === 'latent') && one.window !== undefined;
}

function layerTokenBytes(one: CachedLayers, storage: CacheStorage): number {
  const { headSplit, layerSplit } = storage;
  if (one.kind === 'state' || one.kind === 'compressed') return 0;
  // the GPU with the most layers decides
  const layers = Math.ceil(one.layers / layerSplit);
  if (one.kind === 'latent' && storage.expandsLatent && one.expanded !== undefined)
    return (layers * storage.headBytes(one.expanded, 0)) / headSplit;
  if (one.kind === 'latent') return layers * (storage.latentBytes(one.width) + (one.indexBytes ?? 0));
  // with more GPUs than heads, each of them holds a copy of one
  const heads = Math.max(1, one.kvHeads / headSplit);
  return layers * (heads * storage.headBytes(one.keyDim, one.valueDim) + (one.indexBytes ?? 0));
}

/** `62 layers · 16 KV heads · 128`, as the sum of an estimate names the layers. */
export function layersPart(layers: readonly CachedLayers[]): Reason | string {
  if (layers.length === 0) return reasonOf('layers.none');
  return listOf('list.plus', layers.map(layerPart));
}

function layerPart(one: CachedLayers): Reason {
  const { layers: number } = one;
  const count = number === 1 ? reasonOf('layers.one') : reasonOf('layers.many', { number });
  if (one.kind === 'state') return reasonOf('layers.state', { layers: count });
  if (one.kind === 'compressed') return compressedPart(one, count);
  const part = attentionPart(one, count);
  return one.window === undefined ? part : reasonOf('layers.window', { layers: part, window: one.window });
}

function compressedPart({ width, window, tokensPerVector: tokens }: CompressedLayers, count: Reason): Reason {
  const layers = reasonOf('layers.latent', { layers: count, width });
  const windowed = reasonOf('layers.window', { layers, window });
  if (tokens === 0) return windowed;
  return tokens === 1
    ? reasonOf('layers.everyToken', { layers: windowed })
    : reasonOf('layers.compressed', { layers: windowed, tokens });
}

function attentionPart(one: Extract<CachedLayers, { kind: 'attention' | 'latent' }>, layers: Reason): Reason {
  if (one.kind === 'latent') return reasonOf('layers.latent', { layers, width: one.width });
  const dimension = one.keyDim === one.valueDim ? one.keyDim : `${one.keyDim}/${one.valueDim}`;
  const kvHeads = one.kvHeads === 1 ? reasonOf('kvHeads.one') : reasonOf('kvHeads.many', { number: one.kvHeads });
  return reasonOf('layers.attention', { layers, kvHeads, dimension });
}

/** Layers that are alike become one entry, in the order in which they first come. */
export function grouped(layers: readonly CachedLayers[]): CachedLayers[] {
  const groups = new Map<string, CachedLayers>();
  for (const one of layers) {
    const key = JSON.stringify({ ...one, layers: 0 });
    groups.set(key, { ...one, layers: (groups.get(key)?.layers ?? 0) + one.layers });
  }
  return [...groups.values()];
}
