import { gibibyte } from './gibibyte.ts';
import { deviceOf } from './mig.ts';

// `nvidia-smi mig -lgip` in NVIDIA's MIG user guide and in reports of others, and what CUDA says on a 3g.71gb
test.each([
  ['nvidia-a100-40gb', '1g.5gb', 4.75],
  ['nvidia-a100-40gb', '1g.10gb', 9.62],
  ['nvidia-a100-40gb', '3g.20gb', 19.5],
  ['nvidia-a100-40gb', '7g.40gb', 39.25],
  ['nvidia-a100-80gb', '1g.10gb', 9.5],
  ['nvidia-a100-80gb', '3g.40gb', 39.25],
  ['nvidia-a30-24gb', '1g.6gb', 5.75],
  ['nvidia-a30-24gb', '2g.12gb', 11.62],
  ['nvidia-h100-80gb', '1g.10gb', 9.62],
  ['nvidia-h100-80gb', '2g.20gb', 19.5],
  ['nvidia-h100-80gb', '7g.80gb', 79.12],
  ['nvidia-h20-96gb', '7g.96gb', 95.1],
  ['nvidia-h200-141gb', '1g.18gb', 16],
  ['nvidia-h200-141gb', '3g.71gb', 69.8],
])('an instance of %s %s has not more than %d GiB, and little less', (name, profile, reported) => {
  const device = deviceOf({ class: name, mig: { profile, strategy: 'mixed' } });
  const gibibytes = (device?.memoryBytes ?? 0) / gibibyte;
  expect(gibibytes).toBeLessThanOrEqual(reported);
  expect(gibibytes).toBeGreaterThan(0.97 * reported);
});

// "New Features" of the release notes of NVIDIA's GPU operator 25.10.0; of the memory no figure is published, so it is less than the name says in GB
test.each(['1g.34gb', '1g.67gb', '2g.67gb', '3g.135gb', '4g.135gb', '7g.269gb'])('a B300 has %s', profile => {
  const device = deviceOf({ class: 'nvidia-b300-288gb', mig: { profile, strategy: 'mixed' } });
  expect(device?.resource).toBe(`nvidia.com/mig-${profile}`);
  const named = Number(/(\d+)gb/.exec(profile)![1]);
  const gibibytes = device!.memoryBytes / gibibyte;
  expect(gibibytes).toBeLessThan(named);
  expect(gibibytes).toBeGreaterThan(0.85 * named);
});

test('the device is a resource of its own, or the one of a node that has nothing else', () => {
  const asked = { class: 'nvidia-h100-80gb', mig: { profile: '3g.40gb', strategy: 'mixed' } } as const;
  expect(deviceOf(asked)).toMatchObject({
    name: 'nvidia-h100-80gb 3g.40gb',
    resource: 'nvidia.com/mig-3g.40gb',
    computeCapability: 9,
  });
  expect(deviceOf({ ...asked, mig: { ...asked.mig, strategy: 'single' } })?.resource).toBe('nvidia.com/gpu');
  expect(deviceOf({ class: 'nvidia-h100-80gb' })?.mig).toBeUndefined();
  expect(deviceOf({ ...asked, mig: { ...asked.mig, profile: '1g.5gb' } })).toBeUndefined();
});
