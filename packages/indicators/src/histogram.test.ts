import { ObjectiveJudge } from './judge.ts';
import { histogramCount, histogramLimit } from './histogram.ts';
import { tinyService } from '../../../test/fixtures/service.ts';

// edges of vLLM's time to first token, as it prints them
const edges = ['0.1', '0.25', '0.5', '1.0', '2.5', '+Inf'];

test.each([
  [0.5, '0.5', '0.5'],
  [0.3, '0.25', '0.5'],
  [0.05, undefined, '0.1'],
  [5, '2.5', undefined],
])('a limit of %d s lies between the edges around it', (limit, below, above) => {
  expect(histogramLimit(edges, limit)).toEqual({ below, above });
});

test('between two edges the bad events are known from two sides', () => {
  // of 100, 30 were over the lower edge and 10 over the upper one
  expect(histogramCount(100, { below: 30, above: 10 })).toEqual({ events: 100, bad: 30, leastBad: 10 });
  expect(histogramCount(100, { above: 10 })).toEqual({ events: 100, bad: 100, leastBad: 10 });
  expect(histogramCount(100, { below: 30 })).toEqual({ events: 100, bad: 30, leastBad: 0 });
  expect(histogramCount(0, { below: 0, above: 0 })).toEqual({ events: 0, bad: 0 });
});

test('series without an edge are none, and counters that do not agree make no share below 0 or over 1', () => {
  expect(histogramLimit(['', 'NaN', '+Inf', '0.5'], 0.2)).toEqual({ below: undefined, above: '0.5' });
  expect(histogramCount(100, { below: -3, above: -5 })).toEqual({ events: 100, bad: 0, leastBad: 0 });
  expect(histogramCount(100, { below: 120, above: 110 })).toEqual({ events: 100, bad: 100, leastBad: 100 });
  expect(histogramCount(100, { below: 5, above: 9 })).toEqual({ events: 100, bad: 5, leastBad: 5 });
});

test('gaps count by their requests', () => {
  expect(histogramCount(4000, { below: 400, above: 400 }, 200)).toEqual({ events: 100, bad: 10, leastBad: 10 });
});

test('a pass needs the most that may be bad, a fail the least that must be', () => {
  const { objectives } = tinyService({ objectives: { timeToFirstToken: { percentile: 95, milliseconds: 300 } } });
  const none = { events: 0, bad: 0 };
  const verdict = (most: number, least: number) =>
    new ObjectiveJudge(objectives, 1000).look({
      availability: none,
      'time-to-first-token': histogramCount(1000, { below: most, above: least }),
      'inter-token-latency': none,
      goodput: none,
    })[1]!.verdict;
  expect(verdict(10, 0)).toBe('pass');
  expect(verdict(200, 0)).toBe('inconclusive');
  expect(verdict(300, 200)).toBe('fail');
});
