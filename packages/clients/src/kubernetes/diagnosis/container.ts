import { reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
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
  const { status } = container;
  const waiting = status.state?.waiting;
  if (waiting && pulling.has(waiting.reason ?? '')) return imagePull(pod, container, events, waiting);
  if (waiting && creating.has(waiting.reason ?? ''))
    return creation(container, waiting.message ?? waiting.reason ?? '');
  // an init container that has done its work
  if (container.init && status.state?.terminated?.exitCode === 0) return undefined;
  return termination(pod, container, events) ?? unready(pod, container, events);
}

function termination(pod: Pod, container: NamedContainer, events: readonly ClusterEvent[]): Diagnosis | undefined {
  const { status, name, engine } = container;
  const logs = { pod: pod.metadata.name, container: status.name, previous: status.restartCount > 0 };
  const end = status.state?.terminated ?? status.lastState?.terminated;
  if (end?.reason === 'OOMKilled') {
    const limit = limitPart(limitOf(pod, status.name));
    const cause = engine
      ? reasonOf('container.engineOutOfMemory', { limit })
      : reasonOf('container.outOfMemory', { container: name, limit });
    return status.restartCount >= 1 ? final(cause, logs) : passing(cause, logs);
  }
  if (end?.reason === 'StartError' || end?.reason === 'ContainerCannotRun')
    return creation(container, end.message ?? end.reason);
  const killed = events.find(
    ({ reason, message }) =>
      reason === 'Killing' && /(liveness|startup) probe/.test(message ?? '') && isOf(message, status.name),
  );
  if (killed) {
    const words = probeFailure(events) ?? killed.message ?? '';
    const cause = reasonOf('container.unhealthy', { container: name, words });
    return status.restartCount >= unhealthyRestarts ? final(cause, logs) : passing(cause, logs);
  }
  if (!end || (status.restartCount === 0 && !status.state?.terminated)) return undefined;
  // the words of the kubelet and of containerd for an end that they did not see
  if (end.reason === 'ContainerStatusUnknown' || end.reason === 'Unknown')
    return passing(reasonOf('container.lost', { container: name }), logs);
  const cause =
    end.exitCode === undefined
      ? reasonOf('container.ends', { container: name })
      : reasonOf('container.endsWith', { container: name, exit: exitPart(end.exitCode) });
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
  if (init) return passing(reasonOf('container.initRuns', { container: name }), logs);
  const words = status.ready ? undefined : probeFailure(events);
  return words ? passing(reasonOf('container.notReady', { container: name, words }), logs) : undefined;
}

// by signal(7): 128 and the number of the signal
const signals = [132, 134, 135, 137, 139, 143] as const;

function exitPart(exitCode: number): Reason {
  const signal = signals.find(one => one === exitCode);
  return signal === undefined ? reasonOf('exit.code', { exitCode }) : reasonOf(`exit.${signal}`);
}

function limitPart(limit: string | undefined): Reason {
  return limit ? reasonOf('limit.known', { limit }) : reasonOf('limit.unknown');
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
