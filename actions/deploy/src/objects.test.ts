import { engineProfile } from '@fairway/engines';
import type { EngineName } from '@fairway/service/engine-names';
import { strategicMerge } from '@fairway/clients/kubernetes/strategic-merge';
import { parseReference } from './image-reference.ts';
import { claimTemplate } from '@fairway/targets/workload/claims';
import { namespaceObject, podSpec, pullSecret, versionObjects } from './objects.ts';
import { againstSchema } from '../../../test/fixtures/kubernetes-types.ts';
import { tinyService as service } from '../../../test/fixtures/service.ts';
import { revisionOf } from './revision.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const image = `registry.example/hello@${digest}`;

interface Container {
  args: string[];
  command: string[];
  env: { name: string; value: string }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: object;
}

const container = (spec: Record<string, unknown>) => (spec.containers as Container[])[0] as Container;

test('Kubernetes knows every field of a version, and of what versions share', () => {
  const described = service({
    engine: { name: 'vllm' },
    model: { name: 'tiny', path: 'model/tiny' },
    resources: { replicas: 2, gpu: { class: 'nvidia-l4-24gb' } },
    workload: { tolerations: [{ key: 'gpu', operator: 'Exists' }], pullSecrets: ['team'] },
  });
  const profile = engineProfile('vllm');
  const version = versionObjects(
    described,
    profile,
    '1a2b3c4d',
    podSpec(described, profile, image, undefined),
    2,
    undefined,
  );
  const all = [...version, namespaceObject(described, undefined), pullSecret(described, 'registry.example', 'u', 'p')];
  expect(all.map(({ kind }) => kind)).toEqual(['Deployment', 'Service', 'PodDisruptionBudget', 'Namespace', 'Secret']);
  expect(all.flatMap(againstSchema)).toEqual([]);
});

test('pods run without privileges', () => {
  const spec = podSpec(service(), engineProfile('llamacpp'), image, undefined);
  expect(spec).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  });
  expect(container(spec).securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  expect(spec).not.toHaveProperty('imagePullSecrets');
});

// without, getpass.getuser() of Python ends for a number that the image does not know (https://github.com/vllm-project/vllm/issues/44548)
test('the user of a pod has a name and a home, whatever its number', () => {
  expect(container(podSpec(service(), engineProfile('vllm'), image, undefined)).env).toEqual(
    expect.arrayContaining([
      { name: 'HOME', value: '/tmp' },
      { name: 'USER', value: 'serving' },
    ]),
  );
});

test('the engine gets its command and its whole command line', () => {
  const { command, args } = container(podSpec(service(), engineProfile('llamacpp'), image, undefined));
  expect(command).toEqual(['llama-server']);
  expect(args).toEqual(expect.arrayContaining(['--model', '/models/tiny.gguf', '--host', '0.0.0.0', '--port', '8080']));
});

test('a pod outlives its longest stream', () => {
  const spec = podSpec(service({ serving: { contextLength: 1000 } }), engineProfile('llamacpp'), image, undefined);
  expect(spec.terminationGracePeriodSeconds).toBe(300 + 3);
});

test('an engine of several processes has shared memory on processors too, and another has none', () => {
  const onProcessors = service({ engine: { name: 'vllm' }, model: { name: 'tiny', path: 'model/tiny' } });
  const spec = podSpec(onProcessors, engineProfile('vllm'), image, undefined);
  expect(spec['volumes']).toContainEqual({ name: 'shm', emptyDir: { medium: 'Memory' } });
  expect(container(spec)).toMatchObject({ volumeMounts: [{ name: 'tmp' }, { name: 'shm', mountPath: '/dev/shm' }] });
  expect(podSpec(service(), engineProfile('llamacpp'), image, undefined)['volumes']).toHaveLength(1);
});

