import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { passing } from './diagnosis/finding.ts';
import type { Diagnosis } from './diagnosis/finding.ts';
import { kueueVersions } from './kueue.ts';
import type { KubernetesObject } from './objects.ts';
import type { Condition, Pod } from './workload.ts';

/** Kueue's own object for what waits in a queue, in the namespace of the pods. */
interface QueuedWorkload extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

// reasons that newer versions give (apis/kueue/v1beta2/workload_types.go), and the words of the message where they say no more than Pending
const lasting = ['ExceedsMaxQuota', 'NoMatchingFlavor', 'Misconfigured'];
const lastingWords =
  /maximum capacity|unavailable in ClusterQueue|doesn't exist|doesn't match node affinity|untolerated taint/;
const waitingWords = /insufficient unused quota/;

/**
 * What Kueue says of pods that wait for admission. A wait that only somebody who changes the queue can end counts as time of the start.
 * @param seen what was found without asking it, which is the answer where it says nothing and where the login may not ask
 */
export async function diagnoseQueued(
  cluster: Cluster,
  namespace: string,
  pods: readonly Pod[],
  owner: KubernetesObject,
  seen: Diagnosis,
): Promise<Diagnosis> {
  const found = await queuedWorkloads(cluster, namespace);
  const uids = new Set([owner, ...pods].map(({ metadata }) => metadata.uid));
  const conditions = found
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uids.has(uid)))
    .flatMap(({ status }) => status?.conditions ?? [])
    .filter(({ type, status }) => type === 'QuotaReserved' && status === 'False');
  const never = conditions.find(isLasting);
  const said = never ?? conditions[0];
  if (!said?.message) return seen;
  const pod = pods.find(({ spec }) => !spec?.nodeName)?.metadata.name ?? owner.metadata.name;
  const words = said.message.trim().replace(/\.$/, '');
  if (never) return passing(reasonOf('pod.neverAdmitted', { pod, words }));
  return { ...passing(reasonOf('pod.queuedSo', { pod, words })), queued: true };
}

function isLasting({ reason = '', message = '' }: Condition): boolean {
  return lasting.includes(reason) || (lastingWords.test(message) && !waitingWords.test(message));
}

async function queuedWorkloads(cluster: Cluster, namespace: string): Promise<readonly QueuedWorkload[]> {
  for (const apiVersion of kueueVersions)
    try {
      return await cluster.list<QueuedWorkload>(apiVersion, 'Workload', namespace);
    } catch (error) {
      // no such kind there, or no right to look
      if (!(error instanceof ToolError) || (error.status !== 403 && error.status !== 404)) throw error;
    }
  return [];
}
