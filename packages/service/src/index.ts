export { ConfigurationError, placeText, type Finding, type Place, type Problem } from './configuration-error.ts';
export { engineNames, type EngineName } from './engine-names.ts';
export { gpuClasses, type GpuClass } from './gpu-classes.ts';
export { modelNames, type Adapter } from './model-names.ts';
export { serviceJsonSchema, serviceSchema, type Service } from './schema.ts';
export { operations, type Operation } from './schema-access.ts';
export { severities } from './schema-scan.ts';
export { isScope } from './schema-values.ts';
export { loadService, loadServiceFile, parseServiceFile, serviceFileName, type ServiceFile } from './service-file.ts';
export { deviceOf, type AskedGpu } from './mig.ts';
export { gpuTolerations, replicaNeed } from './gpu-placement.ts';
export type { CachedLayers } from './model/cached-layers.ts';
export type { ModelFacts } from './model/facts.ts';
export { architectureOf } from './model/config-json.ts';
export { weightsOfConfig } from './model/config-weights.ts';
export { pinnedReference, readHubModelFacts, type Hub } from './model/hub.ts';
export type { License } from './model/license.ts';
export { modelStamp, readModelFacts } from './model/local.ts';
export { findSecrets, type SecretFound } from './secrets.ts';
export { gpuPart, isGpuResource, nodeGpus, type NodeGpus } from './node-gpus.ts';
export {
  keepingOff,
  podRequests,
  quantity,
  replicasInQuota,
  replicasOnNode,
  takesPods,
  type NodeRoom,
  type NodeState,
  type PodContainers,
  type ReplicaNeed,
  type Taint,
  type Toleration,
} from './node-room.ts';
export { podNeed, type PodNeed } from './pod-need.ts';
export { countsPods, type QuotaScopes } from './quota-scopes.ts';
export { defaultCpuLimit, deniedByLimits, type LimitRangeItem } from './limit-range.ts';
export {
  queueAdmission,
  type ClusterQueue,
  type Cohort,
  type LocalQueue,
  type QueueAdmission,
  type ResourceFlavor,
  type Wanted,
} from './queue-admission.ts';
export { readVex, type VexStatement } from './openvex.ts';
export { sourceDigest } from './source-digest.ts';
export { leavingFiles, sourceFiles, type SourceFile } from './source-files.ts';
export { limitsTokens } from './token-limits.ts';
export { sleeps } from './sleep.ts';
export { systemErrorCode, systemFault } from './system-error.ts';