test('a model that is not in the image comes from a volume, an image or the hub', () => {
  const weights = (engine: EngineName, model: object) =>
    podSpec(
      service({ engine: { name: engine }, model: { name: 'tiny', ...model } }),
      engineProfile(engine),
      image,
      undefined,
    );
  const file = weights('llamacpp', {
    path: 'model/tiny.gguf',
    weights: { from: 'volume', claim: 'models', folder: 'tiny' },
  });
  expect(file['volumes']).toContainEqual({
    name: 'model',
    persistentVolumeClaim: { claimName: 'models', readOnly: true },
  });
  // the file lies in the folder
  const mount = { name: 'model', mountPath: '/models', readOnly: true, subPath: 'tiny' };
  expect(container(file)).toMatchObject({ volumeMounts: expect.arrayContaining([mount]) });

  const artifact = weights('vllm', { path: 'model/tiny', weights: { from: 'artifact', image } });
  expect(artifact['volumes']).toContainEqual({
    name: 'model',
    image: { reference: image, pullPolicy: 'IfNotPresent' },
  });
  expect(container(artifact)).toMatchObject({
    volumeMounts: expect.arrayContaining([{ name: 'model', mountPath: '/models/tiny', readOnly: true }]),
  });

  const reference = `hf://team/tiny@${'0'.repeat(40)}`;
  const hub = weights('vllm', { path: undefined, reference, weights: { from: 'hub', secret: 'hub-token' } });
  expect(hub['volumes']).toContainEqual({ name: 'model', emptyDir: {} });
  expect(container(hub)).toMatchObject({
    env: expect.arrayContaining([
      { name: 'HF_HOME', value: '/downloads' },
      { name: 'HF_TOKEN', valueFrom: { secretKeyRef: { name: 'hub-token', key: 'HF_TOKEN' } } },
    ]),
    volumeMounts: expect.arrayContaining([{ name: 'model', mountPath: '/downloads' }]),
  });
});

test('an adapter with a repository of its own is downloaded before the engine starts, with its own token alone', () => {
  const sql = `hf://team/sql@${'1'.repeat(40)}`;
  const adapted = service({
    engine: { name: 'vllm' },
    model: {
      ...{ name: 'tiny', path: 'model/tiny' },
      adapters: [
        { name: 'legal', path: 'adapters/legal' },
        { name: 'sql', reference: sql, secret: 'sql-token' },
        { name: 'chat', reference: `hf://team/chat@${'2'.repeat(40)}/last` },
      ],
    },
  });
  const spec = podSpec(
    adapted,
    engineProfile('vllm'),
    image,
    undefined,
    undefined,
    'registry.example/services@sha256:1',
  );
  const before = spec['initContainers'] as { name: string; env: object[]; volumeMounts: object[] }[];
  expect(before.map(({ name }) => name)).toEqual(['adapter-1', 'adapter-2']);
  expect(before[0]).toMatchObject({
    image: 'registry.example/services@sha256:1',
    env: [
      { name: 'PULL', value: 'hub' },
      { name: 'REFERENCE', value: sql },
      { name: 'NAME', value: '1'.repeat(40) },
      { name: 'FOLDER', value: '/weights' },
      { name: 'HF_TOKEN', valueFrom: { secretKeyRef: { name: 'sql-token', key: 'HF_TOKEN' } } },
    ],
    volumeMounts: [{ name: 'adapters', mountPath: '/weights' }],
    securityContext: { runAsUser: 65532, readOnlyRootFilesystem: true },
  });
  expect(JSON.stringify(before[1])).not.toContain('HF_TOKEN');
  expect(spec['volumes']).toContainEqual({ name: 'adapters', emptyDir: {} });
  const mount = (at: number, subPath: unknown) => ({
    ...{ name: 'adapters', mountPath: `/adapters/${at}`, readOnly: true, subPath },
  });
  expect(container(spec)).toMatchObject({
    args: expect.arrayContaining(['sql=/adapters/1', 'chat=/adapters/2', 'legal=/models/legal']),
    volumeMounts: expect.arrayContaining([
      mount(1, '1'.repeat(40)),
      mount(2, expect.stringMatching(/^2{40}-[0-9a-f]{12}$/)),
    ]),
  });
  expect(() => podSpec(adapted, engineProfile('vllm'), image, undefined)).toThrow('as the input weights-image');
});

