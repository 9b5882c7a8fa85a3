import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';

/** What a service leaves at a gateway when it goes: objects that are there, in the namespace of the service and outside of it. */
export interface Departure {
  /** In the order in which they go: a route must be gone before the policy that guards it. */
  readonly removed: readonly KubernetesObject[];
  /** What services share, as it is without this one; applied when the routes are gone. */
  readonly changed: readonly KubernetesObject[];
}
