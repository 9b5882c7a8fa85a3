import { listOf, reasonOf, type Reason } from '@fairway/service/reasons/delivery-reason';
import type { ClusterEvent, Pod } from '../workload.ts';
import { passing, type Diagnosis } from './finding.ts';
import { closed, resourcePart } from './parts.ts';
import { provisioning } from './provisioning.ts';

/**
 * A pod without a node. What is missing is read from the scheduler's message: what the pod asks for may all be there.
 * @param events of the pod, the newest first
 */
export function scheduling(pod: Pod, events: readonly ClusterEvent[]): Diagnosis | undefined {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  const name = pod.metadata.name;
  const words = scheduled.message ?? '';
  if (scheduled.reason === 'SchedulingGated') {
    const coded = words ? reasonOf('pod.queuedSo', { pod: name, words }) : reasonOf('pod.queued', { pod: name });
    return { ...passing(coded), queued: true };
  }
  // other schedulers have reasons of their own, and what ours could not bind (SchedulerError) is tried again
  const node = provisioning(events);
  if (!node) return passing(unschedulable(pod, words));
  if (node.coming) return passing(reasonOf('pod.nodeComes', { pod: name, words: node.words }));
  return passing(reasonOf('pod.noNodeComes', { cause: unschedulable(pod, closed(words)), words: node.words }));
}

// the words of the scheduler's plugins (pkg/scheduler/framework/plugins), after the count of nodes
const reasons: readonly (readonly [pattern: RegExp, what: Reason])[] = [
  [/untolerated taint|had taints/, reasonOf('nodes.tainted')],
  [/were unschedulable/, reasonOf('nodes.cordoned')],
  [/didn't match Pod's node affinity|node affinity\/selector/, reasonOf('nodes.labels')],
  [/anti-affinity/, reasonOf('nodes.antiAffinity')],
  [/topology spread/, reasonOf('nodes.spread')],
  [/free ports/, reasonOf('nodes.ports')],
  [/cannot allocate all claims/, reasonOf('nodes.claims')],
  [/volume|PersistentVolume|free storage/i, reasonOf('nodes.volume')],
];

interface NodeReason {
  /** Of nodes. */
  readonly count: number;
  readonly reason: string;
}

function unschedulable(pod: Pod, words: string): Reason {
  const found = nodeReasons(words);
  const short = noRoom(pod, found, words);
  // the scheduler names the first thing that rules a node out, so these may have what the others lack
  const elsewhere = found.flatMap(one =>
    /node affinity(?:\/selector|$)/.test(one.reason) ? [] : (nodesPart(one.reason, one.count) ?? []),
  );
  if (short)
    return elsewhere.length > 0
      ? reasonOf('pod.noRoomElse', { cause: short, reasons: listOf('list.also', elsewhere) })
      : short;
  const name = pod.metadata.name;
  const claim = /\b(persistentvolumeclaim|resourceclaim) "([^"]+)" not found/i.exec(words);
  if (claim) {
    const kind = /^p/i.test(claim[1]!) ? 'PersistentVolumeClaim' : 'ResourceClaim';
    return reasonOf('pod.noClaim', { pod: name, kind, claim: claim[2]!, words });
  }
  if (/unbound immediate PersistentVolumeClaims/.test(words)) return reasonOf('pod.claimUnbound', { pod: name, words });
  const total = /^0\/(\d+)/.exec(words)?.[1];
  const nodes = found.flatMap(({ count, reason }) => nodesPart(reason, count) ?? []);
  return total !== undefined && nodes.length > 0
    ? reasonOf('pod.noneOf', { total, pod: name, reasons: listOf('list.also', nodes), words })
    : reasonOf('pod.noNode', { pod: name, words });
}

/** Undefined where nodes lack nothing that they have in numbers. */
function noRoom(pod: Pod, found: readonly NodeReason[], words: string): Reason | undefined {
  const lacking = found.flatMap(({ reason }) => /^Insufficient (\S+)$/.exec(reason)?.[1] ?? []);
  if (found.some(({ reason }) => reason === 'Too many pods')) lacking.push('pods');
  const resource = lacking.find(isGpu);
  if (resource !== undefined) {
    const gpus = gpusPart(limit(pod, resource));
    const others = lacking.filter(one => one !== resource).map(resourcePart);
    return others.length > 0
      ? reasonOf('pod.noGpuNor', { gpus, resource, others: listOf('list.and', others), words })
      : reasonOf('pod.noGpu', { gpus, resource, words });
  }
  if (lacking.length === 0) return undefined;
  const resources = listOf('list.and', lacking.map(resourcePart));
  return reasonOf('pod.noRoom', { resources, pod: pod.metadata.name, words });
}

function nodesPart(reason: string, number: number): Reason | undefined {
  // older schedulers name the taint: `node(s) had untolerated taint {key: value}`
  const taint = /taint \{(.+?)(?:: )?\}/.exec(reason)?.[1];
  const what =
    taint === undefined
      ? reasons.find(([pattern]) => pattern.test(reason))?.[1]
      : reasonOf('nodes.taintedBy', { taint });
  return what && (number === 1 ? reasonOf('nodes.one', { what }) : reasonOf('nodes.many', { what, number }));
}

function gpusPart(number: string | undefined): Reason {
  if (number === undefined) return reasonOf('gpus.enough');
  return number === '1' ? reasonOf('gpus.one') : reasonOf('gpus.many', { number });
}

/** `0/5 nodes are available: 2 Insufficient memory, 3 node(s) had untolerated taint(s). preemption: …` */
function nodeReasons(message: string): NodeReason[] {
  const list =
    /nodes are available: (.*?)(?:\. (?:preemption|no new claims|still not schedulable)|\.?$)/s.exec(message)?.[1] ??
    '';
  return [...list.matchAll(/(\d+) ((?:(?!, \d+ ).)+)/gs)].map(([, count, reason = '']) => ({
    count: Number(count),
    reason: reason.replace(/\.$/, '').trim(),
  }));
}

function isGpu(resource: string): boolean {
  return /\/(gpu|gpu\.shared|mig-.+)$|^gpu\.intel\.com\/|^amd\.com\/[a-z]px_nps\d$/.test(resource);
}

function limit(pod: Pod, resource: string): string | undefined {
  return pod.spec?.containers?.map(({ resources }) => resources?.limits?.[resource]).find(one => one !== undefined);
}
