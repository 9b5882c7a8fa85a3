import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { stringify } from 'yaml';
import { alertmanager } from '@fairway/clients/alertmanager/index';
import type { Alertmanager } from '@fairway/clients/alertmanager/index';
import { applyObjects, connectCluster, revisionLabels, versionName } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { attachArtifact, openRepository, parseRepository, pushImage } from '@fairway/clients/registry/index';
import type { Artifact } from '@fairway/clients/registry/index';
import { openScanner } from '@fairway/clients/scanner/index';
import type { ScanPolicy, Scanner } from '@fairway/clients/scanner/index';
import type { Trust } from '@fairway/clients/sigstore/index';
import { digestOf, mediaTypes, nameImage, openLayout, writeBlob } from '@fairway/image';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { runCommand } from '@fairway/platform/command';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { servingParts } from '@fairway/platform/serving/parts';
import { vulnerabilityParts } from '@fairway/platform/vulnerabilities/parts';
import { loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import type { DeliveryRecord } from '@fairway/stage';
import { signedArtifacts } from '../../actions/push/src/sign.ts';
import { keepAlerts } from '../../actions/rescan/src/alert.ts';
import { rescan } from '../../actions/rescan/src/rescan.ts';
import { startAlertmanager } from '../alertmanager.ts';
import { applyDefinitions, definitionsOf, startBareApiServer, tenant } from '../bare-api-server.ts';
import type { BareApiServer } from '../bare-api-server.ts';
import { startRegistry } from '../registry.ts';
import type { PlainRegistry } from '../registry.ts';
import { serviceFolder } from '../service-folder.ts';

jest.setTimeout(600_000);

const { signal } = new AbortController();
const [name, namespace] = ['served', 'team-served'];
let root: string;
let server: BareApiServer;
let registry: PlainRegistry;
let alerts: Awaited<ReturnType<typeof startAlertmanager>>;
let manager: Alertmanager;
let scanner: Scanner;
let service: Service;
/** Databases of two days. */
let databases: Readonly<Record<'yesterday' | 'today', string>>;
let image: Awaited<ReturnType<typeof pushDebian>>;
let repository: string;

/** DSA-5770-1 fixed both in the same version of expat. */
const fixed = { version: '2.5.0-1+deb12u1', severity: 'HIGH', title: 'Fixed in expat', url: 'https://example.com' };
const policy = (exceptions: ScanPolicy['exceptions'] = []): ScanPolicy => ({
  failOn: 'high',
  exceptions,
  product: name,
  statements: [],
});

beforeAll(async () => {
  const wanted = [...machineParts, ...servingParts('packages'), ...vulnerabilityParts].filter(one =>
    ['kubernetes', 'containers', 'monitoring', 'gateway-definitions', 'trivy', 'vulnerability-database'].includes(
      one.name,
    ),
  );
  const parts = await ensureParts(wanted, {
    folder: partsFolder(platformFolders()),
    signal,
    progress: () => undefined,
  });
  root = await mkdtemp(join(tmpdir(), 'fairway-rescan-'));
  for (const folder of ['server', 'alerts', 'registry']) await mkdir(join(root, folder));
  server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
  const definitions = await definitionsOf(parts.get('gateway-definitions')!);
  await applyDefinitions(
    server.cluster,
    definitions.filter(one => one.metadata.name === 'httproutes.gateway.networking.k8s.io'),
  );
  alerts = await startAlertmanager(
    parts.get('monitoring')!,
    join(root, 'alerts'),
    stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }),
  );
  manager = alertmanager(alerts.url, signal);
  registry = await startRegistry(parts.get('containers')!, join(root, 'registry'));
  repository = `${registry.address}/team/${name}`;
  scanner = await openScanner(join(parts.get('trivy')!, 'trivy'), signal);
  const program = join(parts.get('vulnerability-database')!, 'vulnerability-database');
  const database = async (day: string, known: readonly string[]) => {
    const document = {
      platform: 'debian 12',
      source: 'two advisories',
      url: 'https://security-tracker.debian.org/tracker/',
      updatedAt: `${day}T00:00:00Z`,
      nextUpdate: `${day}T23:00:00Z`,
      fixes: { expat: Object.fromEntries(known.map(id => [id, fixed])) },
    };
    await writeFile(join(root, `${day}.json`), JSON.stringify(document));
    await mkdir(join(root, day));
    await runCommand(program, [join(root, `${day}.json`), join(root, day)], { signal });
    return join(root, day);
  };
  databases = {
    yesterday: await database('2026-01-01', ['CVE-2024-45490']),
    today: await database('2026-01-02', ['CVE-2024-45490', 'CVE-2024-45491']),
  };
  image = await pushDebian();
  service = await loadService(
    await serviceFolder(
      root,
      name,
      `namespace: ${namespace}
model: { name: served, reference: 'hf://team/served@${'0'.repeat(40)}' }
`,
    ),
  );
  await applyObjects(server.cluster, cluster());
});