describe('a pod whose model is proved by a list of hashes', () => {
  const hashes = `sha256:${'e'.repeat(64)}`;
  const reference = `hf://team/tiny@${'0'.repeat(40)}`;
  const pod = (weights: object, model: object = { path: 'model/tiny' }) =>
    podSpec(
      service({ engine: { name: 'vllm' }, model: { name: 'tiny', ...model, weights } }),
      engineProfile('vllm'),
      image,
      'hello-registry',
      undefined,
      'registry.example/services@sha256:1',
    );
  const before = (spec: Record<string, unknown>) =>
    (
      spec['initContainers'] as { env: { name: string; value?: string }[]; args: string[]; volumeMounts: object[] }[]
    )[0]!;
  const key = (name: string, optional?: true) => ({
    name,
    valueFrom: { secretKeyRef: { name: 'keys', key: name, ...(optional ? { optional } : {}) } },
  });

  test('gets it from a bucket, with keys that no field shows', () => {
    const spec = pod({
      ...{ from: 'bucket', bucket: 's3://models/tiny', endpoint: 'https://minio.example.com:9000', region: 'here' },
      ...{ secret: 'keys', claim: 'models', hashes },
    });
    const { env, args, volumeMounts } = before(spec);
    expect(args).toEqual(['/services/weights.mjs']);
    expect(
      Object.fromEntries(env.filter(({ value }) => value !== undefined).map(({ name, value }) => [name, value])),
    ).toEqual({
      ...{ BUCKET: 's3://models/tiny', ENDPOINT: 'https://minio.example.com:9000', REGION: 'here' },
      ...{ FOLDER: '/weights', HASHES: hashes, NAME: 'e'.repeat(64) },
    });
    expect(env.filter(({ value }) => value === undefined)).toEqual([
      key('AWS_ACCESS_KEY_ID'),
      key('AWS_SECRET_ACCESS_KEY'),
      key('AWS_SESSION_TOKEN', true),
    ]);
    // the login of the registry is none of its business
    expect(volumeMounts).toEqual([{ name: 'model', mountPath: '/weights' }]);
    const mount = { name: 'model', mountPath: '/models/tiny', readOnly: true, subPath: 'e'.repeat(64) };
    expect(container(spec)).toMatchObject({ volumeMounts: expect.arrayContaining([mount]) });
    expect(spec.securityContext).toMatchObject({ fsGroup: 65532 });
  });

  test('by its own identity where there is no Secret, and by the hashes of its commit', () => {
    const spec = pod({ from: 'bucket', bucket: 's3://models/tiny', hashes: 'hub' }, { reference });
    expect(before(spec).env).toEqual([
      { name: 'BUCKET', value: 's3://models/tiny' },
      { name: 'FOLDER', value: '/weights' },
      { name: 'HASHES', value: 'hub' },
      { name: 'NAME', value: '0'.repeat(40) },
      { name: 'REFERENCE', value: reference },
    ]);
    expect(spec['volumes']).toContainEqual({ name: 'model', emptyDir: {} });
  });

  test('verifies it on the volume, where it notes that, and the engine only reads', () => {
    const spec = pod(
      { from: 'volume', claim: 'models', folder: 'shelf/tiny', hashes: 'hub', secret: 'keys' },
      { reference },
    );
    expect(before(spec).env).toEqual([
      { name: 'ONCE', value: 'true' },
      { name: 'FOLDER', value: '/weights' },
      { name: 'HASHES', value: 'hub' },
      { name: 'NAME', value: '0'.repeat(40) },
      { name: 'REFERENCE', value: reference },
      key('HF_TOKEN'),
    ]);
    expect(before(spec).volumeMounts).toEqual([{ name: 'model', mountPath: '/weights', subPath: 'shelf/tiny' }]);
    expect(spec['volumes']).toContainEqual({ name: 'model', persistentVolumeClaim: { claimName: 'models' } });
    const mount = { name: 'model', mountPath: '/models/tiny', readOnly: true, subPath: 'shelf/tiny' };
    expect(container(spec)).toMatchObject({ volumeMounts: expect.arrayContaining([mount]) });
    // files of a volume that others have keep their group
    expect(spec.securityContext).not.toHaveProperty('fsGroup');
  });

  test('leaves a volume as it is where it says so', () => {
    const spec = pod({ from: 'volume', claim: 'models', hashes, verify: 'always' });
    expect(before(spec).env[0]).toEqual({ name: 'ONCE', value: 'false' });
    expect(before(spec).volumeMounts).toEqual([{ name: 'model', mountPath: '/weights', readOnly: true }]);
    expect(spec['volumes']).toContainEqual({
      name: 'model',
      persistentVolumeClaim: { claimName: 'models', readOnly: true },
    });
  });

  test('is a pod as the API describes it', () => {
    const specs = [
      pod({ from: 'bucket', bucket: 's3://models/tiny', secret: 'keys', claim: 'models', hashes }),
      pod({ from: 'volume', claim: 'models', folder: 'tiny', hashes }),
    ];
    const described = service({ engine: { name: 'vllm' }, model: { name: 'tiny', path: 'model/tiny' } });
    for (const spec of specs)
      expect(
        versionObjects(described, engineProfile('vllm'), '1a2b3c4d', spec, 1, undefined).flatMap(againstSchema),
      ).toEqual([]);
  });

  test('is another version with other hashes', () => {
    const weights = { from: 'bucket', bucket: 's3://models/tiny' };
    expect(pod({ ...weights, hashes })).not.toEqual(pod({ ...weights, hashes: hashes.replaceAll('e', 'f') }));
  });
});

