import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { applyObjects, revisionLabels, versionName } from '@fairway/clients/kubernetes/index';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { attachArtifact, openRepository, parseRepository, pushImage } from '@fairway/clients/registry/index';
import type { Artifact } from '@fairway/clients/registry/index';
import { openScanner } from '@fairway/clients/scanner/index';
import type { Scanner } from '@fairway/clients/scanner/index';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { runCommand } from '@fairway/platform/command';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { servingParts } from '@fairway/platform/serving/parts';
import { vulnerabilityParts } from '@fairway/platform/vulnerabilities/parts';
import { startAlertmanager } from './alertmanager.ts';
import { applyDefinitions, definitionsOf, startBareApiServer, tenant } from './bare-api-server.ts';
import type { BareApiServer } from './bare-api-server.ts';
import { imageOfFiles } from './image-of-files.ts';
import { startRegistry } from './registry.ts';
import { serviceFolder } from './service-folder.ts';

const { signal } = new AbortController();
const [name, namespace] = ['served', 'team-served'];

/** DSA-5770-1 fixed both in the same version of expat. */
const fixed = { version: '2.5.0-1+deb12u1', severity: 'HIGH', title: 'Fixed in expat', url: 'https://example.com' };

/** A service of which a cluster says that its image has users; nobody runs its pods. */
export interface ServedService {
  readonly name: string;
  readonly namespace: string;
  /** With fairway.yaml alone. */
  readonly folder: string;
  readonly root: string;
  readonly server: BareApiServer;
  /** Path of Trivy. */
  readonly trivy: string;
  readonly scanner: Scanner;
  /** Vulnerability databases of two days, the second of which knows one vulnerability more. */
  readonly databases: Readonly<Record<'yesterday' | 'today', string>>;
  readonly alertmanager: string;
  /** Repository of its images, in a registry that asks for no login. */
  readonly repository: string;
  /** What serves, scanned with the database of yesterday. */
  readonly image: DescribedImage;
  /** Pushes another image. */
  push(comment: string, described: boolean): Promise<DescribedImage>;
  stop(): Promise<void>;
}

export type DescribedImage = Awaited<ReturnType<typeof pushDebian>>;

/** Starts an API server, a registry and an Alertmanager, all of them real, and puts into them what a delivery would have left there. */
export async function startServedService(): Promise<ServedService> {
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
  const root = await mkdtemp(join(tmpdir(), 'fairway-rescan-'));
  for (const folder of ['server', 'alerts', 'registry']) await mkdir(join(root, folder));
  const server = await startBareApiServer(parts.get('kubernetes')!, join(root, 'server'));
  const definitions = await definitionsOf(parts.get('gateway-definitions')!);
  await applyDefinitions(
    server.cluster,
    definitions.filter(one => one.metadata.name === 'httproutes.gateway.networking.k8s.io'),
  );
  const alerts = await startAlertmanager(
    parts.get('monitoring')!,
    join(root, 'alerts'),
    stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }),
  );
  const registry = await startRegistry(parts.get('containers')!, join(root, 'registry'));
  const repository = `${registry.address}/team/${name}`;
  const trivy = join(parts.get('trivy')!, 'trivy');
  const scanner = await openScanner(trivy, signal);
  const program = join(parts.get('vulnerability-database')!, 'vulnerability-database');
  const databaseOf = async (day: string, known: readonly string[]) => {
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
  const databases = {
    yesterday: await databaseOf('2026-01-01', ['CVE-2024-45490']),
    today: await databaseOf('2026-01-02', ['CVE-2024-45490', 'CVE-2024-45491']),
  };
  const push = (comment: string, described: boolean) =>
    pushDebian({ root, repository, scanner, database: databases.yesterday }, comment, described);
  const image = await push('first', true);
  await applyObjects(server.cluster, clusterObjects(repository, image.digest));
  const model = `model: { name: served, reference: 'hf://team/served@${'0'.repeat(40)}' }`;
  const folder = await serviceFolder(root, name, `namespace: ${namespace}\n${model}\n`);
  return {
    ...{ name, namespace, folder, root, server, trivy, scanner, databases, repository, image, push },
    alertmanager: alerts.url,
    async stop() {
      await Promise.all([server.stop(), alerts.stop(), registry.stop()]);
      await rm(root, { recursive: true });
    },
  };
}

interface PushInto {
  readonly root: string;
  readonly repository: string;
  readonly scanner: Scanner;
  readonly database: string;
}

/** A version that serves, one that is held for going back, one that is not released; and a login that may look at them and nothing else. */
function clusterObjects(repository: string, digest: string): readonly KubernetesObject[] {
  const other = (letter: string) => `${repository}@sha256:${letter.repeat(64)}`;
  const owner = { apiVersion: 'batch/v1', kind: 'Job', name: 'timer', uid: 'a' };
  const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'look' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    version('one', `${repository}@${digest}`),
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

export function version(revision: string, image: string, more: object = {}): KubernetesObject {
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
async function pushDebian({ root, repository, scanner, database }: PushInto, comment: string, described: boolean) {
  const files = {
    'etc/debian_version': '12.5\n',
    'var/lib/dpkg/status':
      'Package: libexpat1\nStatus: install ok installed\nArchitecture: amd64\nSource: expat\nVersion: 2.5.0-1\n\n',
  };
  const { layout, descriptor } = await imageOfFiles(join(root, `image-${comment}`), files, comment);
  const client = openRepository(parseRepository(repository), {}, signal);
  const { digest } = descriptor;
  await pushImage(client, layout, { digest, tag: digest.slice(-12), progress() {} });
  const { sbom, ...findings } = await scanner.scan({
    layout: layout.folder,
    digest,
    database,
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
