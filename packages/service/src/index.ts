export { ConfigurationError, type Place, type Problem } from './configuration-error.ts';
export { engineNames, type EngineName } from './engine-names.ts';
export { engineProfile, type EngineMetrics, type EngineProfile, type ModelFormat } from './engines/profile.ts';
export { modelLocation } from './engines/model-location.ts';
export { gpuClasses, type GpuClass } from './gpu-classes.ts';
export { serviceJsonSchema, serviceSchema, type Service } from './schema.ts';
export { severities } from './schema-operation.ts';
export { loadService, loadServiceFile, parseServiceFile, serviceFileName, type ServiceFile } from './service-file.ts';
