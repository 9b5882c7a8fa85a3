import { english } from '@fairway/service/reasons/delivery-reason';
import type { DeliveryRecord, StageEntry } from './record.ts';
import { unaskedFix } from './unasked-fix.ts';

const passed: StageEntry = {
  ...{ verdict: 'pass', reason: '', key: 'sha256:0', startedAt: '', finishedAt: '', evidence: [] },
  outputs: { proof: 'programs', upgraded: 'openssl, libssl3' },
};

function said(remediate: StageEntry | undefined): string {
  const record: DeliveryRecord = {
    ...{ schemaVersion: 1, id: 'd', service: { name: 'hello' }, source: {}, image: {} },
    stages: remediate ? { remediate } : {},
  };
  return unaskedFix(record).map(english).join(' ');
}

test('a version that does not serve names the upgrades that nobody could ask the engine about, and what to do', () => {
  expect(said(passed)).toBe(
    'remediate upgraded packages of its image (openssl, libssl3) where the engine could not run to be asked. If one of them is the cause, accept its findings for a time: the summary of remediate has the lines for scan.exceptions.',
  );
});

test('of many upgrades the first are named', () => {
  const upgraded = Array.from({ length: 12 }, (_, index) => `p${index}`).join(', ');
  expect(said({ ...passed, outputs: { proof: 'programs', upgraded } })).toContain(
    '(p0, p1, p2, p3, p4, p5, p6, p7, p8, p9; 2 more in fix-plan.json)',
  );
});

test.each<[string, StageEntry | undefined]>([
  ['the engine answered', { ...passed, outputs: { ...passed.outputs, proof: 'answer' } }],
  ['another image is delivered', { ...passed, stale: true }],
  ['there was nothing to fix', { ...passed, verdict: 'skipped', outputs: {} }],
  ['nothing was fixed', undefined],
])('where %s the fix is not named', (_name, entry) => {
  expect(said(entry)).toBe('');
});
