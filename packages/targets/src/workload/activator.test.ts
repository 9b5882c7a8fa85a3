import { parseServiceFile } from '@fairway/service';
import { revisionLabels, servingLabel } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import {
  activatorLabels,
  activatorPermissions,
  checkActivator,
  endpointLabels,
  formerActivators,
  versionActivator,
} from './activator.ts';

function file(min: number, more = '') {
  return parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
namespace: llm
owner: team-a
engine: { name: llamacpp }
model: { name: hello, path: hello.gguf }
serving: { port: 9000 }
startup: { schedulingSeconds: 100, pullSeconds: 50, seconds: 20 }
scaling: { min: ${min}, max: 8, prometheus: 'http://prometheus.monitoring:9090' }
${more}`,
    '.',
    'fairway.yaml',
  );
}

const image = 'registry.example.com/services@sha256:0';
const revision = '1a2b3c4d';
const asleep = file(0).service;
const objects = versionActivator(asleep, revision, image);
const spec = <T>(kind: string) => objects.find(object => object.kind === kind)!['spec'] as T;
const engines = { ...revisionLabels('hello', revision), [servingLabel]: 'true' };

interface Template {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly [
      {
        readonly env: readonly { readonly name: string; readonly value: string }[];
        readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
      },
    ];
  };
}
const { template, selector } = spec<{ template: Template; selector: { matchLabels: Record<string, string> } }>(
  'ReplicaSet',
);

function selects(labels: Readonly<Record<string, string>>, pod: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([name, value]) => pod[name] === value);
}

// restricted-v2, which OpenShift gives by default, allows users of the namespace's own range alone; the image has a user that is a number
test('it runs as the user of its image', () => {
  const { securityContext, containers } = (template as unknown as { spec: Record<string, object[]> }).spec;
  expect(securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  expect(containers).toEqual([
    expect.objectContaining({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    }),
  ]);
});

test('a version with a pod at least has none, and its Service is as it was', () => {
  expect(versionActivator(file(1).service, revision, image)).toEqual([]);
  expect(endpointLabels(file(1).service, engines)).toEqual(engines);
  expect(activatorPermissions(file(1).service)).toEqual([]);
});

test('the Service of a version that sleeps has the pods of the engine and the activator as endpoints', () => {
  const service = endpointLabels(asleep, engines);
  expect(selects(service, engines)).toBe(true);
  expect(selects(service, template.metadata.labels)).toBe(true);
  // of no other version, and of no other service
  expect(selects(service, { ...engines, 'fairway.dev/revision': 'ffff0000' })).toBe(false);
  expect(selects(service, { ...engines, 'app.kubernetes.io/name': 'other' })).toBe(false);
  expect(template.spec.containers[0].ports[0]).toMatchObject({ name: 'http', containerPort: 9000 });
});

test('nobody takes the activator for a pod of the version, nor its objects for those of one', () => {
  expect(selects(revisionLabels('hello', revision), template.metadata.labels)).toBe(false);
  expect(selects(selector.matchLabels, engines)).toBe(false);
  for (const { metadata } of objects) expect(metadata.labels).toMatchObject(activatorLabels('hello'));
});

test('it may read which pods are ready, and nothing else', () => {
  expect(objects.find(({ kind }) => kind === 'Role')).toMatchObject({
    rules: [{ apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] }],
  });
});

test('how many wait is asked whether or not it takes requests', () => {
  expect(spec('Service')).toMatchObject({ publishNotReadyAddresses: true, ports: [{ port: 9465 }] });
});

test('it holds a request for a whole start', () => {
  const { env } = template.spec.containers[0];
  // a minute for the cluster to show how the last try ended
  expect(env.find(({ name }) => name === 'SECONDS')?.value).toBe(String(100 + 50 + 20 + 60));
});

test('names are no longer than a Service may have them', () => {
  const long = { ...asleep, name: 'a'.repeat(50) };
  const service = versionActivator(long, revision, image).find(({ kind }) => kind === 'Service');
  // RFC 1035, 2.3.4
  expect(service!.metadata.name.length).toBeLessThanOrEqual(63);
});

test('another image takes the place of the one before', async () => {
  const [before] = versionActivator(asleep, revision, `${image}1`).filter(({ kind }) => kind === 'ReplicaSet');
  const [now] = objects.filter(({ kind }) => kind === 'ReplicaSet');
  expect(before!.metadata.name).not.toBe(now!.metadata.name);
  const cluster = { list: async () => [before, now] as KubernetesObject[] };
  expect(await formerActivators(cluster as never, asleep, objects)).toEqual([before]);
});

test('without an image nothing would hold requests', () => {
  expect(() => checkActivator(file(0), '')).toThrow(
    /^fairway\.yaml:10:17: `scaling\.min: 0` needs something that holds the requests .* as the input activator-image/,
  );
  expect(() => checkActivator(file(0), image)).not.toThrow();
  expect(() => checkActivator(file(1), undefined)).not.toThrow();
});

test.each([
  ['mesh: { mtls: istio }', 'pods in a mesh take requests of the gateway alone'],
  ['apply: { by: gitops, folder: ../live }', 'is put beside a version by `deploy` itself'],
  ['workload: { kind: Rollout }', 'it is built for a Deployment and for no Rollout'],
])('with %s a service stays awake', (more, expected) => {
  expect(() => file(0, more)).toThrow(expected);
  expect(() => file(1, more)).not.toThrow();
});
