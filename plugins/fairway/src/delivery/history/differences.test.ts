import { helloDelivery } from '../../testing/hello-delivery.ts';
import { differences } from './differences.ts';

test('verdicts, image, commit and the figures of stages are compared', () => {
  const older = helloDelivery();
  const { 'load-test': load, ...others } = older.record.stages;
  if (!load) throw new Error('The delivery has no load test.');
  const slower = { ...load, verdict: 'fail' as const, outputs: { ...load.outputs, 'ttft-p95': '1800' } };
  const newer = helloDelivery({
    verdict: 'fail',
    digest: 'sha256:ffff',
    record: { ...older.record, stages: { ...others, release: undefined, 'load-test': slower } },
  });
  expect(differences(older, newer)).toEqual([
    { of: 'delivery', older: { verdict: 'pass' }, newer: { verdict: 'fail' } },
    { of: 'image', older: { text: 'sha256:5c62f7465b95eef8' }, newer: { text: 'sha256:ffff' } },
    { of: 'load-test', older: { verdict: 'pass' }, newer: { verdict: 'fail' } },
    { of: 'load-test', figure: 'ttft-p95', older: { text: '32.5' }, newer: { text: '1800' } },
    { of: 'release', older: { verdict: 'pass' }, newer: undefined },
  ]);
});

test('a delivery does not differ from itself', () => {
  expect(differences(helloDelivery(), helloDelivery())).toEqual([]);
});