describe('a pod that pulls its model itself', () => {
  const weights = { from: 'artifact', image, pull: 'init' };
  const pod = (more: object, secret?: string) =>
    podSpec(
      service({
        engine: { name: 'vllm' },
        model: { name: 'tiny', path: 'model/tiny', weights: { ...weights, ...more } },
      }),
      engineProfile('vllm'),
      image,
      secret,
      undefined,
      'registry.example/services@sha256:1',
    );
  const hex = image.split('@sha256:')[1];

  test('has a container before the engine that Pod Security takes as restricted, and the engine only reads', () => {
    const spec = pod({ folder: 'q4' }, 'hello-registry');
    expect(spec['initContainers']).toMatchObject([
      {
        args: ['/services/weights.mjs'],
        env: expect.arrayContaining([{ name: 'IMAGE', value: image }]),
        volumeMounts: [
          { name: 'model', mountPath: '/weights' },
          { name: 'login', mountPath: '/login', readOnly: true },
        ],
        // https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
        securityContext: { runAsUser: 65532, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ]);
    expect(spec['volumes']).toEqual(
      expect.arrayContaining([
        { name: 'model', emptyDir: {} },
        {
          name: 'login',
          projected: {
            sources: [
              {
                secret: {
                  name: 'hello-registry',
                  optional: true,
                  items: [{ key: '.dockerconfigjson', path: '0/config.json' }],
                },
              },
            ],
          },
        },
      ]),
    );
    const mount = { name: 'model', mountPath: '/models/tiny', readOnly: true, subPath: `${hex}/q4` };
    expect(container(spec)).toMatchObject({ volumeMounts: expect.arrayContaining([mount]) });
    expect(spec.securityContext).not.toHaveProperty('fsGroup');
  });

  test('puts it on a claim that others find it on, which its group may write', () => {
    const spec = pod({ claim: 'models' });
    expect(spec['volumes']).toContainEqual({ name: 'model', persistentVolumeClaim: { claimName: 'models' } });
    expect(spec['volumes']).not.toContainEqual(expect.objectContaining({ name: 'login' }));
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, fsGroup: 65532 });
  });
});

test('a GPU is asked for by its class', () => {
  const spec = podSpec(
    service({ resources: { gpu: { class: 'nvidia-h100-80gb', count: 2 } } }),
    engineProfile('vllm'),
    image,
    undefined,
  );
  expect(container(spec).resources.limits).toEqual({ memory: '512Mi', 'nvidia.com/gpu': '2' });
  expect(JSON.stringify(spec.affinity)).toContain('NVIDIA-H100-80GB-HBM3');
  expect(spec.tolerations).toEqual([
    { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
    { key: 'sku', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' },
  ]);
});

// fields: https://kubernetes.io/docs/tasks/configure-pod-container/assign-resources/allocate-devices-dra
test('GPUs are claimed of a DeviceClass, by a template of the version, in place of a resource of the node', () => {
  const gpu = { class: 'nvidia-h100-80gb', count: 2, deviceClass: 'gpu.nvidia.com' };
  const asking = service({ resources: { gpu } });
  const spec = podSpec(asking, engineProfile('vllm'), image, undefined);
  expect(container(spec).resources).toEqual({
    requests: { cpu: '500m', memory: '512Mi' },
    limits: { memory: '512Mi' },
    claims: [{ name: 'gpus' }],
  });
  // which product it is, the labels of the node say
  expect(JSON.stringify(spec.affinity)).toContain('NVIDIA-H100-80GB-HBM3');
  const [workload] = versionObjects(asking, engineProfile('vllm'), '1a2b3c4d', spec, 1, undefined);
  expect(workload).toMatchObject({
    spec: {
      template: { spec: { resourceClaims: [{ name: 'gpus', resourceClaimTemplateName: 'hello-1a2b3c4d' }] } },
    },
  });
  const request = { deviceClassName: 'gpu.nvidia.com', allocationMode: 'ExactCount', count: 2 };
  expect(claimTemplate(asking, '1a2b3c4d')).toMatchObject([
    {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaimTemplate',
      metadata: { name: 'hello-1a2b3c4d', namespace: 'hello' },
      spec: { spec: { devices: { requests: [{ name: 'gpus', exactly: request }] } } },
    },
  ]);
  const instance = { ...gpu, count: 1, deviceClass: 'mig.nvidia.com', mig: { profile: '3g.40gb' } };
  expect(JSON.stringify(claimTemplate(service({ resources: { gpu: instance } }), '1a2b3c4d'))).toContain(
    JSON.stringify({ expression: 'device.attributes["gpu.nvidia.com"].profile == "3g.40gb"' }),
  );
  expect(claimTemplate(service({ resources: { gpu: { class: 'nvidia-h100-80gb' } } }), '1a2b3c4d')).toEqual([]);
});

test.each([
  [1, ['Deployment', 'Service']],
  [2, ['Deployment', 'Service', 'PodDisruptionBudget']],
])('%d replicas', (replicas, kinds) => {
  const objects = versionObjects(
    service({ resources: { replicas } }),
    engineProfile('llamacpp'),
    '1a2b3c4d',
    {},
    replicas,
    undefined,
  );
  expect(objects.map(object => object.kind)).toEqual(kinds);
  expect(new Set(objects.map(object => object.metadata.name))).toEqual(new Set(['hello-1a2b3c4d']));
});

test('a pod that is drained leaves the Service and stays a pod of its version', () => {
  type Selecting = { spec: { selector: Record<string, string> & { matchLabels: Record<string, string> } } };
  const [deployment, cluster] = versionObjects(
    service(),
    engineProfile('llamacpp'),
    '1a2b3c4d',
    {},
    1,
    undefined,
  ) as unknown as [Selecting & { spec: { template: { metadata: { labels: Record<string, string> } } } }, Selecting];
  const { labels } = deployment.spec.template.metadata;
  const selects = (selector: Record<string, string>, of: Record<string, string>) =>
    Object.entries(selector).every(([name, value]) => of[name] === value);
  expect(selects(cluster.spec.selector, labels)).toBe(true);
  const drained = { ...labels, 'fairway.dev/serving': 'false' };
  expect(selects(deployment.spec.selector.matchLabels, drained)).toBe(true);
  expect(selects(cluster.spec.selector, drained)).toBe(false);
});

test('an engine without metrics is not scraped', () => {
  const [deployment] = versionObjects(service(), engineProfile('transformers'), '1a2b3c4d', {}, 1, undefined);
  expect(JSON.stringify(deployment)).toContain('"prometheus.io/scrape":"false"');
});

test("somebody else's namespace only gets the gateway's label", () => {
  const foreign = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'hello' } };
  expect(namespaceObject(service(), foreign).metadata.labels).toEqual({ 'fairway.dev/gateway': 'allowed' });
  expect(namespaceObject(service(), undefined).metadata.labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  });
});

