import type { DeliveryRecord } from '@fairway/stage/record';
import type { StageName } from '@fairway/stage/verdict';
import { sampleDelivery, withStage } from '../testing/sample-delivery.ts';
import { mergedRecord } from './merged-record.ts';

const whole = sampleDelivery().record;
const upTo = (until: StageName) => sampleDelivery({ until }).record;

test('an older record that arrives late changes nothing, the same one neither', () => {
  expect(mergedRecord(whole, upTo('build'))).toBe(whole);
  expect(mergedRecord(whole, structuredClone(whole))).toBe(whole);
  expect(mergedRecord(upTo('build'), whole)).toBe(whole);
});

test('every order of arrival ends in the same record', () => {
  const begun = sampleDelivery();
  const rerun = { finishedAt: '2026-11-25T11:00:00.000Z', startedAt: '2026-11-25T10:59:00.000Z', reason: 'again' };
  const redeployed = withStage(withStage(begun, 'deploy', rerun), 'mesh', { stale: true }).record;
  // mesh stands: nothing ran, so no time moved
  const stood = withStage(withStage(begun, 'deploy', rerun), 'mesh', { stale: undefined }).record;
  const records: DeliveryRecord[] = [upTo('push'), begun.record, redeployed, stood];
  const ends = permutations(records).map(order => order.reduce(mergedRecord));
  for (const end of ends) expect(JSON.parse(JSON.stringify(end))).toEqual(JSON.parse(JSON.stringify(stood)));
});

test('stages that ran side by side are kept of both records', () => {
  const { record } = sampleDelivery({ until: 'monitor' });
  const without = (name: StageName) => ({
    ...record,
    stages: Object.fromEntries(Object.entries(record.stages).filter(([stage]) => stage !== name)),
  });
  const merged = mergedRecord(without('monitor'), without('mesh'));
  expect(Object.keys(merged.stages).sort()).toEqual(Object.keys(record.stages).sort());
});

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map(rest => [item, ...rest]),
  );
}
