import { linePath, scaleOf } from './line-chart-scale.ts';

test.each([
  [[0, 1], {}, [0, 0.25, 0.5, 0.75, 1]],
  [[97.3, 100], { most: 100 }, [97, 98, 99, 100]],
  [[12, 480], { holds: 0 }, [0, 200, 400, 600]],
  // a line along 100 % is not pressed against the edge of nothing
  [[100, 100], { most: 100 }, [99, 99.25, 99.5, 99.75, 100]],
  [[0, 0], { holds: 0 }, [0, 0.25, 0.5, 0.75, 1]],
  [[], {}, [0, 0.25, 0.5, 0.75, 1]],
  // what lies beyond is drawn at the edge
  [[-7, 1], { least: -1, most: 1 }, [-1, -0.5, 0, 0.5, 1]],
])('an axis for %j within %j has the ticks %j', (values, bounds, ticks) => {
  expect(scaleOf(values, bounds)).toEqual({ low: ticks[0], high: ticks.at(-1), ticks });
});

test('a gap is a gap: the line ends before it and begins after it', () => {
  const scale = { low: 0, high: 10, ticks: [] };
  expect(linePath([0, 10, null, 5, 5], scale)).toBe('M0 100L0 100L25 0M75 50L75 50L100 50');
  expect(linePath([null, null], scale)).toBe('');
});
