import { bytesText, durationText, figureText, shortDigest } from './figures.ts';

test('sizes, times and figures are written for people', () => {
  expect([0, 999, 1000, 259_819_581, 70e9, 3e15].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '259.8 MB',
    '70.0 GB',
    '3000.0 TB',
  ]);
  expect([240, 9_960, 59_400, 200_000, 3_900_000].map(durationText)).toEqual([
    '0.2 s',
    '10.0 s',
    '59 s',
    '3 min 20 s',
    '1 h 5 min',
  ]);
  expect([0, 0.00333, 0.725, 32.53, 1500].map(figureText)).toEqual(['0.00', '0.0033', '0.72', '32.5', '1500']);
  expect(shortDigest('sha256:5c62f7465b95eef8fa72')).toBe('5c62f7465b95');
});
