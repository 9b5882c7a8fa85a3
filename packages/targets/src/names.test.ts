import { againstSchema } from '../../../test/fixtures/kubernetes-types.ts';
import { tinyService } from '../../../test/fixtures/service.ts';
import { longestName } from '@fairway/service/schema-values';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { namedService } from './gateway/istio/names.ts';
import { versionActivator } from './workload/activator.ts';
import { guardObjects } from './workload/guard.ts';
import { keepTimer } from './workload/keep.ts';
import { versionScaler } from './workload/scaler.ts';

const name = 'n'.repeat(longestName);
const image = `registry.example/services@sha256:${'0'.repeat(64)}`;
const sleeper = { min: 0, max: 4, prometheus: 'http://prometheus:9090' };
const service = tinyService({ name, namespace: 'a'.repeat(63), resources: { replicas: 2 }, scaling: sleeper });
const revision = '1a2b3c4d';
const objects: readonly KubernetesObject[] = [
  ...guardObjects({ service, holder: 'h', stable: revision, candidate: 'ffffffff' }, image),
  ...versionActivator(service, revision, image),
  ...versionScaler(tinyService({ ...service, scaling: { by: 'hpa', max: 4 } }), revision),
  keepTimer(service, revision, 60),
];

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ and .../labels/
test('the longest name of a service leaves room for what is put behind it', () => {
  const limited = objects.filter(({ kind }) => kind === 'Service' || kind === 'Job');
  expect(limited.map(one => one.kind).sort()).toEqual(['Job', 'Job', 'Service']);
  for (const one of [...limited.map(({ metadata }) => metadata.name), namedService(name, revision)])
    expect(one.length).toBeLessThanOrEqual(63);
  for (const { metadata } of objects)
    for (const value of Object.values(metadata.labels ?? {}))
      expect(value).toMatch(/^[A-Za-z0-9][\w.-]{0,61}[A-Za-z0-9]$/);
});

test.each(objects.map(one => [one.kind, one] as const))('Kubernetes knows every field of the %s', (_kind, object) => {
  if (object.apiVersion.startsWith('keda.sh/')) return;
  expect(againstSchema(object)).toEqual([]);
});