afterAll(async () => {
  await Promise.all([server?.stop(), alerts?.stop(), registry?.stop()]);
  await rm(root, { recursive: true });
});

test('who may only read is told of what became known since the delivery, and of nothing that no user reaches', async () => {
  const { verdict, reason, images, kept } = await scanned('today');
  expect(verdict).toBe('fail');
  expect(reason).toBe('2 findings of severity high or higher can be fixed, in libexpat1.');
  expect(images).toMatchObject([{ image: `${repository}@${image.digest}`, revisions: ['one'], share: 100 }]);
  expect(images[0]?.scan?.fresh?.map(({ id }) => id)).toEqual(['CVE-2024-45491']);
  expect(kept).toMatchObject([{ revisions: ['before'] }]);
});

test('the SBOM has the findings that the image has', async () => {
  const { findings } = await scanner.scan({
    layout: image.layout.folder,
    digest: image.digest,
    database: databases.today,
    signal,
  });
  const { images } = await scanned('today');
  expect(findings).toHaveLength(2);
  // an SBOM does not say which layer brought a package
  expect(images[0]?.scan?.report.findings).toEqual(findings.map(one => ({ ...one, layer: undefined })));
});

test('an alert is raised, stays while nobody knows, and is resolved', async () => {
  const own = { name, namespace, owner: 'group:team-served' };
  const keep = async (found: Awaited<ReturnType<typeof scanned>>) => keepAlerts(manager, own, found.images, new Date());
  expect(await keep(await scanned('today'))).toEqual({ firing: 1, resolved: 0 });
  const [alert, ...others] = await manager.alerts();
  expect(others).toEqual([]);
  expect(alert).toMatchObject({
    labels: {
      alertname: 'FairwayServedImageVulnerable',
      service: name,
      namespace,
      severity: 'ticket',
      image: image.digest,
    },
    annotations: { description: expect.stringMatching(/ 100 % of the requests\. .* 1 of them became known after/) },
  });

  expect(await keep(await scanned('/nowhere'))).toEqual({ firing: 1, resolved: 0 });
  expect(await manager.alerts()).toMatchObject([{ fingerprint: alert?.fingerprint, startsAt: alert?.startsAt }]);

  const accepted = [{ id: 'CVE-2024-45490', reason: 'it reads no XML', until: '2999-01-01' }];
  const passed = await scanned('yesterday', accepted);
  expect(passed.verdict).toBe('pass');
  expect(await keep(passed)).toEqual({ firing: 0, resolved: 1 });
  await expect(manager.alerts()).resolves.toEqual([]);
});

test('where a signer is named, what it has signed counts and nothing else', async () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const trust = { publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  const unsigned = await scanned('today', [], trust);
  expect(unsigned.verdict).toBe('inconclusive');
  expect(unsigned.reason).toMatch(/^The registry has no SBOM of sha256:\w+ that is signed by whom/);
  const inputs = {
    'signing-key': pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    'signing-passphrase': undefined,
    keyless: false,
    'id-token-url': undefined,
    'id-token-request': undefined,
  };
  const log = { info() {}, warning() {}, annotate() {}, progress() {} };
  const record = { stages: {} } as unknown as DeliveryRecord;
  const { digest, documents } = image;
  await image.attach(await signedArtifacts(inputs, documents, { record, signal, log }, { name, digest }));
  const { verdict, images } = await scanned('today', [], trust);
  expect(verdict).toBe('fail');
  expect(images[0]?.scan?.fresh?.map(({ id }) => id)).toEqual(['CVE-2024-45491']);
});

