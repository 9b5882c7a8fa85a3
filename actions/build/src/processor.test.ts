import { english } from '@fairway/service/reasons/delivery-reason';
import { tinyService } from '../../../test/fixtures/service.ts';
import { otherProcessor } from './processor.ts';

const on = (gpu: string | undefined, nodeSelector: Record<string, string> = {}) =>
  tinyService({ resources: { ...(gpu ? { gpu: { class: gpu } } : {}) }, workload: { nodeSelector } });

// Grace of GH200, GB200 and GB300 is an Arm processor: https://docs.nvidia.com/grace-hopper
test.each([
  ['nvidia-gh200-96gb', 'amd64', /built for amd64, and nodes with nvidia-gh200-96gb have arm64 processors/],
  ['nvidia-gb200-186gb', 'amd64', /nodes with nvidia-gb200-186gb have arm64/],
  ['nvidia-gb300-288gb', 'arm64', undefined],
  // there are both
  ['nvidia-h100-80gb', 'arm64', undefined],
  [undefined, 'arm64', undefined],
])('%s and an image for %s', (gpu, architecture, expected) => {
  const found = otherProcessor(on(gpu), architecture);
  if (expected) expect(english(found!)).toMatch(expected);
  else expect(found).toBeUndefined();
});

test('the label that the service asks for decides', () => {
  const arch = (value: string) => ({ 'kubernetes.io/arch': value });
  expect(english(otherProcessor(on('nvidia-h100-80gb', arch('amd64')), 'arm64')!)).toMatch(
    /built for arm64, and nodes with the label kubernetes\.io\/arch=amd64 have amd64 processors\. Build it on a machine/,
  );
  expect(otherProcessor(on(undefined, arch('arm64')), 'arm64')).toBeUndefined();
});
