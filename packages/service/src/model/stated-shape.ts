import type { Service } from '../schema.ts';
import type { CachedLayers } from './cached-layers.ts';
import type { ModelFacts } from './facts.ts';

type Shape = NonNullable<Service['model']['shape']>;

const sizes = ['layers', 'heads', 'kvHeads', 'headDim', 'contextLength'] as const;

/** The fields of `model.shape` that differ from what the model tells, as `kvHeads 8 (the model tells 4)`. */
export function contradictions(facts: ModelFacts, shape: Shape): string[] {
  return sizes.flatMap(key => {
    const [stated, read] = [shape[key], facts[key]];
    return stated === undefined || read === undefined || stated === read
      ? []
      : [`${key} ${stated} (the model tells ${read})`];
  });
}

/** The facts with what `model.shape` states in the place of what the model tells. */
export function withShape(facts: ModelFacts, shape: Shape): ModelFacts {
  const stated = Object.fromEntries(sizes.flatMap(key => (shape[key] === undefined ? [] : [[key, shape[key]]])));
  const merged: ModelFacts = { ...facts, ...stated };
  return { ...merged, cache: statedCache(shape, merged) ?? facts.cache };
}

function statedCache(shape: Shape, facts: ModelFacts): CachedLayers[] | undefined {
  const layers = facts.layers ?? 1;
  if (shape.cacheBytesPerToken !== undefined) {
    const values = shape.cacheBytesPerToken / layers / 4;
    return [{ kind: 'attention', layers, kvHeads: 1, keyDim: values, valueDim: values }];
  }
  const { kvHeads, headDim } = facts;
  const sized = shape.layers ?? shape.kvHeads ?? shape.headDim;
  if (sized === undefined || facts.layers === undefined || kvHeads === undefined || headDim === undefined)
    return undefined;
  return [{ kind: 'attention', layers, kvHeads, keyDim: headDim, valueDim: headDim }];
}
