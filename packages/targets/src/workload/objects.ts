import type { EngineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import { servingLabel } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject, ObjectMeta } from '@fairway/clients/kubernetes/objects';
import { workloadKind } from '@fairway/clients/kubernetes/workload-kinds';
import { llmInferenceService } from './llm-inference-service.ts';
import { queueLabels } from './placement.ts';

/** What runs in a version, whatever runs it. */
export interface VersionPods {
  readonly metadata: ObjectMeta;
  /** Pods at first; undefined where somebody else says how many. */
  readonly replicas: number | undefined;
  /** Labels by which the pods of the version are found. */
  readonly labels: Readonly<Record<string, string>>;
  readonly template: PodTemplate;
  /** Seconds after which a start without progress has failed. */
  readonly progressDeadlineSeconds: number;
}

export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Labels of the pods of a version that answer requests. One that is to go loses the last and stays a pod of its version, which KServe does not allow for. */
export function answeringLabels(
  { workload }: Service,
  labels: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return workload.kind === 'LLMInferenceService' ? labels : { ...labels, [servingLabel]: 'true' };
}

/** The object that runs the pods of a version, as `workload.kind` says. Fairway's release moves the users, so none of them has steps of its own. */
export function workloadObject(service: Service, profile: EngineProfile, pods: VersionPods): KubernetesObject {
  const { kind, nodes } = service.workload;
  const { apiVersion } = workloadKind(kind);
  const { metadata } = pods;
  const object = {
    apiVersion,
    kind,
    metadata: { ...metadata, labels: { ...metadata.labels, ...queueLabels(service) } },
  };
  const replicas = pods.replicas === undefined ? {} : { replicas: pods.replicas };
  if (kind === 'LeaderWorkerSet') return { ...object, spec: { ...replicas, ...groups(profile, pods, nodes) } };
  if (kind === 'LLMInferenceService')
    return { ...object, spec: { ...replicas, ...llmInferenceService(service, pods.template) } };
  return {
    ...object,
    spec: {
      ...replicas,
      revisionHistoryLimit: 1,
      // a lost node's pod is replaced before its successor is up; nothing else ever changes in a version
      strategy:
        kind === 'Rollout'
          ? { canary: { maxSurge: 1, maxUnavailable: 0 } }
          : { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      // what waits for a node or its image makes progress too
      progressDeadlineSeconds: pods.progressDeadlineSeconds,
      // without the label by which a pod leaves the Service, so that it stays a pod of this version
      selector: { matchLabels: pods.labels },
      template: pods.template,
    },
  };
}

/** Host name of the pod of node 0, as the controller gives it to every pod of a group. */
const leader = '$(LWS_LEADER_ADDRESS)';
const workerRank = '$(LWS_WORKER_INDEX)';

/** Arguments of the engine on the node that answers; none where one node serves the model. */
export function leaderArguments({ workload }: Service, profile: EngineProfile): readonly string[] {
  if (workload.nodes === 1) return [];
  return profile.nodeArguments?.({ nodes: workload.nodes, rank: '0', leader }) ?? [];
}

/** Each replica is a group of pods: the first answers, the others have a part of the model. One that is lost takes its group with it. */
function groups(profile: EngineProfile, { template }: VersionPods, nodes: number): Readonly<Record<string, unknown>> {
  return {
    leaderWorkerTemplate: {
      size: nodes,
      restartPolicy: 'RecreateGroupOnPodRestart',
      leaderTemplate: template,
      workerTemplate: worker(profile, template, nodes),
    },
    // all of them start together: the first is not ready before the others have their part
    startupPolicy: 'LeaderCreated',
    // else the controller would make a Service with the name of the version, which is the one that its route names
    networkConfig: { subdomainPolicy: 'UniquePerReplica' },
  };
}

interface EngineContainer {
  readonly name: string;
  readonly args?: readonly string[];
  readonly [field: string]: unknown;
}

/** Fields of a container by which somebody asks or probes the engine. */
const answering = ['ports', 'startupProbe', 'readinessProbe', 'livenessProbe'];

/** The pod of a further node: the same engine with its own rank, to which nobody sends requests. */
function worker(profile: EngineProfile, { metadata, spec }: PodTemplate, nodes: number) {
  const leading = profile.nodeArguments?.({ nodes, rank: '0', leader }) ?? [];
  const own = profile.nodeArguments?.({ nodes, rank: workerRank, leader }) ?? [];
  const containers = (spec['containers'] as readonly EngineContainer[]).map(container => {
    const { args = [] } = container;
    return { ...without(container, answering), args: [...args.slice(0, args.length - leading.length), ...own] };
  });
  return { metadata: { labels: without(metadata.labels, [servingLabel]) }, spec: { ...spec, containers } };
}

function without<T>(fields: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}
