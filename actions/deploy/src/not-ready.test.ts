import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { DeliveryRecord } from '@fairway/stage';
import { notReady } from './not-ready.ts';

const record: DeliveryRecord = {
  ...{ schemaVersion: 1, id: 'd', service: { name: 'hello' }, source: {}, image: {} },
  stages: {
    remediate: {
      ...{ verdict: 'pass', reason: '', key: 'sha256:0', startedAt: '', finishedAt: '', evidence: [] },
      outputs: { proof: 'programs', upgraded: 'torch' },
    },
  },
};

function said(logs: string): string {
  const cause = 'The engine ended with exit code 1';
  const watched = { ready: false as const, cause, coded: cause, logs };
  return english(notReady('hello-1', watched, [reasonOf('deploy.removed')], record));
}

test('an engine that fails in the cluster after a fix without its GPU names the fix, and what stands now comes last', () => {
  expect(said('ImportError: undefined symbol')).toMatch(
    /exit code 1.* remediate upgraded packages of its image \(torch\) where .* The new version was removed\.$/,
  );
});

test('a pod whose engine never started has another reason', () => {
  expect(said('')).not.toContain('remediate');
});
