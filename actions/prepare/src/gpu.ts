import {
  computeReason,
  estimateGpuMemory,
  fitsGpu,
  parallelReason,
  type EngineMemory,
  type MemoryEstimate,
} from '@fairway/engines';
import { deviceOf, placeText, type ModelFacts, type Place, type ServiceFile } from '@fairway/service';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';

export interface GpuJudgement {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly reason: Reason;
  readonly at?: Place;
  readonly evidence: {
    readonly gpu: { readonly class: string; readonly count: number; readonly memoryBytes: number } | null;
    readonly headroomPercent: number;
    /** Of one GPU; null when the model does not tell its shape. */
    readonly estimate: MemoryEstimate | null;
    /** Bytes of one GPU that may be used. */
    readonly usable: number | null;
    readonly sentence: string;
    readonly coded: Reason;
  };
}

/** @param headroom percent of the GPU memory that stays free; default: what the engine leaves */
export function judgeGpu(
  { service, place }: ServiceFile,
  model: ModelFacts,
  engine: EngineMemory,
  headroom = engine.headroom,
): GpuJudgement {
  const asked = service.resources.gpu;
  const valid = (fit: Reason) =>
    reasonOf('prepare.valid', {
      ...{ service: service.name, model: service.model.name, parameters: count(model.parameters) },
      ...{ type: model.dtype, engine: service.engine.name, fit },
    });
  const gpuClass = asked && deviceOf(asked);
  const gpus = (asked?.count ?? 1) * service.workload.nodes;
  const estimate = estimateGpuMemory(model, engine, gpus, gpuClass) ?? null;
  const headroomPercent = Math.max(headroom, engine.headroom);
  if (!asked) {
    const none = reasonOf('prepare.noGpu');
    const evidence = { gpu: null, headroomPercent, estimate, usable: null, sentence: english(none), coded: none };
    return { verdict: 'pass', reason: valid(none), evidence };
  }
  if (!gpuClass) throw new Error(`the schema let through the GPU class ${asked.class}`);
  const at = place('resources', 'gpu');
  const evidence = {
    gpu: { class: gpuClass.name, count: asked.count, memoryBytes: gpuClass.memoryBytes },
    headroomPercent,
    estimate,
    usable: null,
  };
  const refused = (verdict: 'fail' | 'inconclusive', sentence: Reason): GpuJudgement => ({
    verdict,
    reason: reasonOf('stage.at', { place: placeText(at), sentence }),
    at,
    evidence: { ...evidence, sentence: english(sentence), coded: sentence },
  });

  // an engine that does not start needs no sum
  const problem = computeReason(model, engine, gpuClass) ?? parallelReason(model, engine, gpus);
  if (problem !== undefined) return refused('fail', problem);
  const fit = fitsGpu(model, engine, { gpus, gpu: gpuClass, headroom });
  if (!fit) return refused('inconclusive', reasonOf('prepare.shapeless', { gpus, gpu: gpuClass.name }));
  const whole = { ...evidence, usable: fit.usable, sentence: fit.sentence, coded: fit.coded };
  if (fit.fits) return { verdict: 'pass', reason: valid(fit.coded), evidence: whole };
  return {
    ...refused('fail', reasonOf('prepare.larger', { fit: fit.coded })),
    evidence: whole,
  };
}

export function count(parameters: number): string {
  for (const [size, unit] of [
    [1e9, ' B'],
    [1e6, ' M'],
    [1e3, ' k'],
  ] as const) {
    if (parameters >= size) return `${(parameters / size).toFixed(1)}${unit}`;
  }
  return String(parameters);
}
