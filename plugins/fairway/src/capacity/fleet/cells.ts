import type { FleetNode } from '@fairway/backstage-plugin-fairway-common';

/** One GPU of a node, or one part of one. */
export type Cell =
  | { readonly kind: 'held'; readonly holder: number; readonly pod: string; readonly idle: boolean }
  /** `blocked` where the node takes no new pods. */
  | { readonly kind: 'free' | 'blocked' | 'lost' };

/** The devices of a node: those of each pod together, then what is free, then what is out of order. */
export function cellsOf({ held, allocatable, capacity, state }: FleetNode): readonly Cell[] {
  const taken = held.flatMap(({ holder, pod, count, idle = false }) =>
    Array.from({ length: count }, (): Cell => ({ kind: 'held', holder, pod, idle })),
  );
  const free = state === 'usable' ? 'free' : 'blocked';
  return [
    ...taken,
    ...Array.from({ length: Math.max(0, allocatable - taken.length) }, (): Cell => ({ kind: free })),
    ...Array.from({ length: Math.max(0, capacity - Math.max(allocatable, taken.length)) }, (): Cell => ({
      kind: 'lost',
    })),
  ];
}
