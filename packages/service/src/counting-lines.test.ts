import { withoutCounting } from './counting-lines.ts';

it('tells of lines that only count on one in two seconds, and all others', () => {
  const told: string[] = [];
  let now = 0;
  const tell = withoutCounting(
    line => told.push(line),
    2000,
    () => now,
  );
  const lines: [number, string][] = [
    [0, 'load-test: 1 of 30 requests sent'],
    [500, 'load-test: 2 of 30 requests sent'],
    [2100, 'load-test: 3 of 30 requests sent'],
    [2200, 'load-test: 4 of 30 requests sent'],
    [2300, '✔ load-test 12.0 s'],
    [2400, 'release: step 1 of 2'],
  ];
  for (const [at, line] of lines) {
    now = at;
    tell(line);
  }
  expect(told).toEqual([lines[0]?.[1], lines[2]?.[1], lines[4]?.[1], lines[5]?.[1]]);
});
