import { sampleDelivery, withStage } from '../testing/sample-delivery.ts';
import { outcomeOf } from './outcome.ts';

test('a delivery runs until its release has passed', () => {
  expect(outcomeOf(sampleDelivery({ until: 'build' }).record)).toEqual({
    verdict: 'running',
    reason: 'build went well.',
  });
  expect(outcomeOf(sampleDelivery().record)).toEqual({ verdict: 'pass', reason: 'release went well.' });
});

test('the first stage that does not pass decides, and an inconclusive one is never a pass', () => {
  const failed = withStage(sampleDelivery({ until: 'mesh' }), 'mesh', { verdict: 'fail', reason: 'A probe got in.' });
  expect(outcomeOf(failed.record)).toEqual({ verdict: 'fail', failedStage: 'mesh', reason: 'A probe got in.' });
  const unsure = withStage(sampleDelivery({ until: 'load-test' }), 'load-test', { verdict: 'inconclusive' });
  expect(outcomeOf(unsure.record)).toMatchObject({ verdict: 'inconclusive', failedStage: 'load-test' });
});

test('a scan that failed over its findings waits for the fix, and fails when it fails after it', () => {
  const found = { verdict: 'fail', reason: 'Findings.', outputs: { blocking: '3' } } as const;
  expect(outcomeOf(withStage(sampleDelivery({ until: 'scan' }), 'scan', found).record).verdict).toBe('running');
  const fixed = withStage(sampleDelivery({ until: 'remediate' }), 'scan', found);
  expect(outcomeOf(fixed.record).verdict).toBe('running');
  const again = withStage(fixed, 'scan', { finishedAt: '2026-11-25T10:00:00.000Z' });
  expect(outcomeOf(again.record)).toEqual({ verdict: 'fail', failedStage: 'scan', reason: 'Findings.' });
  const broken = withStage(fixed, 'remediate', { verdict: 'fail', reason: 'No progress.' });
  expect(outcomeOf(broken.record)).toEqual({ verdict: 'fail', failedStage: 'remediate', reason: 'No progress.' });
  const scanner = withStage(sampleDelivery({ until: 'scan' }), 'scan', { verdict: 'fail', reason: 'No scanner.' });
  expect(outcomeOf(scanner.record)).toMatchObject({ verdict: 'fail', failedStage: 'scan' });
});

test('what an earlier delivery left behind does not count', () => {
  const left = withStage(sampleDelivery({ until: 'mesh' }), 'mesh', { verdict: 'fail', stale: true });
  expect(outcomeOf(left.record)).toEqual({ verdict: 'running', reason: 'deploy went well.' });
});
