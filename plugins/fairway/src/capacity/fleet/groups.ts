import type { Fleet, FleetHolder } from '@fairway/backstage-plugin-fairway-common';

export type GroupBy = 'team' | 'service';

/** Holders of one colour. */
export interface HolderGroup {
  readonly key: string;
  /** Absent for pods of no service: then the namespace names it. */
  readonly name?: string;
  readonly namespace?: string;
  /** Place of its colour, 0 to 7; absent for the rest, which share one. */
  readonly colour?: number;
  /** In whole GPUs and parts of them. */
  readonly count: number;
  readonly idle: number;
}

const colours = 8;

/** The largest holders with a colour each, the largest first. Colours go by name, so that they stay while numbers change. */
export function groupsOf({ holders, pools }: Pick<Fleet, 'holders' | 'pools'>, by: GroupBy): readonly HolderGroup[] {
  const sums = new Map<string, { count: number; idle: number }>();
  for (const { byHolder, part } of pools)
    for (const { holder, count, idle } of byHolder) {
      const of = holders[holder];
      if (!of) continue;
      const sum = sums.get(groupKey(of, by)) ?? { count: 0, idle: 0 };
      sum.count += count * part;
      sum.idle += idle * part;
      sums.set(groupKey(of, by), sum);
    }
  const named = new Map(holders.map(of => [groupKey(of, by), nameOf(of, by)]));
  const sorted = [...sums].sort(([, one], [, other]) => other.count - one.count);
  const coloured = sorted
    .slice(0, colours)
    .map(([key]) => key)
    .toSorted();
  return sorted.map(([key, { count, idle }]) => {
    const colour = coloured.indexOf(key);
    return { key, ...named.get(key), colour: colour < 0 ? undefined : colour, count: round(count), idle: round(idle) };
  });
}

export function groupKey({ namespace, service, owner }: FleetHolder, by: GroupBy): string {
  if (by === 'team' && owner !== undefined) return `team ${owner}`;
  return service === undefined ? `namespace ${namespace}` : `service ${namespace}/${service}`;
}

function nameOf({ namespace, service, owner }: FleetHolder, by: GroupBy): Pick<HolderGroup, 'name' | 'namespace'> {
  if (by === 'team' && owner !== undefined) return { name: owner };
  return service === undefined ? { namespace } : { name: service };
}

function round(gpus: number): number {
  return Math.round(gpus * 10) / 10;
}
