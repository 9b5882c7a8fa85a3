export { connectCluster, Cluster, removeObjects } from './cluster.ts';
export type { ConnectOptions, RequestOptions } from './cluster.ts';
export { loadKubeconfig, podKubeconfig, tokenKubeconfig } from './kubeconfig.ts';
export type { TokenLogin } from './kubeconfig.ts';
export { ObjectWatch } from './object-watch.ts';
export type { ObjectWatchOptions, WatchState } from './object-watch.ts';
export { applyObjects } from './apply.ts';
export type { Applied, ApplyOptions } from './apply.ts';
export { permissions, requirePermissions } from './permissions.ts';
export type { Permission } from './permissions.ts';
export { watchRollout } from './rollout.ts';
export type { RolloutResult, RolloutWatch } from './rollout.ts';
export { diagnose, diagnosePod } from './diagnosis/diagnosis.ts';
export type { Diagnosis } from './diagnosis/finding.ts';
export { provisioning } from './diagnosis/provisioning.ts';
export { podShares, sharesOf } from './traffic.ts';
export type { HttpRoute } from './traffic.ts';
export { releasedRevisions, wayBack } from './released.ts';
export type { WayBack } from './released.ts';
export { clusterUid } from './cluster-uid.ts';
export { engineImage, isReady, podContainers, readyReplicas } from './workload.ts';
export { getWorkload, isPartOfWorkload, listWorkloads, workloadKind, workloadKinds } from './workload-kinds.ts';
export type { WorkloadKind } from './workload-kinds.ts';
export type { ClusterEvent, Condition, ContainerStatus, Deployment, Pod, StartupProbe } from './workload.ts';
export type { Lease } from './lease.ts';
export { askRelease, releaseRequests, runningRelease } from './release-request.ts';
export type { ReleaseRequest, RunningRelease } from './release-request.ts';
export { describe } from './objects.ts';
export type { KubernetesObject, ObjectMeta, ObjectReference } from './objects.ts';
export {
  releaseLeaseName,
  releasedAnnotation,
  releasedAtAnnotation,
  revisionHeader,
  revisionLabel,
  revisionLabels,
  routeNames,
  serviceLabels,
  sleepsAnnotation,
  usersLabel,
  versionName,
} from './names.ts';
export { waitUntilGone } from './gone.ts';
