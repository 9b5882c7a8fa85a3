import { provisioning } from '@fairway/clients/kubernetes/index';
import type { ClusterEvent, KubernetesObject } from '@fairway/clients/kubernetes/index';

/** Longest text that is held of an event; registries answer with whole pages. */
const messageLength = 1000;

/** Reasons that the diagnosis of a pod reads. */
const telling = new Set([
  'Failed',
  'FailedAttachVolume',
  'FailedCreatePodSandBox',
  'FailedMount',
  'FailedPrepareDynamicResources',
  'FailedToRetrieveImagePullSecret',
  'Killing',
  'Unhealthy',
]);

/** Selectors of the events of pods that `keepEvent` keeps; those of an autoscaler are no warnings. */
export const eventSelectors: readonly string[] = [
  'type=Warning',
  ...['Killing', 'TriggeredScaleUp', 'NotTriggerScaleUp', 'Nominated'].map(reason => `reason=${reason}`),
].map(selector => `involvedObject.kind=Pod,${selector}`);

export function keepEvent(object: KubernetesObject): ClusterEvent | undefined {
  const event = object as ClusterEvent;
  const { metadata, reason, message, lastTimestamp, eventTime, involvedObject } = event;
  // the scheduler's own words are in the state of the pod
  if (!(telling.has(reason ?? '') || provisioning([event])) || !involvedObject?.name) return undefined;
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
