import type { ClusterEvent, KubernetesObject } from '@fairway/clients/kubernetes/index';

/** Longest text that is held of an event; registries answer with whole pages. */
const messageLength = 1000;

/** Reasons that the diagnosis of a pod reads. */
const telling = new Set([
  'Failed',
  'FailedAttachVolume',
  'FailedCreatePodSandBox',
  'FailedMount',
  'Killing',
  'Unhealthy',
]);

export function keepEvent(object: KubernetesObject): ClusterEvent | undefined {
  const { metadata, reason, message, lastTimestamp, eventTime, involvedObject } = object as ClusterEvent;
  if (!telling.has(reason ?? '') || !involvedObject?.name) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      creationTimestamp: lastTimestamp || eventTime ? undefined : metadata.creationTimestamp,
    },
    reason,
    message: message?.slice(0, messageLength),
    lastTimestamp,
    eventTime,
    involvedObject: { name: involvedObject.name },
  };
}
