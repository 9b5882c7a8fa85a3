import type { ClusterEvent, ContainerStatus, Pod } from '../workload.ts';
import type { NamedContainer } from './container-name.ts';
import { creation } from './creation.ts';
import { final, passing, type Diagnosis } from './finding.ts';
import { imagePull } from './image-pull.ts';

/** Restarts after which a container that comes up but fails its probes is given up. */
const unhealthyRestarts = 2;

// waiting reasons of the kubelet (pkg/kubelet/images/types.go, pkg/kubelet/kuberuntime, pkg/kubelet/container/sync_result.go)
const pulling = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);
const creating = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
]);

/** Names what keeps one container from getting ready. */
export function containerDiagnosis(
  pod: Pod,
  container: NamedContainer,
  events: readonly ClusterEvent[],
): Diagnosis | undefined {
  const { status, name } = container;
  const waiting = status.state?.waiting;
  if (waiting && pulling.has(waiting.reason ?? '')) return imagePull(container, events, waiting);
  if (waiting && creating.has(waiting.reason ?? ''))
    return creation(name, waiting.message ?? waiting.reason ?? '', status.restartCount);
  // an init container that has done its work
  if (container.init && status.state?.terminated?.exitCode === 0) return undefined;
  return termination(pod, container, events) ?? unready(pod, container, events);
}

function termination(pod: Pod, container: NamedContainer, events: readonly ClusterEvent[]): Diagnosis | undefined {
  const { status, name, engine } = container;
  const logs = { pod: pod.metadata.name, container: status.name, previous: status.restartCount > 0 };
  const end = status.state?.terminated ?? status.lastState?.terminated;
  if (end?.reason === 'OOMKilled') {
    const limit = limitOf(pod, status.name);
    const cause = `${name} needs more memory than its limit${limit ? ` of ${limit}` : ''} (OOMKilled): raise ${engine ? 'resources.memory in fairway.yaml or lower serving.contextLength' : 'that limit'}.`;
    return status.restartCount >= 1 ? final(cause, logs) : passing(cause, logs);
  }
  if (end?.reason === 'StartError' || end?.reason === 'ContainerCannotRun')
    return creation(name, end.message ?? end.reason, status.restartCount);
  const killed = events.find(
    ({ reason, message }) =>
      reason === 'Killing' && /(liveness|startup) probe/.test(message ?? '') && isOf(message, status.name),
  );
  if (killed) {
    const cause = `${name} started but does not become healthy: ${probeFailure(events) ?? killed.message}`;
    return status.restartCount >= unhealthyRestarts ? final(cause, logs) : passing(cause, logs);
  }
  if (!end || (status.restartCount === 0 && !status.state?.terminated)) return undefined;
  const cause = `${name} ends by itself${exitWords(end.exitCode)} after it starts.`;
  // the first crash may be a dependency that was not there yet; the second one is the container's own
  return status.restartCount >= 1 && !status.state?.running ? final(cause, logs) : passing(cause, logs);
}

function unready(
  pod: Pod,
  { status, name, init }: NamedContainer,
  events: readonly ClusterEvent[],
): Diagnosis | undefined {
  if (!status.state?.running) return undefined;
  const logs = { pod: pod.metadata.name, container: status.name, previous: false };
  if (init) return passing(`${name} has not ended yet, and the engine waits for it.`, logs);
  const probe = status.ready ? undefined : probeFailure(events);
  return probe ? passing(`${name} runs but is not ready: ${probe}`, logs) : undefined;
}

// by signal(7): 128 and the number of the signal
const signals: Readonly<Record<number, string>> = {
  132: ', which is an instruction that the processor lacks (SIGILL)',
  134: ', which is an abort of its own (SIGABRT)',
  135: ', which often is too little shared memory (SIGBUS)',
  137: ', which is a kill from outside (SIGKILL)',
  139: ', which is a fault in native code (SIGSEGV)',
  143: ', which is a request to end (SIGTERM)',
};

function exitWords(code: number | undefined): string {
  return code === undefined ? '' : ` with exit code ${code}${signals[code] ?? ''}`;
}

function probeFailure(events: readonly ClusterEvent[]): string | undefined {
  return events.find(({ reason }) => reason === 'Unhealthy')?.message;
}

/** `Container engine failed startup probe, will be restarted` */
function isOf(message: string | undefined, container: ContainerStatus['name']): boolean {
  return new RegExp(`container ${container.replaceAll('.', '\\.')} `, 'i').test(message ?? '');
}

function limitOf(pod: Pod, name: string): string | undefined {
  return [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])].find(one => one.name === name)
    ?.resources?.limits?.memory;
}
