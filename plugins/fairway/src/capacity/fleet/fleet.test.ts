import type { FleetNode, FleetPool } from '@fairway/backstage-plugin-fairway-common';
import { cellsOf } from './cells.ts';
import { groupsOf } from './groups.ts';

const node: FleetNode = {
  ...{ name: 'n', state: 'usable', taints: [], capacity: 8, allocatable: 7 },
  held: [
    { holder: 0, pod: 'models/a', count: 2 },
    { holder: 1, pod: 'models/b', count: 1, idle: true },
  ],
};

test('each device of a node is one cell: held, free or out of order', () => {
  const kinds = (of: FleetNode) => cellsOf(of).map(cell => (cell.kind === 'held' ? cell.pod : cell.kind));
  expect(kinds(node)).toEqual([...['models/a', 'models/a', 'models/b', 'free', 'free', 'free', 'free'], 'lost']);
  expect(kinds({ ...node, state: 'cordoned', capacity: 4, allocatable: 4 })[3]).toBe('blocked');
  // a device that died under its pod is still held
  expect(kinds({ ...node, capacity: 3, allocatable: 1 })).toEqual(['models/a', 'models/a', 'models/b']);
});

const pool = (part: number, counts: readonly number[]): FleetPool => ({
  ...{ cluster: 'c', class: 'x', resource: 'nvidia.com/gpu', source: 'device-plugin', nodeCount: 1, waiting: 0 },
  ...{ installed: 8, allocatable: 8, requested: 8, free: 0, part },
  byHolder: counts.map((count, holder) => ({ holder, count, idle: holder === 0 ? 1 : 0 })),
});

test('the GPUs of a team are summed over its services, parts as parts', () => {
  const holders = [
    { namespace: 'models', service: 'chat', owner: 'team-a' },
    { namespace: 'models', service: 'code', owner: 'team-a' },
    { namespace: 'batch' },
  ];
  const fleet = { holders, pools: [pool(1, [4, 2, 1]), pool(1 / 7, [14])] };
  expect(groupsOf(fleet, 'team').map(({ name, namespace, count, idle }) => [name ?? namespace, count, idle])).toEqual([
    ['team-a', 8, 1.1],
    ['batch', 1, 0],
  ]);
  expect(groupsOf(fleet, 'service').map(({ name, namespace, count }) => [name ?? namespace, count])).toEqual([
    ['chat', 6],
    ['code', 2],
    ['batch', 1],
  ]);
});

test('colours go to the largest, by name', () => {
  const holders = Array.from({ length: 12 }, (_, index) => ({ namespace: `n${String(index).padStart(2, '0')}` }));
  const groups = groupsOf(
    {
      holders,
      pools: [
        pool(
          1,
          Array.from({ length: 12 }, (_, index) => index + 1),
        ),
      ],
    },
    'team',
  );
  expect(groups.map(({ namespace, colour }) => [namespace, colour])).toEqual([
    ...[11, 10, 9, 8, 7, 6, 5, 4].map(index => [`n${String(index).padStart(2, '0')}`, index - 4]),
    ...[3, 2, 1, 0].map(index => [`n0${index}`, undefined]),
  ]);
});
