import type { TeamNamespace } from '@fairway/backstage-plugin-fairway-common';

export interface TeamRow extends TeamNamespace {
  /** GPUs of all classes. */
  readonly gpus: number;
  /** Further teams of the namespace. */
  readonly others: readonly string[];
}

export interface TeamGroup {
  /** Absent where no service is known. */
  readonly team: string | undefined;
  readonly rows: readonly TeamRow[];
}

/** The namespaces of each team, in the order of the backend. */
export function teamGroups(items: readonly TeamNamespace[]): readonly TeamGroup[] {
  const placeOf = ({ cluster, namespace }: TeamNamespace) => `${cluster} ${namespace}`;
  const places = Map.groupBy(items, placeOf);
  const rows = items.map(item => ({
    ...item,
    gpus: item.held.reduce((sum, { gpus }) => sum + gpus, 0),
    others: (places.get(placeOf(item)) ?? []).flatMap(({ team }) =>
      team === undefined || team === item.team ? [] : team,
    ),
  }));
  return [...Map.groupBy(rows, ({ team }) => team)].map(([team, of]) => ({ team, rows: of }));
}
