import { freezeAt, scheduleProblem } from './freeze.ts';

const weekends = { schedule: '0 16 * * 5', hours: 64, timeZone: 'Europe/Berlin', reason: 'weekends' };
const holidays = { schedule: '0 0 20 12 *', hours: 14 * 24, timeZone: 'UTC', reason: 'holidays' };

// 2026-11-27 is a Friday; Berlin is an hour ahead of UTC in winter and two in summer
test.each([
  ['a minute before', '2026-11-27T14:59:00Z', undefined, undefined],
  ['its first second', '2026-11-27T15:00:00Z', '2026-11-30T07:00:00.000Z', 'weekends'],
  ['its last minute', '2026-11-30T06:59:00Z', '2026-11-30T07:00:00.000Z', 'weekends'],
  ['its end', '2026-11-30T07:00:00Z', undefined, undefined],
  ['summer time', '2026-07-03T14:00:00Z', '2026-07-06T06:00:00.000Z', 'weekends'],
  ['two at once: the one that ends last', '2026-12-25T18:00:00Z', '2027-01-03T00:00:00.000Z', 'holidays'],
])('%s', (_name, now, until, reason) => {
  const freeze = freezeAt({ freeze: [weekends, holidays] }, new Date(now));
  expect([freeze?.until.toISOString(), freeze?.reason]).toEqual([until, reason]);
});

test.each([
  ['0 0 29 2 *', undefined],
  ['0 0 30 2 *', 'no such day ever comes'],
  ['0 0 31 4,6 *', 'no such day ever comes'],
])('the schedule %s: %s', (schedule, problem) => {
  expect(scheduleProblem(schedule, 'UTC')).toBe(problem);
});