test('without an SBOM nobody knows what is in an image', async () => {
  const { digest: bare } = await pushDebian('another', false);
  await applyObjects(server.cluster, [version('one', `${repository}@${bare}`)]);
  const { verdict, reason } = await scanned('today');
  await applyObjects(server.cluster, [version('one', `${repository}@${image.digest}`)]);
  expect(verdict).toBe('inconclusive');
  expect(reason).toMatch(/^The registry has no SBOM of sha256:.*Deliver the service again/);
});

async function scanned(day: 'yesterday' | 'today' | '/nowhere', exceptions?: ScanPolicy['exceptions'], trust?: Trust) {
  const reader = await connectCluster({ kubeconfig: server.kubeconfig, context: tenant });
  return rescan(reader, scanner, {
    service,
    policy: policy(exceptions),
    user: { dockerConfig: root },
    trust,
    database: day === '/nowhere' ? day : databases[day],
    now: new Date(),
    signal,
    progress: () => undefined,
  });
}

/** A version that serves, one that is held for going back, one that is not released; and a login that may look at them and nothing else. */
function cluster(): readonly KubernetesObject[] {
  const other = (letter: string) => `${repository}@sha256:${letter.repeat(64)}`;
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'timer', uid: 'a' };
  const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'look' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    version('one', `${repository}@${image.digest}`),
    version('before', other('b'), { ownerReferences: [owner] }),
    version('candidate', other('c')),
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: `${name}-chat`, namespace },
      spec: {
        rules: [
          {
            name: 'serving',
            backendRefs: [
              { name: versionName(name, 'one'), port: 80, weight: 100 },
              { name: versionName(name, 'before'), port: 80, weight: 0 },
              { name: versionName(name, 'candidate'), port: 80, weight: 0 },
            ],
          },
        ],
      },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'look', namespace },
      rules: [
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list'] },
        { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes'], verbs: ['get'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'look', namespace },
      roleRef: role,
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: tenant }],
    },
  ];
}

function version(revision: string, image: string, more: object = {}): KubernetesObject {
  const labels = revisionLabels(name, revision);
  const template = { metadata: { labels }, spec: { containers: [{ name: 'engine', image }] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: versionName(name, revision), namespace, labels, ...more },
    spec: { selector: { matchLabels: labels }, template },
  };
}

/** An image of Debian 12 as far as a scanner looks: what it is, and one package. Its evidence is attached as `push` does it. */
async function pushDebian(comment = '', described = true) {
  const layout = await openLayout(join(root, `image${comment.length}`));
  const files = pack();
  files.entry({ name: 'etc/debian_version' }, '12.5\n');
  files.entry(
    { name: 'var/lib/dpkg/status' },
    'Package: libexpat1\nStatus: install ok installed\nArchitecture: amd64\nSource: expat\nVersion: 2.5.0-1\n\n',
  );
  files.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of files) chunks.push(chunk as Buffer);
  const tar = Buffer.concat(chunks);
  const layer = await writeBlob(layout, mediaTypes.gzipLayer, [gzipSync(tar)]);
  const config = await writeBlob(layout, mediaTypes.config, [
    Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
        history: [{ created_by: comment }],
      }),
    ),
  ]);
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [layer] };
  const descriptor = await writeBlob(layout, mediaTypes.manifest, [Buffer.from(JSON.stringify(manifest))]);
  await nameImage(layout, 'build', descriptor);
  const client = openRepository(parseRepository(repository), {}, signal);
  const { digest } = descriptor;
  await pushImage(client, layout, { digest, tag: digest.slice(-12), progress() {} });
  const { sbom, ...findings } = await scanner.scan({
    layout: layout.folder,
    digest,
    database: databases.yesterday,
    signal,
  });
  const documents = [
    { artifactType: 'application/vnd.cyclonedx+json', content: Buffer.from(sbom), title: 'sbom.cdx.json' },
    {
      artifactType: 'application/vnd.fairway.findings+json',
      content: Buffer.from(JSON.stringify(findings)),
      title: 'findings.json',
    },
  ];
  const attach = async (artifacts: readonly Artifact[]) => {
    for (const artifact of artifacts) await attachArtifact(client, descriptor, artifact);
  };
  if (described) await attach(documents);
  return { layout, digest, documents, attach };
}
