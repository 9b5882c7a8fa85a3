import {
  ConfigurationError,
  estimateGpuMemory,
  fitsGpu,
  gpuClasses,
  type MemoryEstimate,
  type ModelFacts,
  type Place,
  type ServiceFile,
} from '@fairway/service';

export interface GpuJudgement {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly reason: string;
  readonly at?: Place;
  readonly evidence: {
    readonly gpu: { readonly class: string; readonly count: number; readonly memoryBytes: number } | null;
    readonly headroomPercent: number;
    /** Null when the model does not tell its shape. */
    readonly estimate: MemoryEstimate | null;
    readonly usable: number | null;
    readonly sentence: string;
  };
}

/** @param headroom percent of the GPU memory that stays free */
export function judgeGpu({ service, place }: ServiceFile, model: ModelFacts, headroom: number): GpuJudgement {
  const { contextLength, sequences } = service.serving;
  const asked = service.resources.gpu;
  const estimate = estimateGpuMemory(model, { contextLength, sequences, gpus: asked?.count ?? 1 });
  const evidence = { headroomPercent: headroom, estimate: estimate ?? null };
  const resolved = `${service.name} is valid: ${service.model.name} (${count(model.parameters)} parameters, ${model.dtype}) on ${service.engine.name}.`;

  if (!asked) {
    const sentence = 'No GPU is asked for.';
    return {
      verdict: 'pass',
      reason: `${resolved} ${sentence}`,
      evidence: { ...evidence, gpu: null, usable: null, sentence },
    };
  }
  const gpuClass = gpuClasses.get(asked.class);
  if (!gpuClass) throw new Error(`the schema let through the GPU class ${asked.class}`);
  const gpu = { ...asked, memoryBytes: gpuClass.memoryBytes };
  const at = place('resources', 'gpu');
  if (!estimate) {
    const sentence = `Whether the model fits ${asked.count} × ${asked.class} cannot be said: it does not tell its layers, KV heads and head dimension (config.json or the GGUF header).`;
    return {
      verdict: 'inconclusive',
      reason: new ConfigurationError(sentence, at).message,
      at,
      evidence: { ...evidence, gpu, usable: null, sentence },
    };
  }
  const { fits, usable, sentence } = fitsGpu(estimate, gpuClass, headroom);
  if (fits)
    return { verdict: 'pass', reason: `${resolved} ${sentence}`, evidence: { ...evidence, gpu, usable, sentence } };
  const reason = new ConfigurationError(`the model is larger than the GPU asked for. ${sentence}`, at).message;
  return { verdict: 'fail', reason, at, evidence: { ...evidence, gpu, usable, sentence } };
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
