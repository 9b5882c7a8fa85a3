import type { Service } from '@fairway/service';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { engineContainer } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

/** `autoscaling.k8s.io/v1`, of https://github.com/kubernetes/autoscaler. */
export interface VerticalAutoscaler extends KubernetesObject {
  readonly spec?: {
    readonly targetRef?: { readonly kind?: string; readonly name?: string };
    readonly updatePolicy?: { readonly updateMode?: string; readonly minReplicas?: number };
    readonly resourcePolicy?: {
      readonly containerPolicies?: readonly {
        readonly containerName?: string;
        readonly mode?: string;
        readonly controlledResources?: readonly string[];
      }[];
    };
  };
}

/** Modes that evict pods that run: vertical-pod-autoscaler/docs/quickstart.md there. Auto is an older name of Recreate. */
const evicting = ['Recreate', 'Auto', 'InPlaceOrRecreate'];

/** With fewer pods its updater evicts none, unless it is started with another number. */
const leastPods = 2;

/** What it does to the engine of a version that it targets; undefined where it only recommends. */
export function resizing({ metadata, spec = {} }: VerticalAutoscaler, service: Service): Reason | undefined {
  const { updateMode: mode = 'Recreate', minReplicas = leastPods } = spec.updatePolicy ?? {};
  const policies = spec.resourcePolicy?.containerPolicies ?? [];
  const policy = [engineContainer, '*']
    .map(name => policies.find(one => one.containerName === name))
    .find(found => found !== undefined);
  if (mode === 'Off' || policy?.mode === 'Off') return undefined;
  const values = {
    autoscaler: `VerticalPodAutoscaler ${service.namespace}/${metadata.name}`,
    mode,
    version: spec.targetRef?.name ?? '',
    resources: listOf('list.and', policy?.controlledResources ?? ['cpu', 'memory']),
  };
  const evicts = evicting.includes(mode) && (service.scaling?.max ?? service.resources.replicas) >= minReplicas;
  const resized = reasonOf('others.resized', values);
  return evicts ? reasonOf('list.then', { first: resized, second: reasonOf('others.evicts') }) : resized;
}
