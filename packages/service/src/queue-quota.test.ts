import { QueueQuota } from './queue-quota.ts';
import type { QuotaHolder } from './queue-quota.ts';

interface Limits {
  readonly nominalQuota: number;
  readonly borrowingLimit?: number;
  readonly lendingLimit?: number;
}

function holder(id: string, cpu: Limits, { parent, used = 0 }: { parent?: string; used?: number } = {}): QuotaHolder {
  return {
    id,
    ...(parent === undefined ? {} : { parent }),
    groups: [{ coveredResources: ['cpu'], flavors: [{ name: 'default', resources: [{ name: 'cpu', ...cpu }] }] }],
    used: new Map([['default', new Map([['cpu', used]])]]),
  };
}

const one = { resources: new Map([['cpu', 1]]), tolerations: [], nodes: 1 };
const all = new Set(['default']);
const figures = (queue: QuotaHolder, ...others: QuotaHolder[]) => {
  const quota = new QueueQuota(queue, others);
  return [quota.pods('ever', one, all), quota.pods('now', one, all)];
};

// quotas and what becomes of them: https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/#cohort, #borrowinglimit and #lendinglimit
const cohort = { id: 'team-ab', groups: [] };
const parent = cohort.id;

test('a queue in no cohort has its own quota', () => {
  expect(figures(holder('team-a', { nominalQuota: 9 }, { used: 3 }))).toEqual([9, 6]);
});

test('a queue borrows what others of its cohort do not use', () => {
  const other = holder('team-b', { nominalQuota: 12 }, { parent, used: 2 });
  expect(figures(holder('team-a', { nominalQuota: 9 }, { parent, used: 9 }), other, cohort)).toEqual([21, 10]);
});

test('it borrows up to its limit', () => {
  const other = holder('team-b', { nominalQuota: 12 }, { parent });
  const queue = holder('team-a', { nominalQuota: 9, borrowingLimit: 1 }, { parent, used: 9 });
  expect(figures(queue, other, cohort)).toEqual([10, 1]);
});

test('others lend up to theirs, and what they use of the rest takes nothing away', () => {
  const other = holder('team-b', { nominalQuota: 12, lendingLimit: 1 }, { parent, used: 11 });
  expect(figures(holder('team-a', { nominalQuota: 9 }, { parent }), other, cohort)).toEqual([10, 10]);
  const busy = holder('team-b', { nominalQuota: 12, lendingLimit: 1 }, { parent, used: 14 });
  expect(figures(holder('team-a', { nominalQuota: 9 }, { parent }), busy, cohort)).toEqual([10, 7]);
});

test('a cohort has quota of its own, and borrows from the one above it', () => {
  const root = holder('root', { nominalQuota: 5 });
  const middle = holder('middle', { nominalQuota: 2, borrowingLimit: 3 }, { parent: 'root' });
  const queue = holder('team-a', { nominalQuota: 1 }, { parent: 'middle', used: 4 });
  // 1 + 2 of its own side and 3 of the 5 above
  expect(figures(queue, middle, root)).toEqual([6, 2]);
});

test('a pod has one flavor for all resources of a group, and each group of resources must have room', () => {
  const flavor = (name: string, cpu: number, gpus: number) => ({
    name,
    resources: [
      { name: 'cpu', nominalQuota: cpu },
      { name: 'nvidia.com/gpu', nominalQuota: gpus },
    ],
  });
  const queue = (memory: string): QuotaHolder => ({
    id: 'queue',
    groups: [
      { coveredResources: ['cpu', 'nvidia.com/gpu'], flavors: [flavor('spot', 100, 1), flavor('reserved', 16, 8)] },
      {
        coveredResources: ['memory'],
        flavors: [{ name: 'any', resources: [{ name: 'memory', nominalQuota: memory }] }],
      },
    ],
  });
  const resources = new Map([
    ['cpu', 8],
    ['nvidia.com/gpu', 1],
    ['memory', 32 * 2 ** 30],
    ['pods', 1],
  ]);
  const need = { resources, tolerations: [], nodes: 1 };
  const all = new Set(['spot', 'reserved', 'any']);
  expect(new QueueQuota(queue('1Ti'), []).pods('ever', need, all)).toBe(1 + 2);
  expect(new QueueQuota(queue('64Gi'), []).pods('ever', need, all)).toBe(2);
  expect(new QueueQuota(queue('1Ti'), []).pods('ever', need, new Set(['spot', 'any']))).toBe(1);
  expect(new QueueQuota(queue('1Ti'), []).pods('ever', need, new Set(['spot', 'reserved']))).toBe(0);
  expect(new QueueQuota(queue('64Gi'), []).lacking('ever', need, all, 3)).toEqual(['memory']);
  expect(new QueueQuota(queue('1Ti'), []).lacking('ever', need, all, 10)).toEqual(['nvidia.com/gpu']);
  // 14 pods by CPU and 9 by GPUs, and no flavor has both for so many
  expect(new QueueQuota(queue('1Ti'), []).lacking('ever', need, all, 4)).toEqual(['cpu', 'nvidia.com/gpu']);
  expect(new QueueQuota(queue('1Ti'), []).lacking('ever', need, all, 3)).toEqual([]);
  expect(new QueueQuota(queue('1Ti'), []).uncovered(need)).toEqual([]);
  expect(new QueueQuota(holder('cpu', { nominalQuota: 1 }), []).uncovered(need)).toEqual(['nvidia.com/gpu', 'memory']);
});

// a group of pods is one Workload with a PodSet of its leader and one of its workers, and all pods of a PodSet have one flavor:
// https://kueue.sigs.k8s.io/docs/concepts/workload/#pod-sets
test.each<[nodes: number, room: readonly number[], pods: number]>([
  [1, [1, 1, 1], 3],
  [2, [1, 1, 1], 2],
  // the leader in one flavor, both workers in another
  [3, [1, 2], 3],
  [3, [1, 1, 1], 0],
  [4, [3, 3], 4],
  [4, [2, 2, 2, 2], 0],
  [4, [8], 8],
  [3, [5, 1], 6],
])('groups of %d pods over flavors with room for %j: %d pods', (nodes, room, pods) => {
  const flavors = room.map((nominalQuota, at) => ({ name: `f${at}`, resources: [{ name: 'cpu', nominalQuota }] }));
  const queue = { id: 'queue', groups: [{ coveredResources: ['cpu'], flavors }] };
  const suiting = new Set(flavors.map(({ name }) => name));
  expect(new QueueQuota(queue, []).pods('ever', { ...one, nodes }, suiting)).toBe(pods);
});
