import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { EngineMemory, SizedModel } from './memory.ts';

/** GPUs that one pod may ask for. */
export const mostGpus = 16;

/** Why an engine cannot divide a model among the GPUs of a pod, and which counts work; undefined when it can. */
export function parallelReason(model: SizedModel, engine: EngineMemory, gpus: number): Reason | undefined {
  if (engine.gpus > gpus) return reasonOf('parallel.tooFew', { needed: engine.gpus, gpus });
  const split = engine.division.headSplit;
  return (
    headsProblem(model, split) ??
    tokensProblem(model, engine) ??
    blocksProblem(model, split, engine.experts?.cut ?? split)
  );
}

function headsProblem({ heads, kvHeads, cache }: SizedModel, split: number): Reason | undefined {
  if (heads === undefined || split === 1) return undefined;
  // the heads of latent attention share one vector, which every GPU has
  const groups = cache?.every(one => one.kind === 'latent' || one.kind === 'compressed') ? undefined : kvHeads;
  const dividing = Array.from({ length: heads }, (_, at) => at + 1).filter(count => heads % count === 0);
  const works = (count: number): boolean => groups === undefined || groups % count === 0 || count % groups === 0;
  if (dividing.includes(split) && works(split)) return undefined;
  const uneven = dividing.filter(count => !works(count));
  // where the heads have no groups nothing is said of them
  const shared = groups ?? 0;
  const fault =
    heads % split === 0
      ? reasonOf('parallel.kvHeadsShared', { kvHeads: shared, gpus: split })
      : reasonOf('parallel.headsDivided', { heads, gpus: split });
  const counts = { fault, dividing: dividing.join(', '), most: mostGpus };
  return uneven.length > 0
    ? reasonOf('parallel.headsUneven', { ...counts, uneven: uneven.join(', '), kvHeads: shared })
    : reasonOf('parallel.heads', counts);
}

/** Tokens are divided among the GPUs that hold the same head (`verify_with_parallel_config` of vllm/config/model.py). */
function tokensProblem({ kvHeads = 1, cache }: SizedModel, { division }: EngineMemory): Reason | undefined {
  const { tokenSplit = 1, headSplit } = division;
  const latent = cache?.every(one => one.kind !== 'attention') ?? false;
  const copies = latent ? headSplit : Math.max(1, Math.floor(headSplit / kvHeads));
  return copies % tokenSplit === 0 ? undefined : reasonOf('parallel.tokens', { copies, parts: tokenSplit });
}

/** Weights with one scale for each block cannot be cut inside a block. */
function blocksProblem(
  { quantization, intermediateSize, expertSize }: SizedModel,
  heads: number,
  experts: number,
): Reason | undefined {
  const [block] = quantization?.block ?? [];
  const split = expertSize === undefined ? heads : experts;
  const size = expertSize ?? intermediateSize;
  if (block === undefined || size === undefined || split === 1 || (size / split) % block === 0) return undefined;
  const works = Array.from({ length: mostGpus }, (_, at) => at + 1).filter(count => (size / count) % block === 0);
  return reasonOf('parallel.block', { block, size, gpus: split, part: size / split, works: works.join(', ') });
}
