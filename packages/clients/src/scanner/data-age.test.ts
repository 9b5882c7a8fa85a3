import { dataAge } from './data-age.ts';

const now = new Date('2026-11-28T01:00:00Z');

test.each([
  ['2026-11-27T23:00:00Z', 'data of 2026-11-27'],
  ['2026-11-27T00:30:00Z', 'data of 2026-11-27, 1 day old'],
  ['2026-11-20T00:00:00.123456789Z', 'data of 2026-11-20, 8 days old'],
  // a clock that is behind
  ['2026-11-28T02:00:00Z', 'data of 2026-11-28'],
  [undefined, 'data of an unknown day'],
])('of %s', (date, text) => {
  expect(dataAge(date, now)).toBe(text);
});