test('the pull secret is what the runtime reads', () => {
  const secret = pullSecret(service(), 'registry.example', 'user', 'pass') as unknown as {
    data: Record<string, string>;
  };
  const config = JSON.parse(Buffer.from(secret.data['.dockerconfigjson'] ?? '', 'base64').toString()) as object;
  expect(config).toEqual({
    auths: { 'registry.example': { username: 'user', password: 'pass', auth: 'dXNlcjpwYXNz' } },
  });
});

test('another image, other arguments and other replicas are other versions', () => {
  const spec = podSpec(service(), engineProfile('llamacpp'), image, undefined);
  const revisions = [
    revisionOf(digest, spec, 1),
    revisionOf(`sha256:${'1'.repeat(64)}`, spec, 1),
    revisionOf(digest, { ...spec, containers: [] }, 1),
    revisionOf(digest, spec, 2),
  ];
  expect(new Set(revisions).size).toBe(4);
  expect(revisions[0]).toBe(revisionOf(digest, podSpec(service(), engineProfile('llamacpp'), image, undefined), 1));
  expect(revisions[0]).toMatch(/^[0-9a-f]{8}$/);
});

test.each(['hello:latest', 'registry.example/hello:1', digest])(
  '%s is refused: it has no registry and digest',
  reference => {
    expect(() => parseReference(reference)).toThrow(/must be registry\/repository@sha256/);
  },
);

test('a member of a mesh is reached by its proxy alone', () => {
  const meshed = service({ mesh: { mtls: 'istio' } });
  const mesh = { gateway: 'cluster.local/ns/a/sa/b', interception: 'none', revision: 'canary' } as const;
  const spec = podSpec(meshed, engineProfile('llamacpp'), image, undefined, mesh);
  const engine = container(spec) as Container & { ports: { name: string; containerPort: number }[] };
  expect(engine.args.join(' ')).toContain('--host 127.0.0.1 --port 8080');
  expect(engine.ports).toEqual([{ name: 'http', containerPort: 8443, protocol: 'TCP' }]);
  expect(engine).toMatchObject({
    readinessProbe: { httpGet: { port: 8080 } },
    livenessProbe: { tcpSocket: { port: 8080 } },
  });
  const [deployment] = versionObjects(meshed, engineProfile('llamacpp'), '1a2b3c4d', spec, 1, mesh);
  const { selector, template } = (
    deployment as unknown as { spec: { selector: object; template: { metadata: object } } }
  ).spec;
  expect(template.metadata).toMatchObject({
    labels: { 'sidecar.istio.io/inject': 'true', 'istio.io/rev': 'canary' },
    annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' },
  });
  expect(JSON.stringify(selector)).not.toContain('istio');
});

