import { revisionLabel } from '@fairway/clients/kubernetes/index';
import type { ContainerStatus, Pod, StartupProbe } from '@fairway/clients/kubernetes/index';

/** A pod of a delivered service, as far as its diagnosis needs it. */
export interface ServicePod {
  readonly service: string;
  readonly revision: string;
  readonly pod: StartedPod;
}

export interface StartedPod extends Pod {
  readonly status?: Pod['status'] & {
    readonly startTime?: string;
  };
}

function keepProbe({ initialDelaySeconds, periodSeconds, failureThreshold }: StartupProbe): StartupProbe {
  return { initialDelaySeconds, periodSeconds, failureThreshold };
}

export function keepServicePod(pod: StartedPod): ServicePod {
  const { metadata, spec, status } = pod;
  return {
    service: metadata.labels?.['app.kubernetes.io/name'] ?? '',
    revision: metadata.labels?.[revisionLabel] ?? '',
    pod: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: metadata.name,
        namespace: metadata.namespace,
        creationTimestamp: metadata.creationTimestamp,
        deletionTimestamp: metadata.deletionTimestamp,
      },
      spec: {
        nodeName: spec?.nodeName,
        containers: spec?.containers?.map(({ name, resources, startupProbe }) => ({
          name,
          startupProbe: startupProbe && keepProbe(startupProbe),
          resources: resources?.limits ? { limits: resources.limits } : undefined,
        })),
        initContainers: spec?.initContainers?.map(({ name, restartPolicy }) => ({ name, restartPolicy })),
      },
      status: {
        phase: status?.phase,
        startTime: status?.startTime,
        reason: status?.reason,
        message: status?.message,
        conditions: status?.conditions
          ?.filter(({ type }) => type === 'Ready' || type === 'PodScheduled')
          .map(({ type, status: value, reason, message }) => ({ type, status: value, reason, message })),
        containerStatuses: status?.containerStatuses?.map(keepStatus),
        initContainerStatuses: status?.initContainerStatuses?.map(keepStatus),
      },
    },
  };
}

function keepStatus({ name, ready, restartCount, image, state, lastState }: ContainerStatus): ContainerStatus {
  return { name, ready, restartCount, image, state, lastState };
}
