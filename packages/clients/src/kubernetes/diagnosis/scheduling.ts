import type { ClusterEvent, Pod } from '../workload.ts';
import { resourceName } from './ended.ts';
import { passing, type Diagnosis } from './finding.ts';
import { provisioning } from './provisioning.ts';

/**
 * A pod without a node. What is missing is read from the scheduler's message: what the pod asks for may all be there.
 * @param events of the pod, the newest first
 */
export function scheduling(pod: Pod, events: readonly ClusterEvent[]): Diagnosis | undefined {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  const name = pod.metadata.name;
  const message = scheduled.message ?? '';
  if (scheduled.reason === 'SchedulingGated')
    return {
      ...passing(
        `The pod ${name} waits for its queue to admit it (scheduling gates); its start has not begun${message ? `: ${message}` : ''}.`,
      ),
      queued: true,
    };
  if (scheduled.reason !== 'Unschedulable') return undefined;
  const node = provisioning(events);
  if (node?.coming) return passing(`A node is being added for the pod ${name}: ${node.words}.`);
  const cause = unschedulable(pod, message);
  return passing(node ? `${cause.replace(/\.?$/, '.')} The autoscaler adds no node: ${node.words}.` : cause);
}

// the words of the scheduler's plugins (pkg/scheduler/framework/plugins), after the count of nodes
const reasons: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/untolerated taint|had taints/, 'a taint that it does not tolerate'],
  [/were unschedulable/, 'cordoned'],
  [/didn't match Pod's node affinity|node affinity\/selector/, 'another GPU class, or without the labels asked for'],
  [/anti-affinity/, 'a pod there that it must stay away from'],
  [/topology spread/, 'the spread over zones or nodes'],
  [/free ports/, 'no free port'],
  [/cannot allocate all claims/, 'no free device that its ResourceClaims ask for'],
  [/volume|PersistentVolume|free storage/i, 'no way to its volume'],
];

function unschedulable(pod: Pod, message: string): string {
  const name = pod.metadata.name;
  const found = nodeReasons(message);
  const lacking = found.flatMap(({ reason }) => /^Insufficient (\S+)$/.exec(reason)?.[1] ?? []);
  if (found.some(({ reason }) => reason === 'Too many pods')) lacking.push('pods');
  const gpu = lacking.find(isGpu);
  if (gpu !== undefined) {
    const count = limit(pod, gpu);
    const others = lacking.filter(resource => resource !== gpu).map(resourceName);
    const more = others.length > 0 ? `, and some lack ${others.join(' and ')}` : '';
    return `No node has ${count ?? 'enough'} free GPU${count === '1' ? '' : 's'} of the class asked for (${gpu})${more}: ${message}`;
  }
  if (lacking.length > 0)
    return `No node has enough ${lacking.map(resourceName).join(' and ')} left for the pod ${name}: ${message} Lower resources in fairway.yaml, or add a node.`;
  const words = found.flatMap(({ count, reason }) => {
    const what = reasons.find(([pattern]) => pattern.test(reason))?.[1];
    return what === undefined ? [] : [`${what}${taint(reason)} (${count} ${count === 1 ? 'node' : 'nodes'})`];
  });
  return words.length > 0
    ? `None of ${total(message)} nodes can take the pod ${name}: ${words.join('; ')}. The scheduler says: ${message}`
    : `No node can take the pod ${name}: ${message}`;
}

/** `0/5 nodes are available: 2 Insufficient memory, 3 node(s) had untolerated taint(s). preemption: …` */
function nodeReasons(message: string): { count: number; reason: string }[] {
  const list =
    /nodes are available: (.*?)(?:\. (?:preemption|no new claims|still not schedulable)|\.?$)/s.exec(message)?.[1] ??
    '';
  return [...list.matchAll(/(\d+) ((?:(?!, \d+ ).)+)/gs)].map(([, count, reason = '']) => ({
    count: Number(count),
    reason: reason.replace(/\.$/, '').trim(),
  }));
}

function total(message: string): string {
  return /^0\/(\d+)/.exec(message)?.[1] ?? 'all';
}

/** Older schedulers name the taint: `node(s) had untolerated taint {key: value}`. */
function taint(reason: string): string {
  const named = /taint \{(.+)\}/.exec(reason)?.[1];
  return named === undefined ? '' : ` (${named})`;
}

function isGpu(resource: string): boolean {
  return /\/(gpu|gpu\.shared|mig-.+)$/.test(resource) || resource.startsWith('gpu.intel.com/');
}

function limit(pod: Pod, resource: string): string | undefined {
  return pod.spec?.containers?.map(({ resources }) => resources?.limits?.[resource]).find(one => one !== undefined);
}
