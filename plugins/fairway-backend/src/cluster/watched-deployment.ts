import {
  podContainers,
  releasedAnnotation,
  releasedAtAnnotation,
  sleepsAnnotation,
} from '@fairway/clients/kubernetes/index';
import type { Deployment, HttpRoute, KubernetesObject } from '@fairway/clients/kubernetes/index';

/** Of a Deployment or of what runs pods in its place. */
export function keepDeployment(object: KubernetesObject): Deployment {
  const { apiVersion, kind, metadata, spec, status } = object as Deployment;
  const { leaderWorkerTemplate } = spec ?? {};
  const containers = podContainers(object as Deployment).map(({ name, image }) => ({ name, image }));
  return {
    apiVersion,
    kind,
    metadata: { ...keptMetadata(metadata), annotations: keptAnnotations(metadata) },
    spec: {
      replicas: spec?.replicas,
      progressDeadlineSeconds: spec?.progressDeadlineSeconds,
      template: { spec: { containers } },
      leaderWorkerTemplate: leaderWorkerTemplate && { size: leaderWorkerTemplate.size },
    },
    status: {
      observedGeneration: status?.observedGeneration,
      updatedReplicas: status?.updatedReplicas,
      readyReplicas: status?.readyReplicas,
      availableReplicas: status?.availableReplicas,
      workloads: status?.workloads && { primary: { readyReplicas: status.workloads.primary?.readyReplicas } },
      conditions: status?.conditions?.map(({ type, status: value, reason, message }) => ({
        type,
        status: value,
        reason,
        message,
      })),
    },
  };
}

export function keepRoute(object: KubernetesObject): HttpRoute {
  const { metadata, spec } = object as HttpRoute;
  const rules = spec?.rules?.map(({ name, backendRefs }) => ({
    name,
    backendRefs: backendRefs?.map(({ name: backend, weight }) => ({ name: backend, weight })),
  }));
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: keptMetadata(metadata),
    spec: { rules },
  };
}

function keptMetadata(metadata: KubernetesObject['metadata']): KubernetesObject['metadata'] {
  const { name, namespace, labels, generation, creationTimestamp } = metadata;
  return { name, namespace, labels, generation, creationTimestamp };
}

function keptAnnotations({ annotations = {} }: KubernetesObject['metadata']): Record<string, string> {
  return Object.fromEntries(
    [releasedAnnotation, releasedAtAnnotation, sleepsAnnotation].flatMap(name => {
      const value = annotations[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
