import { queueAdmission } from '@fairway/service';
import type {
  ClusterQueue,
  Cohort,
  LocalQueue,
  PodNeed,
  QueueAdmission,
  ResourceFlavor,
  Wanted,
} from '@fairway/service';
import { stoppedQueue } from '@fairway/service/queue-admission';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ifAllowed } from '@fairway/clients/if-allowed';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { kueueVersions } from '@fairway/clients/kubernetes/kueue';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

/** What a queue says of the pods of a service. Each sentence but the last goes on after what the service needs. */
export type QueueAnswer = { readonly [Key in keyof QueueAdmission]: Reason | string };

/** Whether the LocalQueue of a service admits its pods: at all, and now. */
export async function queueAnswer(
  cluster: Cluster,
  { namespace, queue: name }: { readonly namespace: string; readonly queue: string },
  need: PodNeed,
  wanted: Wanted,
): Promise<QueueAnswer> {
  const apiVersion = await served(cluster);
  if (!apiVersion)
    return {
      unseen: `The cluster does not serve LocalQueue, so \`workload.queue\` has no effect: no queue admits the pods.`,
    };
  const hidden = {
    unseen: `The login may not look at the queue ${name}, so whether it admits the pods is not known. It takes \`get\` on localqueues of the namespace, and \`list\` on clusterqueues, cohorts and resourceflavors.`,
  };
  const local = await ifAllowed(
    cluster
      .get<KubernetesObject & LocalQueue>({ apiVersion, kind: 'LocalQueue', metadata: { namespace, name } })
      .then(one => ({ one })),
  );
  if (!local) return hidden;
  const standing = await ifAllowed(cluster.get({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
  if (!local.one) {
    const absent = reasonOf('queue.absent', { namespace, name });
    // whoever makes the namespace may make its queues
    return standing ? { never: absent } : { waits: absent };
  }
  const [queues, cohorts, flavors] = await Promise.all([
    ifAllowed(cluster.list<KubernetesObject & ClusterQueue>(apiVersion, 'ClusterQueue')),
    ifAllowed(cluster.list<KubernetesObject & Cohort>(apiVersion, 'Cohort')),
    ifAllowed(cluster.list<KubernetesObject & ResourceFlavor>(apiVersion, 'ResourceFlavor')),
  ]);
  if (!queues || !cohorts || !flavors) {
    const stopped = stoppedQueue('LocalQueue', local.one);
    return stopped ? { waits: stopped } : hidden;
  }
  const labels = standing && (standing.metadata.labels ?? {});
  return queueAdmission({ namespace, local: local.one, labels, queues, cohorts, flavors }, need, wanted);
}

async function served(cluster: Cluster): Promise<string | undefined> {
  for (const apiVersion of kueueVersions) if (await cluster.serves(apiVersion, 'LocalQueue')) return apiVersion;
  return undefined;
}
