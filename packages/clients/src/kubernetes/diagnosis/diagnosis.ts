import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { ClusterEvent, Deployment, Pod } from '../workload.ts';
import { containerDiagnosis } from './container.ts';
import { namedContainers } from './container-name.ts';
import { ended, staying } from './ended.ts';
import type { Diagnosis } from './finding.ts';
import { passing } from './finding.ts';
import { closed, nodePart } from './parts.ts';
import { replicaFailure } from './replica-failure.ts';
import { scheduling } from './scheduling.ts';

export interface Observation {
  readonly deployment: Deployment;
  readonly pods: readonly Pod[];
  /** Events of the namespace; those of other objects are ignored. */
  readonly events: readonly ClusterEvent[];
}

/** Names what keeps a rollout from getting ready; undefined while nothing is wrong yet. */
export function diagnose(seen: Observation): Diagnosis | undefined {
  const found = now(seen);
  const before = endedByQueue(seen, found);
  if (!before) return found;
  if (!found) return passing(before);
  const coded = reasonOf('list.then', { first: before, second: found.coded });
  return { ...found, coded, cause: english(coded) };
}

/**
 * Kueue ends pods that load for longer than it waits (`waitForPodsReady`), and pods whose quota another request takes. Their successors have requests of
 * their own, which say nothing of it.
 */
function endedByQueue(
  { deployment: { metadata }, events }: Observation,
  found: Diagnosis | undefined,
): Reason | undefined {
  const stopped = events.findLast(
    ({ message, involvedObject: { kind, name } = {} }) =>
      kind === 'Pod' && name?.startsWith(`${metadata.name}-`) && endings.some(([words]) => message?.startsWith(words)),
  );
  const { involvedObject: { name: pod = '' } = {}, message: words = '' } = stopped ?? {};
  const code = endings.find(([beginning]) => words.startsWith(beginning))?.[1];
  // one that has got its quota again has nothing more to wait for
  if (!code || (code === 'pod.preemptedByQueue' && !found?.queued)) return undefined;
  return reasonOf(code, { pod, words: words.replace(/\.$/, '') });
}

const endings = [
  ['Exceeded the PodsReady timeout', 'pod.stoppedByQueue'],
  ['Preempted to accommodate a workload', 'pod.preemptedByQueue'],
] as const;

function now({ deployment, pods, events }: Observation): Diagnosis | undefined {
  // a pod that failed as a whole has a successor, whose own trouble says more
  const living = pods.filter(pod => !pod.metadata.deletionTimestamp);
  const ordered = [...living.filter(pod => !hasFailed(pod)), ...living.filter(hasFailed)];
  const findings = ordered.map(pod => diagnosePod(pod, events)).filter(finding => finding !== undefined);
  return (
    findings.find(finding => finding.final) ??
    findings[0] ??
    replicaFailure({ deployment, pods: living, events }) ??
    pods.map(staying).find(finding => finding !== undefined)
  );
}

/** Names what keeps one pod from getting ready; undefined while nothing is wrong yet. */
export function diagnosePod(pod: Pod, events: readonly ClusterEvent[]): Diagnosis | undefined {
  const own = events
    .filter(event => event.involvedObject?.name === pod.metadata.name)
    .sort((a, b) => eventTime(b) - eventTime(a));
  const whole = ended(pod) ?? scheduling(pod, own);
  if (whole) return whole;
  for (const container of namedContainers(pod)) {
    const found = containerDiagnosis(pod, container, own);
    if (found) return found;
  }
  return preparation(pod, own) ?? readinessGate(pod) ?? silentNode(pod, own);
}

/** What the kubelet does before the first container: volumes, claimed devices and the network. */
function preparation(pod: Pod, events: readonly ClusterEvent[]): Diagnosis | undefined {
  const started = pod.status?.containerStatuses?.some(({ state }) => state?.running ?? state?.terminated);
  if (started) return undefined;
  const name = pod.metadata.name;
  const node = nodePart(pod.spec?.nodeName);
  const volumes = events.filter(({ reason }) => mounting.has(reason ?? ''));
  // the kubelet sums up every two minutes that it still waits, and not for what
  const volume = volumes.find(({ message }) => !message?.startsWith('Unable to attach or mount')) ?? volumes[0];
  if (volume) return passing(reasonOf('pod.volume', { pod: name, words: volume.message ?? '' }));
  const devices = events.find(({ reason }) => reason === 'FailedPrepareDynamicResources');
  if (devices) return passing(reasonOf('pod.devices', { node, pod: name, words: closed(devices.message ?? '') }));
  const sandbox = events.find(({ reason }) => reason === 'FailedCreatePodSandBox');
  if (!sandbox) return undefined;
  const words = sandbox.message ?? '';
  if (missingRuntime.test(words)) return passing(reasonOf('pod.runtime', { node, pod: name, words }));
  if (noAddress.test(words))
    return passing(reasonOf('pod.noAddress', { node, pod: name, words: words.replace(/\.$/, '') }));
  return passing(reasonOf(/network|\bCNI\b|netns/i.test(words) ? 'pod.network' : 'pod.sandbox', { pod: name, words }));
}

const mounting = new Set(['FailedMount', 'FailedAttachVolume', 'FailedMapVolume']);

// the plugins of EKS, of GKE (host-local) and of AKS, and Cilium's
const noAddress =
  /failed to assign an IP address|no IP addresses available|(?:no|not enough) IPs available|no available addresses|range is full/i;

// containerd, CRI-O and Docker
const missingRuntime =
  /no runtime for|RuntimeHandler .* not supported|failed to find runtime handler|unknown (or invalid )?runtime/i;

function readinessGate({ metadata, status }: Pod): Diagnosis | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.reason !== 'ReadinessGatesNotReady') return undefined;
  return passing(reasonOf('pod.gate', { pod: metadata.name, words: ready.message ?? '' }));
}

/** The node lifecycle controller says so where all containers were ready when the node was heard of last. */
function silentNode({ metadata, spec, status }: Pod, events: readonly ClusterEvent[]): Diagnosis | undefined {
  const lost = events.find(({ reason }) => reason === 'NodeNotReady');
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (!lost || ready?.status !== 'False') return undefined;
  const words = lost.message ?? '';
  return passing(reasonOf('pod.nodeLost', { node: nodePart(spec?.nodeName), pod: metadata.name, words }));
}

function hasFailed(pod: Pod): boolean {
  return pod.status?.phase === 'Failed';
}

function eventTime(event: ClusterEvent): number {
  return Date.parse(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '') || 0;
}
