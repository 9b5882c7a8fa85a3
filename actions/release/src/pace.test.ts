import { engineProfile } from '@fairway/engines';
import { tinyService } from '../../../test/fixtures/service.ts';
import { pacesBeside } from './pace.ts';

const edges = ['0.1', '0.25', '0.5', '0.75', '1', '2.5', '+Inf'];

/** Ten minutes of a version as Prometheus sums its buckets: how many answers came up to each edge. */
const answers = (first: readonly number[], gaps: readonly number[] = []) => ({
  query: async (expression: string) =>
    (expression.includes('time_to_first_token') ? first : gaps).map((value, at) => ({
      metric: { le: edges[at]! },
      value,
    })),
});

const service = (more: object = {}) =>
  tinyService({
    engine: { name: 'vllm' },
    objectives: {
      timeToFirstToken: { percentile: 95, milliseconds: 2000 },
      interTokenLatency: { percentile: 95, milliseconds: 900 },
    },
    ...more,
  });

test('twice as slow as the version that serves, at an edge of its histogram', async () => {
  // 95 % of its first tokens came within 250 ms, and of its gaps within 100 ms
  const stable = answers([500, 960, 990, 1000, 1000, 1000, 1000], [9800, 9900, 10_000, 10_000, 10_000, 10_000, 10_000]);
  expect(await pacesBeside(stable, service(), engineProfile('vllm'), 'old')).toEqual({
    'time-to-first-token': { milliseconds: 500, ofStable: 250 },
    'inter-token-latency': { milliseconds: 250, ofStable: 100 },
  });
  expect(await pacesBeside(stable, service({ release: { slowdown: 4 } }), engineProfile('vllm'), 'old')).toEqual({
    'time-to-first-token': { milliseconds: 1000, ofStable: 250 },
    'inter-token-latency': { milliseconds: 500, ofStable: 100 },
  });
});

test('an objective that asks for as much stands alone', async () => {
  const slow = answers([0, 0, 0, 0, 960, 1000, 1000], [0, 0, 990, 1000, 1000, 1000, 1000]);
  expect(await pacesBeside(slow, service(), engineProfile('vllm'), 'old')).toEqual({});
});

test('few users, none, or an engine without histograms say nothing', async () => {
  // nine answers of 180 are over the percentile
  const few = answers([90, 175, 180, 180, 180, 180, 180]);
  expect(await pacesBeside(few, service(), engineProfile('vllm'), 'old')).toEqual({});
  expect(await pacesBeside(answers([]), service(), engineProfile('vllm'), 'old')).toEqual({});
  expect(await pacesBeside(few, service(), engineProfile('llamacpp'), 'old')).toEqual({});
});
