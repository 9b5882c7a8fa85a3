import type { PodView } from '@fairway/backstage-plugin-fairway-common';

/** Pods of one state for one reason, in the order in which they were given. */
export interface PodGroup {
  readonly state: PodView['state'];
  /** Absent where the pods have none, and where each of them has one of its own. */
  readonly reason: string | undefined;
  readonly pods: readonly PodView[];
}

/** What needs somebody comes first. */
const order = ['failing', 'starting', 'ending', 'ready'] as const;

/** Reasons of one state that stand apart. More of them, as where each names its pod, would be a list and no picture. */
const reasons = 4;

/** The pods by state and reason, the most frequent reason of a state first; those of rare reasons stand together. */
export function podGroups(pods: readonly PodView[]): readonly PodGroup[] {
  return order.flatMap(state => {
    const byReason = Map.groupBy(
      pods.filter(pod => pod.state === state),
      ({ reason }) => reason,
    );
    const groups = [...byReason]
      .map(([reason, of]) => ({ state, reason, pods: of }))
      .toSorted((one, other) => other.pods.length - one.pods.length);
    if (groups.length <= reasons) return groups;
    const rare = groups.slice(reasons - 1).flatMap(group => group.pods);
    return [...groups.slice(0, reasons - 1), { state, reason: undefined, pods: rare }];
  });
}
