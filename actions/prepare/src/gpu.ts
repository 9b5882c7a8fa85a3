import {
  computeProblem,
  estimateGpuMemory,
  fitsGpu,
  parallelProblem,
  type EngineMemory,
  type MemoryEstimate,
} from '@fairway/engines';
import { ConfigurationError, deviceOf, type ModelFacts, type Place, type ServiceFile } from '@fairway/service';

export interface GpuJudgement {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly reason: string;
  readonly at?: Place;
  readonly evidence: {
    readonly gpu: { readonly class: string; readonly count: number; readonly memoryBytes: number } | null;
    readonly headroomPercent: number;
    /** Of one GPU; null when the model does not tell its shape. */
    readonly estimate: MemoryEstimate | null;
    /** Bytes of one GPU that may be used. */
    readonly usable: number | null;
    readonly sentence: string;
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
  const resolved = `${service.name} is valid: ${service.model.name} (${count(model.parameters)} parameters, ${model.dtype}) on ${service.engine.name}.`;
  const gpuClass = asked && deviceOf(asked);
  const gpus = (asked?.count ?? 1) * service.workload.nodes;
  const estimate = estimateGpuMemory(model, engine, gpus, gpuClass) ?? null;
  const headroomPercent = Math.max(headroom, engine.headroom);
  if (!asked) {
    const sentence = 'No GPU is asked for.';
    const evidence = { gpu: null, headroomPercent, estimate, usable: null, sentence };
    return { verdict: 'pass', reason: `${resolved} ${sentence}`, evidence };
  }
  if (!gpuClass) throw new Error(`the schema let through the GPU class ${asked.class}`);
  const at = place('resources', 'gpu');
  const evidence = {
    gpu: { class: gpuClass.name, count: asked.count, memoryBytes: gpuClass.memoryBytes },
    headroomPercent,
    estimate,
    usable: null,
  };
  const refused = (verdict: 'fail' | 'inconclusive', sentence: string, lead = ''): GpuJudgement => ({
    verdict,
    reason: new ConfigurationError(`${lead}${sentence}`, at).message,
    at,
    evidence: { ...evidence, sentence },
  });

  // an engine that does not start needs no sum
  const problem = computeProblem(model, engine, gpuClass) ?? parallelProblem(model, engine, gpus);
  if (problem !== undefined) return refused('fail', problem);
  const fit = fitsGpu(model, engine, { gpus, gpu: gpuClass, headroom });
  if (!fit)
    return refused(
      'inconclusive',
      `Whether the model fits ${gpus} × ${gpuClass.name} cannot be said: it does not tell its layers, KV heads and head dimension (config.json, params.json or the GGUF header). State them in model.shape.`,
    );
  const whole = { ...evidence, usable: fit.usable, sentence: fit.sentence };
  if (fit.fits) return { verdict: 'pass', reason: `${resolved} ${fit.sentence}`, evidence: whole };
  return {
    ...refused('fail', fit.sentence, 'the model is larger than the GPU asked for. '),
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
