import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWithout, writeWithout } from './optional-parts.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'fairway-parts-'));
});
afterEach(() => rm(state, { recursive: true }));

test('nobody has said anything: logs and the limit of running requests, neither mesh nor network policies', async () => {
  expect(await readWithout(state)).toEqual(['mesh', 'network-policy', 'istio-gateway', 'grype']);
});

test("Istio's gateway brings its control plane, which goes with it unless somebody wants the mesh", async () => {
  await writeWithout(state, { with: ['istio-gateway'], without: [] });
  expect(await readWithout(state)).toEqual(['network-policy', 'grype']);
  await writeWithout(state, { with: [], without: ['istio-gateway'] });
  expect(await readWithout(state)).toEqual(['mesh', 'network-policy', 'istio-gateway', 'grype']);
  await writeWithout(state, { with: ['mesh', 'istio-gateway'], without: [] });
  await writeWithout(state, { with: [], without: ['istio-gateway'] });
  expect(await readWithout(state)).toEqual(['network-policy', 'istio-gateway', 'grype']);
});

test('a part stays as it was switched until it is switched again', async () => {
  await writeWithout(state, { with: ['mesh'], without: [] });
  await writeWithout(state, { with: [], without: ['logs', 'concurrency'] });
  expect(await readWithout(state)).toEqual(['logs', 'concurrency', 'network-policy', 'istio-gateway', 'grype']);
  await writeWithout(state, { with: ['logs'], without: ['mesh'] });
  expect(await readWithout(state)).toEqual(['concurrency', 'mesh', 'network-policy', 'istio-gateway', 'grype']);
});

test('the file of a platform that knew logs alone is read', async () => {
  await writeFile(join(state, 'without.json'), '["logs"]');
  expect(await readWithout(state)).toEqual(['logs', 'mesh', 'network-policy', 'istio-gateway', 'grype']);
});
