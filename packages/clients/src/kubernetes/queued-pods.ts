import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { Cluster } from './cluster.ts';
import { passing } from './diagnosis/finding.ts';
import type { Diagnosis } from './diagnosis/finding.ts';
import { kueueVersions } from './kueue.ts';
import type { KubernetesObject } from './objects.ts';
import type { Condition, Pod } from './workload.ts';

/** Kueue's own object for what waits in a queue, in the namespace of the pods. */
interface QueuedWorkload extends KubernetesObject {
  readonly spec?: {
    /** False: nothing admits it until somebody sets it to true. */
    readonly active?: boolean;
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly admissionChecks?: readonly AdmissionCheck[];
  };
}

/** What somebody else decides once there is quota. */
interface AdmissionCheck {
  readonly name: string;
  readonly state: string;
  readonly message?: string;
}

// reasons that newer versions give (apis/kueue/v1beta2/workload_types.go), and the words of the message where they say no more than Pending
const lasting = ['ExceedsMaxQuota', 'NoMatchingFlavor', 'Misconfigured'];
const lastingWords =
  /maximum capacity|unavailable in ClusterQueue|doesn't exist|doesn't match (node affinity|ClusterQueue selector)|untolerated taint|validation failed|LimitRange/;
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
  const own = found.filter(one => [...uids].some(uid => isOwned(one, uid)));
  const waits = own.flatMap(waitOf);
  const wait = waits.find(({ never }) => never) ?? waits[0];
  const inactive = own.find(({ spec }) => spec?.active === false);
  if (inactive) return passing(deactivated(inactive));
  if (!wait) return seen;
  // a group of pods is one request, which belongs to what makes them
  const waiting =
    pods.find(({ metadata }) => isOwned(wait.workload, metadata.uid)) ??
    pods.find(({ spec }) => spec?.schedulingGates?.length);
  const pod = (waiting ?? owner).metadata.name;
  const words = wait.words.trim().replace(/\.$/, '');
  if (wait.never) return passing(reasonOf('pod.neverAdmitted', { pod, words }));
  return { ...passing(reasonOf('pod.queuedSo', { pod, words })), queued: true };
}

/** By hand, by a check that rejected it, or because its pods were not ready in time too often. */
function deactivated({ metadata, status }: QueuedWorkload): Reason {
  const evicted = status?.conditions?.find(({ type, status: is }) => type === 'Evicted' && is === 'True');
  const words = (evicted?.message ?? 'The workload is deactivated').replace(/\.$/, '');
  return reasonOf('pod.deactivated', { workload: metadata.name, words });
}

interface Wait {
  readonly workload: QueuedWorkload;
  readonly words: string;
  /** Only somebody who changes the queue ends it. */
  readonly never: boolean;
}

/** What a request waits for: quota, or what others decide once it has that. */
function waitOf(workload: QueuedWorkload): readonly Wait[] {
  const { conditions = [], admissionChecks = [] } = workload.status ?? {};
  const quota = conditions.find(({ type, status }) => type === 'QuotaReserved' && status === 'False');
  if (quota?.message) return [{ workload, words: quota.message, never: isLasting(quota) }];
  const check = admissionChecks.find(({ state }) => state !== 'Ready');
  if (!check) return [];
  const { name, state, message } = check;
  return [{ workload, words: `AdmissionCheck ${name}: ${state}${message ? `, ${message}` : ''}`, never: false }];
}

function isOwned({ metadata }: QueuedWorkload, uid: string | undefined): boolean {
  return metadata.ownerReferences?.some(owner => owner.uid === uid) ?? false;
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
