import { shareText } from './share-text.ts';

test('shares keep the digits that decide, and almost all is not all', () => {
  expect([0, 0.5, 0.9723, 0.9995, 0.99999, 1, -0.2, -3.456].map(shareText)).toEqual([
    ...['0 %', '50 %', '97.2 %', '99.95 %', '99.99 %', '100 %', '-20 %', '-346 %'],
  ]);
});
