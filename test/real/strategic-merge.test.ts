import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { strategicMerge } from '@fairway/clients/kubernetes/strategic-merge';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';

let kubectl: string;
let folder: string;

beforeAll(async () => {
  const wanted = machineParts.filter(({ name }) => name === 'kubernetes');
  const signal = new AbortController().signal;
  const made = await ensureParts(wanted, { folder: partsFolder(platformFolders()), signal, progress: () => undefined });
  kubectl = join(made.get('kubernetes') ?? '', 'kubectl');
  folder = await mkdtemp(join(tmpdir(), 'fairway-merge-'));
}, 600_000);
afterAll(() => rm(folder, { recursive: true }));

const container = {
  name: 'engine',
  image: 'registry.example/a',
  args: ['--port', '8080'],
  env: [
    { name: 'HOME', value: '/tmp' },
    { name: 'HF_HOME', value: '/tmp/hub' },
  ],
  ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } },
};
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a', namespace: 'b', labels: { app: 'a' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'a' } },
    template: {
      metadata: { labels: { app: 'a' }, annotations: { one: '1' } },
      spec: {
        tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }],
        containers: [container],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      },
    },
  },
};
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'a', namespace: 'b' },
  spec: { selector: { app: 'a' }, ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }] },
};

const pod = (spec: object) => ({ spec: { template: { spec } } });

test.each([
  ['a field more', deployment, pod({ priorityClassName: 'high', dnsConfig: { options: [{ name: 'ndots' }] } })],
  ['a list without a key', deployment, pod({ tolerations: [{ key: 'team', operator: 'Exists' }] })],
  ['arguments', deployment, pod({ containers: [{ name: 'engine', args: ['--help'] }] })],
  [
    'a variable changed, one gone, one more',
    deployment,
    pod({
      containers: [
        {
          name: 'engine',
          env: [
            { name: 'HOME', value: '/home' },
            { name: 'HF_HOME', $patch: 'delete' },
            { name: 'NCCL_DEBUG', value: 'INFO' },
          ],
        },
      ],
    }),
  ],
  [
    'a sidecar with its volume',
    deployment,
    pod({
      containers: [{ name: 'side', image: 'registry.example/b', volumeMounts: [{ name: 'more', mountPath: '/more' }] }],
      volumes: [{ name: 'more', emptyDir: { medium: 'Memory' } }],
    }),
  ],
  ['a limit that goes', deployment, pod({ containers: [{ name: 'engine', resources: { limits: null } }] })],
  [
    'a map in place of another',
    deployment,
    pod({
      containers: [{ name: 'engine', resources: { $patch: 'replace', requests: { cpu: '2' } } }],
    }),
  ],
  [
    'a whole list in place of another',
    deployment,
    pod({ volumes: [{ $patch: 'replace' }, { name: 'new', emptyDir: {} }] }),
  ],
  [
    'a label of the template and one of the object',
    deployment,
    {
      metadata: { labels: { team: 'a' } },
      spec: { template: { metadata: { annotations: { one: null, two: '2' } } } },
    },
  ],
  [
    'a port of a Service',
    service,
    {
      spec: {
        ports: [
          { port: 81, name: 'more' },
          { port: 80, appProtocol: 'http' },
        ],
      },
    },
  ],
])('%s is merged as kubectl merges it', async (_what, object, patch) => {
  const file = join(folder, 'object.json');
  await writeFile(file, JSON.stringify(object));
  const given = ['patch', '--local', '--filename', file, '--type', 'strategic', '--patch', JSON.stringify(patch)];
  const { stdout } = await promisify(execFile)(kubectl, [...given, '--output', 'json']);
  expect(unordered(strategicMerge(object, patch))).toEqual(unordered(JSON.parse(stdout)));
});

/** kubectl puts what is new before what was there; nothing depends on the order of these lists. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(unordered);
    const keyed = items.every(item => typeof item === 'object');
    return keyed ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, item]) => [name, unordered(item)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
