import type { ClusterEvent, ContainerStatus, Deployment, Pod } from './workload.ts';

export interface Observation {
  readonly deployment: Deployment;
  readonly pods: readonly Pod[];
  /** Events of the namespace; those of other objects are ignored. */
  readonly events: readonly ClusterEvent[];
}

export interface Diagnosis {
  /** Why the rollout does not get ready, in one sentence. */
  readonly cause: string;
  /** True when waiting longer cannot help. */
  readonly final: boolean;
  /** Pod and container whose last log lines tell more. */
  readonly logs?: { readonly pod: string; readonly container: string; readonly previous: boolean };
}

/** Restarts after which an engine that comes up but fails its probes is given up. */
const unhealthyRestarts = 2;

/** Names what keeps a rollout from getting ready; undefined while nothing is wrong yet. */
export function diagnose(observation: Observation): Diagnosis | undefined {
  const findings = observation.pods
    .filter(pod => !pod.metadata.deletionTimestamp)
    .map(pod => diagnosePod(pod, observation.events))
    .filter(finding => finding !== undefined);
  const worst = findings.find(finding => finding.final) ?? findings[0];
  return worst ?? replicaFailure(observation.deployment);
}

/** Names what keeps one pod from getting ready; undefined while nothing is wrong yet. */
export function diagnosePod(pod: Pod, events: readonly ClusterEvent[]): Diagnosis | undefined {
  const own = events
    .filter(event => event.involvedObject?.name === pod.metadata.name)
    .sort((a, b) => eventTime(b) - eventTime(a));
  const scheduled = pod.status?.conditions?.find(condition => condition.type === 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable')
    return unschedulable(pod, scheduled.message ?? '');
  for (const container of pod.status?.containerStatuses ?? []) {
    const found = containerDiagnosis(pod, container, own);
    if (found) return found;
  }
  const mount = own.find(event => event.reason === 'FailedMount');
  if (mount) return { cause: `The pod ${pod.metadata.name} cannot mount a volume: ${mount.message}`, final: false };
  return undefined;
}

function unschedulable(pod: Pod, message: string): Diagnosis {
  const limits = pod.spec?.containers?.flatMap(container => Object.entries(container.resources?.limits ?? {})) ?? [];
  const gpu = limits.find(([resource]) => resource.endsWith('/gpu'));
  if (!gpu) return { cause: `No node can take the pod ${pod.metadata.name}: ${message}`, final: false };
  const [resource, count] = gpu;
  return {
    cause: `No node has ${count} free GPU${count === '1' ? '' : 's'} of the class asked for (${resource}): ${message}`,
    final: false,
  };
}

function containerDiagnosis(
  pod: Pod,
  container: ContainerStatus,
  events: readonly ClusterEvent[],
): Diagnosis | undefined {
  const logs = { pod: pod.metadata.name, container: container.name, previous: container.restartCount > 0 };
  const waiting = container.state?.waiting;
  switch (waiting?.reason) {
    case 'ImagePullBackOff':
    case 'ErrImagePull':
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return imagePull(container, events, waiting.message ?? '', waiting.reason !== 'ErrImagePull');
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return { cause: configuration(waiting.message ?? waiting.reason), final: true };
  }
  const ended = container.state?.terminated ?? container.lastState?.terminated;
  if (ended?.reason === 'OOMKilled') {
    const limit = pod.spec?.containers?.find(candidate => candidate.name === container.name)?.resources?.limits?.memory;
    return {
      cause: `The engine needs more memory than its limit${limit ? ` of ${limit}` : ''} (OOMKilled): raise resources.memory in fairway.yaml or lower serving.contextLength.`,
      final: container.restartCount >= 1,
      logs,
    };
  }
  const liveness = events.find(
    event => event.reason === 'Killing' && /(liveness|startup) probe/.test(event.message ?? ''),
  );
  if (liveness) {
    return {
      cause: `The engine started but does not become healthy: ${probeFailure(events) ?? liveness.message}`,
      final: container.restartCount >= unhealthyRestarts,
      logs,
    };
  }
  if (ended && (container.restartCount > 0 || container.state?.terminated)) {
    const code = ended.exitCode === undefined ? '' : ` with exit code ${ended.exitCode}`;
    // the first crash may be a dependency that was not there yet; the second one is the engine's own
    const again = container.restartCount >= 1 && !container.state?.running;
    return { cause: `The engine ends by itself${code} after it starts.`, final: again, logs };
  }
  const probe = container.state?.running && !container.ready ? probeFailure(events) : undefined;
  return probe
    ? { cause: `The engine runs but is not ready: ${probe}`, final: false, logs: { ...logs, previous: false } }
    : undefined;
}

function probeFailure(events: readonly ClusterEvent[]): string | undefined {
  return events.find(event => event.reason === 'Unhealthy')?.message;
}

function imagePull(
  container: ContainerStatus,
  events: readonly ClusterEvent[],
  message: string,
  backingOff: boolean,
): Diagnosis {
  // the waiting message only says "back-off"; the event holds what the registry answered
  const answer =
    events.find(event => event.reason === 'Failed' && /pull/.test(event.message ?? ''))?.message ?? message;
  const image = container.image ?? 'the image';
  const refused = /401|403|unauthorized|authorization failed|denied|no basic auth/i.test(answer);
  const absent = /not found|manifest unknown|404/i.test(answer);
  const cause = refused
    ? `The registry does not let the cluster pull ${image}: the pull credentials are missing or wrong`
    : absent
      ? `${image} is not in the registry`
      : /connection refused|no such host|timeout|i\/o/i.test(answer)
        ? `The cluster cannot reach the registry of ${image}`
        : `The cluster cannot pull ${image}`;
  return { cause: `${cause}: ${lastWords(answer, image)}.`, final: backingOff || refused || absent };
}

/** Container runtimes wrap an answer once for every layer it went through; only the innermost says something. */
function lastWords(answer: string, image: string): string {
  const inner = answer.split('": ').at(-1) ?? answer;
  return inner.replace(`${image}: `, '').trim();
}

function configuration(message: string): string {
  if (/runAsNonRoot|non-root|non-numeric/i.test(message)) {
    return `The image must run as a numeric user that is not root (USER 65532 in its Dockerfile): ${message}`;
  }
  if (/secret .* not found/i.test(message)) return `A secret that the pod names is missing: ${message}`;
  return `The container cannot be made: ${message}`;
}

function replicaFailure(deployment: Deployment): Diagnosis | undefined {
  const failed = deployment.status?.conditions?.find(
    condition => condition.type === 'ReplicaFailure' && condition.status === 'True',
  );
  if (!failed) return undefined;
  const quota = /quota/i.test(failed.message ?? '');
  return {
    cause: `${quota ? 'The quota of the namespace does not allow the pods' : 'The cluster refuses the pods'}: ${failed.message}`,
    final: true,
  };
}

function eventTime(event: ClusterEvent): number {
  return Date.parse(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '') || 0;
}
