import type { KubernetesObject } from './objects.ts';

interface PodSpec {
  readonly containers: readonly { readonly name: string; readonly image?: string }[];
}

interface PodTemplate {
  readonly spec?: PodSpec;
}

/** The parts of a Deployment that a rollout is read from, or of what runs pods in its place (`workloadKinds`). */
export interface Deployment extends KubernetesObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly progressDeadlineSeconds?: number;
    /** Of an LLMInferenceService the specification of the pod itself. */
    readonly template?: PodTemplate | PodSpec;
    /** Of a LeaderWorkerSet: a replica is a group of `size` pods, of which the leader answers. */
    readonly leaderWorkerTemplate?: { readonly size?: number; readonly leaderTemplate?: PodTemplate };
  };
  readonly status?: {
    /** A Rollout writes it as text, and a LeaderWorkerSet not at all. */
    readonly observedGeneration?: number | string;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    /** Of an LLMInferenceService: what its Deployment says. */
    readonly workloads?: { readonly primary?: { readonly name?: string; readonly readyReplicas?: number } };
    readonly conditions?: readonly Condition[];
  };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

/** How long a container may take to start; Kubernetes' defaults are 0, 10 and 3. */
export interface StartupProbe {
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
}

export interface Pod extends KubernetesObject {
  readonly spec?: {
    readonly nodeName?: string;
    /** Who must let the scheduler look at the pod. */
    readonly schedulingGates?: readonly { readonly name: string }[];
    readonly terminationGracePeriodSeconds?: number;
    readonly containers?: readonly PodContainer[];
    readonly initContainers?: readonly PodContainer[];
    readonly volumes?: readonly { readonly name: string; readonly image?: { readonly reference?: string } }[];
  };
  readonly status?: {
    readonly phase?: string;
    /** Why the pod as a whole failed: Evicted, UnexpectedAdmissionError … */
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface PodContainer {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  /** Of an init container: `Always` makes it a sidecar. */
  readonly restartPolicy?: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly startupProbe?: StartupProbe;
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image?: string;
  readonly imageID?: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode?: number; readonly message?: string };
}

export interface ClusterEvent extends KubernetesObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
}

/** Whether the kubelet says of a pod that it is ready. */
export function isReadyPod({ status }: Pod): boolean {
  return status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True') ?? false;
}

/** Whether every desired pod of the newest template is ready. */
export function isReady(deployment: Deployment): boolean {
  const desired = deployment.spec?.replicas ?? 1;
  const status = deployment.status ?? {};
  const ready = readyReplicas(deployment) === desired;
  const looked = Number(status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0);
  // its Deployment has one template only, and what is counted there are the available pods
  if (deployment.kind === 'LLMInferenceService') return looked && ready;
  const all = ready && (status.updatedReplicas ?? 0) === desired;
  if (deployment.kind === 'LeaderWorkerSet') return all;
  return looked && all && (status.availableReplicas ?? 0) === desired;
}

/** Replicas that are ready, as its controller counts them. */
export function readyReplicas({ status }: Deployment): number {
  return status?.readyReplicas ?? status?.workloads?.primary?.readyReplicas ?? 0;
}

/** Containers of the pod that answers, the engine first; none where the object has no pods of ours. */
export function podContainers({ spec }: Deployment): PodSpec['containers'] {
  const template = spec?.template ?? spec?.leaderWorkerTemplate?.leaderTemplate;
  const pod = template && 'containers' in template ? template : template?.spec;
  return pod?.containers ?? [];
}

/** Image of the engine; undefined where the object has no pods of ours. */
export function engineImage(deployment: Deployment): string | undefined {
  return podContainers(deployment)[0]?.image;
}

/** Pods that there are once all replicas are. */
export function allPods({ spec }: Pick<Deployment, 'spec'>): number {
  return (spec?.replicas ?? 1) * (spec?.leaderWorkerTemplate?.size ?? 1);
}
