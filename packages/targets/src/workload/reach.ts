import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabels } from '@fairway/clients/kubernetes/names';
import { forwardPods } from '@fairway/clients/kubernetes/port-forward';
import type { Forward } from '@fairway/clients/kubernetes/port-forward';

/** A way to the pods of one version, whether or not users reach it: where no gateway of Fairway's lets a request name a version. */
export function reachVersion(cluster: Cluster, service: Service, revision: string): Promise<Forward> {
  const { namespace, name, serving } = service;
  return forwardPods(cluster, { namespace, labels: revisionLabels(name, revision), port: serving.port });
}
