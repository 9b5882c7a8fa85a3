import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { configuredComparisons } from './configured-comparisons.ts';

const stored = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../docs/comparisons/2026-11-26-nvidia-h200.json'), 'utf8'),
);
const config = (comparisons: object[]) => new ConfigReader({ fairway: { comparisons } } as never);

test('the newest record comes first', () => {
  const newer = { ...stored, id: 'newer', finishedAt: '2027-01-01T00:00:00.000Z' };
  expect(configuredComparisons(config([stored, newer])).map(one => one.id)).toEqual(['newer', stored.id]);
  expect(configuredComparisons(new ConfigReader({}))).toEqual([]);
});

test('what is no record is named', () => {
  expect(() => configuredComparisons(config([{ ...stored, contenders: [] }]))).toThrow(
    /fairway\.comparisons .*contenders/,
  );
});