// https://istio.io/latest/docs/ambient/usage/add-workloads/
test('in a mesh without sidecars the engine is where it always is, and the pod asks for no proxy of its own', () => {
  const meshed = service({ mesh: { mtls: 'istio' } });
  const mesh = { gateway: 'cluster.local/ns/a/sa/b', interception: 'ambient' } as const;
  const spec = podSpec(meshed, engineProfile('llamacpp'), image, undefined, mesh);
  expect(spec).toEqual(podSpec(service(), engineProfile('llamacpp'), image, undefined));
  const [deployment] = versionObjects(meshed, engineProfile('llamacpp'), '1a2b3c4d', spec, 1, mesh);
  const { metadata } = (deployment as unknown as { spec: { template: { metadata: Record<string, object> } } }).spec
    .template;
  expect(metadata['labels']).toMatchObject({
    'istio.io/dataplane-mode': 'ambient',
    'istio.io/use-waypoint': 'none',
    'sidecar.istio.io/inject': 'false',
  });
  expect(Object.keys(metadata['annotations']!)).not.toContainEqual(expect.stringContaining('istio'));
});

test('a model that loads for twenty minutes is given the time, and nothing kills it meanwhile', () => {
  const slow = service({ startup: { seconds: 1200, schedulingSeconds: 900, pullSeconds: 3600 } });
  const profile = engineProfile('llamacpp');
  const spec = podSpec(slow, profile, image, undefined);
  // a startup probe holds the liveness probe back, and kills after periodSeconds × failureThreshold
  const { startupProbe } = container(spec) as unknown as {
    startupProbe: { periodSeconds: number; failureThreshold: number };
  };
  expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(1200);
  const [deployment] = versionObjects(slow, profile, '01234567', spec, 1, undefined);
  expect(deployment?.['spec']).toMatchObject({ progressDeadlineSeconds: expect.any(Number) });
  const { progressDeadlineSeconds } = deployment?.['spec'] as { progressDeadlineSeconds: number };
  expect(progressDeadlineSeconds).toBeGreaterThanOrEqual(900 + 3600 + 1200);
});

