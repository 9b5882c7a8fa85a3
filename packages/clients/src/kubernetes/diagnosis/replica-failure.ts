import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { allPods } from '../workload.ts';
import type { ClusterEvent, Deployment, Pod } from '../workload.ts';
import { final, passing, type Diagnosis } from './finding.ts';
import { closed } from './parts.ts';

interface Observed {
  readonly deployment: Deployment;
  /** Those that are not ending. */
  readonly pods: readonly Pod[];
  readonly events: readonly ClusterEvent[];
}

/** Why a deployment, or what runs pods in its place, has no pods: the API server does not take them, or nobody makes them. */
export function replicaFailure(observed: Observed): Diagnosis | undefined {
  const { deployment, pods } = observed;
  const {
    kind,
    metadata: { name },
    status,
  } = deployment;
  const invalid = status?.conditions?.find(one => one.type === 'InvalidSpec' && one.status === 'True');
  if (invalid) return final(reasonOf('rollout.invalid', { kind, name, words: invalid.message ?? '' }));
  const words = denial(observed);
  // webhooks write lists
  if (words !== undefined) return deniedPods(words.replace(/\s+/g, ' ').trim());
  if (kind === 'LLMInferenceService' && status?.conditions) return unserved(deployment);
  if (kind === 'Deployment' || kind === undefined || status?.conditions || pods.length > 0) return undefined;
  return passing(reasonOf('rollout.unseen', { kind, name }));
}

/** What runs the pods of a kind whose controller makes it, and itself says nothing of pods that are denied. */
const makers: Readonly<Record<string, string>> = { LeaderWorkerSet: 'StatefulSet', LLMInferenceService: 'ReplicaSet' };

/** As the controller reports it on the deployment, or the one of what another kind makes in an event. */
function denial({ deployment: { kind, metadata, spec, status }, pods, events }: Observed): string | undefined {
  const failed = status?.conditions?.find(one => one.type === 'ReplicaFailure' && one.status === 'True');
  if (failed) return failed.message ?? '';
  const maker = makers[kind];
  // an event stays after the pod came
  if (maker === undefined || pods.length >= allPods({ spec })) return undefined;
  // KServe shortens what is too long for the name of its Deployment
  const names = [metadata.name, status?.workloads?.primary?.name ?? metadata.name];
  return events.findLast(
    ({ reason, involvedObject: { kind: of, name = '' } = {} }) =>
      reason === 'FailedCreate' && of === maker && names.some(one => name === one || name.startsWith(`${one}-`)),
  )?.message;
}

/** Reasons of a Deployment that starts, which the controller of KServe repeats. */
const starting = new Set(['MinimumReplicasUnavailable', 'Progressing', 'ProgressDeadlineExceeded']);

/** What KServe's controller says of an LLMInferenceService beside how its Deployment gets on. */
function unserved({ metadata, status }: Deployment): Diagnosis | undefined {
  const failed = ['PresetsCombined', 'WorkloadsReady', 'RouterReady']
    .map(type => status?.conditions?.find(one => one.type === type && one.status === 'False'))
    .find(one => one && !starting.has(one.reason ?? ''));
  if (failed)
    return passing(
      reasonOf('rollout.kserveRunsNone', {
        name: metadata.name,
        condition: failed.type,
        reason: failed.reason ?? '',
        words: failed.message ?? '',
      }),
    );
  const served = status?.conditions?.some(one => one.type === 'WorkloadsReady' && one.status === 'True');
  if (!served || status?.workloads) return undefined;
  return passing(reasonOf('rollout.kserveOld', { name: metadata.name }));
}

function deniedPods(words: string): Diagnosis {
  if (/failed quota: .*must specify/i.test(words))
    return final(reasonOf('rollout.quotaAsks', { words: closed(words) }));
  if (
    /(?:maximum|minimum) \S+ usage per|limit to request ratio per|must be less than or equal to \S+ limit/i.test(words)
  )
    return final(reasonOf('rollout.limitRange', { words: closed(words) }));
  if (/insufficient quota to match these scopes/i.test(words))
    return final(reasonOf('rollout.quotaMissing', { words: closed(words) }));
  if (neverAllows(words)) return final(reasonOf('rollout.quotaTooSmall', { words: closed(words) }));
  // room comes when other pods end, as those of a job
  if (/quota/i.test(words)) return passing(reasonOf('rollout.quota', { words: closed(words) }));
  if (/failed calling webhook|timeout|deadline exceeded|connection refused/i.test(words))
    return passing(reasonOf('rollout.webhookSilent', { words }));
  if (/violates PodSecurity/i.test(words)) return final(reasonOf('rollout.podSecurity', { words }));
  if (/any security context constraint/i.test(words))
    return final(reasonOf('rollout.securityConstraint', { words: closed(words) }));
  const webhook = /admission webhook "([^"]+)" denied/.exec(words)?.[1];
  if (webhook !== undefined) return final(reasonOf('rollout.webhookDenies', { webhook, words }));
  return final(reasonOf('rollout.denied', { words }));
}

/**
 * Whether one pod asks for more of a resource than the quota is: `exceeded quota: q, requested: cpu=2,pods=1, used: cpu=0,pods=0, limited: cpu=1,pods=9`.
 * Those that suffice are not listed, so of one that nobody uses it does. Amounts in other units are not compared.
 */
function neverAllows(words: string): boolean {
  const used = amounts(words, 'used');
  const limited = amounts(words, 'limited');
  return [...amounts(words, 'requested')].some(([resource, amount]) => {
    if (used.get(resource) === '0') return true;
    const [asked, unit] = measured(amount);
    const [most, unitOfMost] = measured(limited.get(resource));
    return unit === unitOfMost && asked > most;
  });
}

function amounts(words: string, what: string): ReadonlyMap<string, string> {
  const list = new RegExp(`\\b${what}: (\\S+?)(?:, |\\.?$)`).exec(words)?.[1] ?? '';
  return new Map(list.split(',').map(one => one.split('=') as [resource: string, amount: string]));
}

function measured(amount: string | undefined): readonly [number: number, unit: string | undefined] {
  const [, number, unit] = /^([\d.]+)(\w*)$/.exec(amount ?? '') ?? [];
  return [Number(number), unit];
}
