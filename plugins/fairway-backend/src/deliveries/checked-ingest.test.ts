import { sampleDelivery, withStage } from '../testing/sample-delivery.ts';
import { checkedIngest } from './checked-ingest.ts';

const now = new Date('2026-11-25T12:00:00.000Z');
const sample = sampleDelivery();
const refusal = (ingest: typeof sample) => {
  try {
    checkedIngest(ingest, now);
  } catch (error) {
    return (error as Error).message;
  }
  return 'it was taken';
};

test('a whole delivery is taken as it is', () => {
  expect(checkedIngest(sample, now)).toEqual(sample);
});

test('a record whose prepare never passed gets the name that prepare read', () => {
  const { record } = withStage(sampleDelivery({ until: 'prepare' }), 'prepare', { verdict: 'fail', evidence: [] });
  const unnamed = { record: { ...record, service: { name: '' } }, evidence: {} };
  expect(checkedIngest(unnamed, now).record.service.name).toBe('hello-llm');
});

test('what cannot be shown, sorted or stored is refused with the reason', () => {
  const other = `sha256:${'0'.repeat(64)}`;
  expect(refusal({ ...sample, evidence: { [other]: 'x' } })).toContain(
    `No stage of the record names the evidence ${other}`,
  );
  const [digest = ''] = Object.keys(sample.evidence);
  expect(refusal({ ...sample, evidence: { [digest]: 'changed' } })).toMatch(/has the digest sha256:.* it was changed/);
  expect(refusal({ ...sample, record: { ...sample.record, stages: {} } })).toContain('holds no stage');
  expect(refusal({ ...sample, record: { ...sample.record, id: '../x' } })).toContain('id: must be 1 to 64 letters');
  expect(refusal({ ...sample, record: { ...sample.record, source: { subject: 'x'.repeat(256) } } })).toContain(
    'source.subject',
  );
  for (const docs of ['../secrets', '/etc', 'a//b', 'a?ref=b', 'a#b'])
    expect(refusal({ ...sample, record: { ...sample.record, source: { docs } } })).toContain('source.docs: must be');
  expect(refusal({ ...sample, record: { ...sample.record, service: { name: 'A b' } } })).toContain(
    'service.name: must be',
  );
  expect(refusal(withStage(sample, 'build', { finishedAt: 'yesterday' }))).toContain(
    'stages.build.finishedAt: must be a time',
  );
  expect(refusal(withStage(sample, 'build', { reason: 'a\0b' }))).toContain('must not contain the character NUL');
  const coded = { code: 'stage.fault', parameters: { words: 'x'.repeat(40_000) } };
  expect(refusal(withStage(sample, 'build', { coded }))).toContain('stages.build.coded: must be at most 40000');
  const piece = { mediaType: 'text/plain', path: 'evidence/x', digest: other };
  expect(refusal(withStage(sample, 'build', { evidence: Array(501).fill(piece) }))).toContain(
    'stages.build.evidence: must name at most 500 pieces',
  );
  expect(refusal(withStage(sample, 'release', { finishedAt: '9999-01-01T00:00:00.000Z' }))).toContain(
    'from the future',
  );
});
