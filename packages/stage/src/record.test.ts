import { type DeliveryRecord, mergeRecords, newRecord } from './index.ts';
import type { StageEntry } from './index.ts';

const entry = (finishedAt: string): StageEntry => ({
  verdict: 'pass',
  reason: finishedAt,
  key: '',
  startedAt: finishedAt,
  finishedAt,
  outputs: {},
  evidence: [],
});

const base: DeliveryRecord = { ...newRecord('hello'), id: 'one' };

describe('mergeRecords', () => {
  it('takes of every stage the entry that finished last, whichever side it comes from', () => {
    const ours = { ...base, stages: { scan: entry('2026-01-02'), push: entry('2026-01-01') } };
    const theirs = {
      ...base,
      image: { digest: 'sha256:1' },
      stages: { scan: entry('2026-01-01'), push: entry('2026-01-03') },
    };
    const merged = mergeRecords(ours, theirs);
    expect(merged.stages.scan?.reason).toBe('2026-01-02');
    expect(merged.stages.push?.reason).toBe('2026-01-03');
    expect(merged.image.digest).toBe('sha256:1');
    expect(mergeRecords(theirs, ours).stages).toEqual(merged.stages);
  });

  it('does not mix two deliveries', () => {
    const older = { ...base, stages: { scan: entry('2026-01-01') } };
    const newer = { ...base, id: 'two', stages: { build: entry('2026-01-02') } };
    expect(mergeRecords(older, newer)).toBe(newer);
    expect(mergeRecords(newer, older)).toBe(newer);
  });
});
