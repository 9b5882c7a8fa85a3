import type { Fleet } from '@fairway/backstage-plugin-fairway-common';
import { priceTableSchema } from '@fairway/clients/ledger/price-table';
import { type TeamState, teamCapacity } from './team-capacity.ts';
import { gpuQuotas, keepQuota } from './watched-quota.ts';

const pool: Fleet['pools'][number] = {
  ...{ cluster: 'east', class: 'nvidia-h100-80gb', resource: 'nvidia.com/gpu', source: 'device-plugin', part: 1 },
  ...{ installed: 32, allocatable: 32, requested: 14, free: 18, nodeCount: 4, waiting: 0 },
  byHolder: [
    { holder: 0, count: 8, idle: 0 },
    { holder: 1, count: 4, idle: 0 },
    { holder: 2, count: 2, idle: 0 },
  ],
};
const fleet: TeamState['fleet'] = {
  holders: [
    { namespace: 'models', service: 'chat', owner: 'team-chat' },
    { namespace: 'models', service: 'embed', owner: 'team-search' },
    { namespace: 'batch' },
    // those whom the reader may not see
    { namespace: '' },
  ],
  pools: [pool],
};
const owners = new Map([
  ['models/chat', 'team-chat'],
  ['models/embed', 'team-search'],
  ['new/rank', 'team-search'],
]);
const quotaOf = (namespace: string, hard: Record<string, string>, used: Record<string, string> = {}, spec = {}) =>
  gpuQuotas(
    'east',
    keepQuota({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q', namespace },
      spec,
      status: { hard, used },
    } as never),
  );

const now = new Date('2026-11-28T12:00:00.000Z');
const rows = (state: Partial<TeamState>, prices?: object) => {
  const table = prices === undefined ? undefined : priceTableSchema.parse({ currency: 'EUR', gpus: prices });
  return teamCapacity({ fleet, owners, quotas: [], ...state }, table, now);
};

test('a quota limits requests of GPUs: other resources, and objects, say nothing of them', () => {
  // https://kubernetes.io/docs/concepts/policy/resource-quotas/#resource-quota-for-extended-resources
  const hard = {
    'requests.nvidia.com/gpu': '4',
    'requests.nvidia.com/mig-1g.10gb': '14',
    'requests.cpu': '8',
    pods: '10',
  };
  expect(quotaOf('models', hard, { 'requests.nvidia.com/gpu': '3', 'requests.cpu': '1' })).toEqual([
    { cluster: 'east', namespace: 'models', resource: 'nvidia.com/gpu', hard: 4, used: 3 },
    { cluster: 'east', namespace: 'models', resource: 'nvidia.com/mig-1g.10gb', hard: 14, used: 0 },
  ]);
  // one of jobs alone
  expect(quotaOf('models', hard, {}, { scopes: ['Terminating'] })).toEqual([]);
});

test('teams of one namespace share its quota and hold their own; the strictest quota counts', () => {
  const quotas = [
    ...quotaOf('models', { 'requests.nvidia.com/gpu': '32' }, { 'requests.nvidia.com/gpu': '12' }),
    ...quotaOf('models', { 'requests.nvidia.com/gpu': '16' }, { 'requests.nvidia.com/gpu': '12' }),
    // a service that holds nothing yet, a namespace of nobody, and the limit of nothing that every namespace has
    ...quotaOf('new', { 'requests.nvidia.com/gpu': '2' }),
    ...quotaOf('other', { 'requests.nvidia.com/gpu': '1' }),
    ...quotaOf('default', { 'requests.nvidia.com/gpu': '0' }),
  ];
  const quota = [{ resource: 'nvidia.com/gpu', hard: 16, used: 12 }];
  const h100 = (gpus: number) => [{ class: 'nvidia-h100-80gb', gpus }];
  expect(rows({ quotas })).toEqual({
    items: [
      { team: 'team-chat', cluster: 'east', namespace: 'models', quotas: quota, held: h100(8) },
      { team: 'team-search', cluster: 'east', namespace: 'models', quotas: quota, held: h100(4) },
      {
        ...{ team: 'team-search', cluster: 'east', namespace: 'new', held: [] },
        quotas: [{ resource: 'nvidia.com/gpu', hard: 2, used: 0 }],
      },
      { team: undefined, cluster: 'east', namespace: 'batch', quotas: [], held: h100(2) },
      {
        ...{ team: undefined, cluster: 'east', namespace: 'other', held: [] },
        quotas: [{ resource: 'nvidia.com/gpu', hard: 1, used: 0 }],
      },
    ],
  });
});

test('a GPU costs the price of its class that began last, a part of one its part, and what has no price is counted', () => {
  const held = (more: Partial<typeof pool>) => ({ ...pool, byHolder: [{ holder: 0, count: 7, idle: 0 }], ...more });
  const pools = [
    held({}),
    held({ class: 'nvidia-a100-80gb 1g.10gb', part: 1 / 7 }),
    held({ class: 'nvidia-l4-24gb shared', part: 1 / 4 }),
    held({ class: 'nvidia-t4-16gb' }),
  ];
  const found = rows({ fleet: { ...fleet, pools } }, [
    { class: 'nvidia-h100-80gb', perHour: 9 },
    { class: 'nvidia-h100-80gb', from: '2026-11-01', perHour: 3 },
    { class: 'nvidia-h100-80gb', from: '2026-12-01', perHour: 1 },
    { class: 'nvidia-a100-80gb', perHour: 2 },
    { class: 'nvidia-l4-24gb', perHour: 4 },
    { class: 'nvidia-l4-24gb shared', perHour: 8 },
  ]);
  expect(found.currency).toBe('EUR');
  expect(found.items).toHaveLength(1);
  // 7 × 3 + 1 × 2 + 7/4 × 8
  expect(found.items[0]?.perHour).toBeCloseTo(37, 9);
  expect(found.items[0]?.unpriced).toBe(7);
  expect(found.items[0]?.held.map(({ gpus }) => gpus)).toEqual([7, 1, 1.75, 7]);
});

test('a price table has prices of tokens, of GPUs, or both', () => {
  const gpus = [{ class: 'nvidia-h100-80gb', perHour: 3 }];
  expect(priceTableSchema.safeParse({ currency: 'EUR', gpus }).success).toBe(true);
  expect(priceTableSchema.safeParse({ currency: 'EUR' }).error?.issues).toEqual([
    expect.objectContaining({ path: ['prices'], message: 'has neither prices nor gpus' }),
  ]);
  expect(priceTableSchema.safeParse({ currency: 'EUR', gpus: [{ ...gpus[0], perHour: -1 }] }).success).toBe(false);
});
