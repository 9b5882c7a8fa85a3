import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabels } from '@fairway/clients/kubernetes/names';
import { proxyPods } from '@fairway/clients/kubernetes/pod-proxy';
import type { PodProxy } from '@fairway/clients/kubernetes/pod-proxy';

/** A way to the pods of one version, whether or not users reach it: where no gateway of Fairway's lets a request name a version. */
export function reachVersion(cluster: Cluster, service: Service, revision: string): Promise<PodProxy> {
  const { namespace, name, serving } = service;
  return proxyPods(cluster, { namespace, labels: revisionLabels(name, revision), port: serving.port });
}
