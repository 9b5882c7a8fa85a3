import type { EngineMemory, SizedModel } from './memory.ts';

/** GPUs that one pod may ask for. */
export const mostGpus = 16;

/** Why an engine cannot divide a model among the GPUs of a pod, and which counts work; undefined when it can. */
export function parallelProblem(model: SizedModel, engine: EngineMemory, gpus: number): string | undefined {
  if (engine.gpus > gpus)
    return `The engine uses ${engine.gpus} GPUs with its arguments and a pod has ${gpus}. Set resources.gpu.count to ${engine.gpus}, or lower the parallel sizes in engine.arguments.`;
  const split = engine.storage.headSplit;
  return headsProblem(model, split) ?? blocksProblem(model, split, engine.experts?.cut ?? split);
}

function headsProblem({ heads, kvHeads, cache }: SizedModel, split: number): string | undefined {
  if (heads === undefined || split === 1) return undefined;
  // the heads of latent attention share one vector, which every GPU has
  const groups = cache?.every(one => one.kind === 'latent') ? undefined : kvHeads;
  const dividing = Array.from({ length: heads }, (_, at) => at + 1).filter(count => heads % count === 0);
  const works = (count: number): boolean => groups === undefined || groups % count === 0 || count % groups === 0;
  if (dividing.includes(split) && works(split)) return undefined;
  const uneven = dividing.filter(count => !works(count));
  const rest =
    uneven.length > 0
      ? ` Of these, ${uneven.join(', ')} leave its ${groups} KV heads uneven, which the engine rejects too.`
      : '';
  const wrong =
    heads % split === 0
      ? `The ${groups} KV heads of the model cannot be shared evenly by ${split} GPUs`
      : `The ${heads} attention heads of the model are not divisible by ${split} GPUs`;
  return `${wrong}, so the engine does not start. Counts that divide the heads are ${dividing.join(', ')} (a pod has at most ${mostGpus}).${rest} Change resources.gpu.count.`;
}

/** Weights with one scale for each block cannot be cut inside a block. */
function blocksProblem(
  { quantization, intermediateSize, expertSize }: SizedModel,
  heads: number,
  experts: number,
): string | undefined {
  const [block] = quantization?.block ?? [];
  const split = expertSize === undefined ? heads : experts;
  const size = expertSize ?? intermediateSize;
  if (block === undefined || size === undefined || split === 1 || (size / split) % block === 0) return undefined;
  const works = Array.from({ length: mostGpus }, (_, at) => at + 1).filter(count => (size / count) % block === 0);
  return `The weights have one scale for each ${block} values, and ${size} divided by ${split} GPUs is ${size / split}, which cuts a block, so the engine does not start. Counts that work are ${works.join(', ')}. Change resources.gpu.count.`;
}
