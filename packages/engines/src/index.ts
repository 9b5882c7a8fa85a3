export { answering } from './answering.ts';
export { flagName } from './flags.ts';
export { checkArguments } from './check-arguments.ts';
export { argumentsElsewhere } from './elsewhere.ts';
export { checkNodes } from './check-nodes.ts';
export { computeReason } from './gpu-compute.ts';
export {
  engineMemory,
  estimateGpuMemory,
  fitsGpu,
  type EngineMemory,
  type GpuFit,
  type MemoryEstimate,
  type SizedModel,
} from './gpu-memory.ts';
export { parallelReason } from './gpu-parallel.ts';
export { formerNamesOf, liveMetrics, metricsAmong, metricsOfVersion, type MetricNames } from './metric-names.ts';
export { mainMemoryProblem } from './main-memory.ts';
export { checkAdapters } from './check-adapters.ts';
export { adaptersOfService } from './adapters-of-service.ts';
export { withAdapters } from './adapter-memory.ts';
export { checkWeights } from './check-weights.ts';
export { adapterLocation, modelBeside, modelFolder, modelLocation } from './model-location.ts';
export { modelOfService } from './model-of-service.ts';
export {
  engineProfile,
  engineProfiles,
  engineProgram,
  usesSharedMemory,
  type EngineMetrics,
  type EngineNode,
  type EngineProfile,
  type ModelFormat,
} from './profile.ts';
export { exposedMetrics, histogramTotals, type ExposedMetric, type HistogramTotal } from './exposition.ts';
export { coldStartSeconds, loadingSeconds, serviceProfile, startupHint, startupLimits } from './startup.ts';
export { engineVersion } from './version.ts';
export { isBefore } from './version-order.ts';