test('the pods go where workload says, beside what their GPU class says', () => {
  const placed = service({
    resources: { gpu: { class: 'nvidia-h100-80gb' } },
    workload: {
      serviceAccount: 'cloud-identity',
      pullSecrets: ['team-registry'],
      queue: 'llm',
      priorityClass: 'serving',
      runtimeClass: 'nvidia',
      nodeSelector: { pool: 'h100' },
      tolerations: [{ key: 'team', value: 'llm', effect: 'NoSchedule' }],
      patches: [{ kind: 'Deployment', spec: { template: { spec: { dnsPolicy: 'None' } } } }],
    },
  });
  const spec = podSpec(placed, engineProfile('vllm'), image, 'hello-registry');
  expect(spec).toMatchObject({
    serviceAccountName: 'cloud-identity',
    imagePullSecrets: [{ name: 'hello-registry' }, { name: 'team-registry' }],
    priorityClassName: 'serving',
    runtimeClassName: 'nvidia',
  });
  expect(spec.nodeSelector).toEqual({ pool: 'h100' });
  expect(spec.tolerations).toContainEqual({ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' });
  expect(spec.tolerations).toContainEqual({ key: 'team', operator: 'Equal', value: 'llm', effect: 'NoSchedule' });
  const [deployment] = versionObjects(placed, engineProfile('vllm'), '1a2b3c4d', spec, 1, undefined);
  const queue = { 'kueue.x-k8s.io/queue-name': 'llm' };
  expect(deployment).toMatchObject({
    metadata: { labels: queue },
    spec: { template: { metadata: { labels: queue }, spec: { dnsPolicy: 'None' } } },
  });
});

test('pods without a GPU go to Linux, also where nodes with Windows have no taint', () => {
  const nodeSelector = { pool: 'cpu' };
  const spec = podSpec(service({ workload: { nodeSelector } }), engineProfile('llamacpp'), image, undefined);
  expect(spec).toMatchObject({ nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'cpu' } });
});

test('several nodes: the first answers, the others have the same engine with a rank of their own', () => {
  const several = service({
    engine: { name: 'vllm', arguments: ['--enforce-eager'] },
    model: { name: 'large', reference: `hf://team/large@${'0'.repeat(40)}` },
    resources: { replicas: 2, gpu: { class: 'nvidia-h100-80gb', count: 8 } },
    workload: { kind: 'LeaderWorkerSet', nodes: 2, queue: 'llm' },
  });
  const profile = engineProfile('vllm');
  const spec = podSpec(several, profile, image, undefined);
  const [set, cluster] = versionObjects(several, profile, '1a2b3c4d', spec, 2, undefined);
  interface Template {
    metadata: { labels: Record<string, string> };
    spec: { containers: Container[] };
  }
  const { leaderWorkerTemplate, ...rest } = set?.['spec'] as {
    leaderWorkerTemplate: { size: number; leaderTemplate: Template; workerTemplate: Template };
  };
  const { size, leaderTemplate, workerTemplate } = leaderWorkerTemplate;
  // Kueue leaves pods alone that have the label: pkg/controller/jobs/leaderworkerset/leaderworkerset_pod_reconciler.go
  expect(set?.metadata.labels).toMatchObject({ 'kueue.x-k8s.io/queue-name': 'llm' });
  for (const { metadata } of [leaderTemplate, workerTemplate])
    expect(metadata.labels).not.toHaveProperty(['kueue.x-k8s.io/queue-name']);
  expect({ size, ...rest }).toMatchObject({
    size: 2,
    replicas: 2,
    networkConfig: { subdomainPolicy: 'UniquePerReplica' },
  });
  // the names of variables are those of the controller's API
  const args = [leaderTemplate, workerTemplate].map(({ spec: { containers } }) => containers[0]!.args.join(' '));
  const same =
    /^\/models\/large .* --pipeline-parallel-size 2 --enforce-eager --distributed-executor-backend mp --nnodes 2/;
  for (const one of args) expect(one).toMatch(same);
  expect(args[0]).toMatch(/ --node-rank 0 --master-addr \$\(LWS_LEADER_ADDRESS\)$/);
  expect(args[1]).toMatch(/ --node-rank \$\(LWS_WORKER_INDEX\) --master-addr \$\(LWS_LEADER_ADDRESS\) --headless$/);
  expect(workerTemplate.spec.containers[0]).not.toHaveProperty('readinessProbe');
  expect(workerTemplate.spec.containers[0]).toMatchObject({ resources: { limits: { 'nvidia.com/gpu': '8' } } });
  const { selector } = cluster?.['spec'] as { selector: Record<string, string> };
  const reached = ({ metadata: { labels } }: Template) =>
    Object.entries(selector).every(([name, value]) => labels[name] === value);
  expect([leaderTemplate, workerTemplate].map(reached)).toEqual([true, false]);
});

describe('a version of an LLMInferenceService', () => {
  // what `kserve-config-llm-template` of KServe 0.20 has of a pod (config/llmisvcconfig/config-llm-template.yaml), over which its controller merges ours
  const asked = { path: '/health', port: 8000, scheme: 'HTTPS' };
  const base = {
    terminationGracePeriodSeconds: 60,
    containers: [
      {
        name: 'main',
        image: 'ghcr.io/llm-d/llm-d-cuda:v0.8.0',
        ports: [{ containerPort: 8000, protocol: 'TCP' }],
        command: ['/bin/bash', '-c', 'eval "exec vllm serve /mnt/models"', '--'],
        env: ['HOME', 'VLLM_LOGGING_LEVEL', 'HF_HUB_CACHE'].map(name => ({ name, value: 'of the base' })),
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: false, runAsNonRoot: true },
        lifecycle: { preStop: { exec: { command: ['/bin/sleep', '15'] } } },
        livenessProbe: { httpGet: asked, periodSeconds: 10, timeoutSeconds: 1, failureThreshold: 10 },
        readinessProbe: { httpGet: asked, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 2 },
        startupProbe: { httpGet: asked, failureThreshold: 60, periodSeconds: 10 },
        volumeMounts: [
          { mountPath: '/tmp', name: 'tmp-dir' },
          { mountPath: '/models', name: 'model-cache' },
          { mountPath: '/var/run/kserve/tls', name: 'tls-certs', readOnly: true },
        ],
      },
    ],
    volumes: ['tmp-dir', 'model-cache', 'tls-certs'].map(name => ({ name, emptyDir: {} })),
  };

  interface Probe {
    httpGet: { path: string; port: unknown; scheme: string };
  }
  type Main = Container & {
    name: string;
    image: string;
    env: { name: string; value: string }[];
    volumeMounts: { name: string; mountPath: string }[];
    lifecycle: { preStop: object };
  } & Record<'livenessProbe' | 'readinessProbe' | 'startupProbe', Probe>;

  interface Spec {
    model: object;
    labels: Record<string, string>;
    storageInitializer: object;
    template: { containers: Main[]; volumes: object[] };
  }

  const version = (more: object = {}) => {
    const described = service({ workload: { kind: 'LLMInferenceService' }, ...more });
    const profile = engineProfile(described.engine.name);
    const spec = podSpec(described, profile, image, undefined, undefined, 'registry.example/services@sha256:1');
    const [workload, cluster] = versionObjects(described, profile, '1a2b3c4d', spec, 1, undefined);
    return { spec: workload?.['spec'] as Spec, selector: (cluster?.['spec'] as { selector: object }).selector };
  };

  test('is the engine and no other once KServe has merged it over its base configuration', () => {
    const { spec } = version();
    const pod = strategicMerge(base, spec.template) as unknown as Spec['template'];
    expect(pod.containers).toHaveLength(1);
    const [main] = pod.containers as [Main];
    expect(main).toMatchObject({ image, command: ['llama-server'], securityContext: { readOnlyRootFilesystem: true } });
    expect(main.env.filter(({ value }) => value === 'of the base').map(({ name }) => name)).toEqual([
      'VLLM_LOGGING_LEVEL',
    ]);
    // the API server takes one handler only
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
      expect(main[probe].httpGet).toEqual({ path: '/health', port: 'http', scheme: 'HTTP' });
      expect(main[probe]).not.toHaveProperty('tcpSocket');
    }
    expect(main.lifecycle.preStop).toEqual({ exec: { command: ['sleep', '3'] } });
    // a mount hides what the image has there, so it is the folder of the image again
    expect(main.volumeMounts).toContainEqual({
      name: 'model',
      mountPath: '/models',
      readOnly: true,
      subPath: 'models',
    });
    expect(pod.volumes).toContainEqual({ name: 'model', image: { reference: image, pullPolicy: 'IfNotPresent' } });
  });

  test('has no route of its own, and its Service selects the labels that its pods get', () => {
    const { spec, selector } = version();
    expect(spec).not.toHaveProperty('router');
    expect(spec).toMatchObject({ replicas: 1, storageInitializer: { enabled: false } });
    expect(selector).toEqual(spec.labels);
    // its controller puts these into the selector of the Deployment too, which a pod that is to go would leave
    expect(selector).not.toHaveProperty('fairway.dev/serving');
  });

  const reference = `hf://team/large@${'0'.repeat(40)}`;

  test.each([
    [{ path: 'model/tiny.gguf' }, `oci://${image}`],
    [{ reference, weights: { from: 'hub' } }, reference],
    [{ reference, weights: { from: 'bucket', bucket: 's3://models/large', hashes: 'hub' } }, 's3://models/large'],
    [{ reference, weights: { from: 'volume', claim: 'models', folder: 'large' } }, 'pvc://models/large'],
    [
      { reference, weights: { from: 'artifact', image: `registry.example/m@${digest}` } },
      `oci://registry.example/m@${digest}`,
    ],
  ])('names the model %j by %s', (model, uri) => {
    const { spec } = version({ engine: { name: 'vllm' }, model: { name: 'large', ...model } });
    expect(spec.model).toEqual({ name: 'large', uri });
  });

  test('downloads to where its volume is', () => {
    const { spec } = version({
      engine: { name: 'vllm' },
      model: { name: 'large', reference, weights: { from: 'hub' } },
    });
    expect(spec.template.containers[0]?.env).toContainEqual({ name: 'HF_HUB_CACHE', value: '/downloads/hub' });
  });

  test('stays as it is where its controller reads it as a template', () => {
    const { spec } = version({ engine: { name: 'llamacpp', arguments: ['--chat-template', '{{ .Spec }}'] } });
    // text/template of Go: an action that is a raw string comes to that string
    expect(spec.template.containers[0]?.args).toContain('{{`{{`}} .Spec }}');
  });
});

test('a Rollout has no steps: a release of Fairway moves the users', () => {
  const [found] = versionObjects(
    service({ workload: { kind: 'Rollout' } }),
    engineProfile('llamacpp'),
    '1a2b3c4d',
    {},
    1,
    undefined,
  );
  expect(found).toMatchObject({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' });
  expect(JSON.stringify(found)).not.toContain('steps');
});
