import { NotFoundError } from '@backstage/errors';
import type { QueueAnswer, QueuePlace } from '@fairway/backstage-plugin-fairway-common';
import type { PodNeed } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/reason';
import { codedError } from '../http/coded-error.ts';
import { saidReason } from './said-reason.ts';
import type { WatchedQueues } from './watched-queues.ts';

/**
 * Whether the queue that was chosen admits so many pods.
 * @throws NotFoundError for a cluster that is not watched
 */
export function queueFit(
  clusters: readonly { readonly name: string; readonly queues: WatchedQueues | undefined }[],
  { cluster: name, ...queue }: QueuePlace,
  need: PodNeed,
  pods: number,
): QueueAnswer {
  const queues = clusters.find(cluster => cluster.name === name)?.queues;
  if (!queues) throw codedError(NotFoundError, reasonOf('answer.noCluster', { cluster: name }));
  const { never, waits, unseen } = queues.admission(queue, need, pods);
  if (never) return { admits: 'never', ...saidReason(never) };
  if (waits) return { admits: 'later', ...saidReason(waits) };
  return unseen ? { admits: 'unknown', ...saidReason(unseen) } : { admits: 'now' };
}
