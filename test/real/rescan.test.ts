import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { alertmanager } from '@fairway/clients/alertmanager/index';
import type { Alertmanager } from '@fairway/clients/alertmanager/index';
import { applyObjects, connectCluster } from '@fairway/clients/kubernetes/index';
import type { ScanPolicy } from '@fairway/clients/scanner/index';
import type { Trust } from '@fairway/clients/sigstore/index';
import { loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import type { DeliveryRecord } from '@fairway/stage';
import { signedArtifacts } from '../../actions/push/src/sign.ts';
import { listServed } from '../../actions/list-served/src/list-served.ts';
import { keepAlerts } from '../../actions/raise-alerts/src/alert.ts';
import { readScanned } from '../../actions/raise-alerts/src/results.ts';
import { rescan } from '../../actions/rescan/src/rescan.ts';
import { writeResults } from '../../actions/rescan/src/results.ts';
import { readServed } from '../../actions/rescan/src/served.ts';
import { tenant } from '../bare-api-server.ts';
import { startServedService, version } from '../served-service.ts';
import type { ServedService } from '../served-service.ts';

jest.setTimeout(600_000);

const { signal } = new AbortController();
let served: ServedService;
let manager: Alertmanager;
let service: Service;
const policy = (exceptions: ScanPolicy['exceptions'] = []): ScanPolicy => ({
  failOn: 'high',
  exceptions,
  product: service.name,
  statements: [],
});

beforeAll(async () => {
  served = await startServedService();
  manager = alertmanager(served.alertmanager, signal);
  service = await loadService(served.folder);
});

afterAll(() => served?.stop());

test('who may only read sees what became known since the delivery, and nothing of what no user reaches', async () => {
  const { verdict, reason, images, kept } = await scanned('today');
  expect(verdict).toBe('fail');
  expect(reason).toBe('2 findings of severity high or higher can be fixed, in libexpat1.');
  expect(images).toMatchObject([
    { image: `${served.repository}@${served.image.digest}`, revisions: ['one'], share: 100 },
  ]);
  expect(images[0]?.scan?.fresh?.map(({ id }) => id)).toEqual(['CVE-2024-45491']);
  expect(kept).toMatchObject([{ revisions: ['before'] }]);
});

test('the SBOM has the findings that the image has', async () => {
  const { findings } = await served.scanner.scan({
    layout: served.image.layout.folder,
    digest: served.image.digest,
    database: served.databases.today,
    signal,
  });
  const { images } = await scanned('today');
  expect(findings).toHaveLength(2);
  // an SBOM does not say which layer brought a package
  expect(images[0]?.scan?.report.findings).toEqual(findings.map(one => ({ ...one, layer: undefined })));
});

test('an alert is raised, stays while nobody knows, and is resolved', async () => {
  const { name, namespace } = served;
  const own = { name, namespace, owner: 'group:team-served' };
  const keep = async (found: Awaited<ReturnType<typeof scanned>>) => {
    const results = join(served.root, 'results');
    await writeResults(results, service, '.', found);
    return keepAlerts(manager, own, await readScanned(results), new Date());
  };
  expect(await keep(await scanned('today'))).toEqual({ firing: 1, resolved: 0 });
  const [alert, ...others] = await manager.alerts();
  expect(others).toEqual([]);
  expect(alert).toMatchObject({
    labels: {
      alertname: 'FairwayServedImageVulnerable',
      service: name,
      namespace,
      severity: 'ticket',
      image: served.image.digest,
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
    'vault-address': undefined,
    'vault-token': undefined,
  };
  const log = { info() {}, warning() {}, annotate() {}, progress() {} };
  const record = { stages: {} } as unknown as DeliveryRecord;
  const { digest, documents } = served.image;
  await served.image.attach(
    await signedArtifacts(inputs, documents, { record, signal, log }, { name: served.name, digest }),
  );
  const { verdict, images } = await scanned('today', [], trust);
  expect(verdict).toBe('fail');
  expect(images[0]?.scan?.fresh?.map(({ id }) => id)).toEqual(['CVE-2024-45491']);
});

test('without an SBOM nobody knows what is in an image', async () => {
  const { digest: bare } = await served.push('another', false);
  await applyObjects(served.server.cluster, [version('one', `${served.repository}@${bare}`)]);
  const { verdict, reason } = await scanned('today');
  await applyObjects(served.server.cluster, [version('one', `${served.repository}@${served.image.digest}`)]);
  expect(verdict).toBe('inconclusive');
  expect(reason).toMatch(/^The registry has no SBOM of sha256:.*Deliver the service again/);
});

async function scanned(day: 'yesterday' | 'today' | '/nowhere', exceptions?: ScanPolicy['exceptions'], trust?: Trust) {
  const reader = await connectCluster({ kubeconfig: served.server.kubeconfig, context: tenant });
  const more = { service, signal, progress: () => undefined };
  const list = await listServed(reader, { ...more, login: () => ({ dockerConfig: served.root }), trust });
  // as the job of the scanner gets it
  await writeFile(join(served.root, 'served.json'), JSON.stringify(list));
  return rescan(served.scanner, await readServed(served.root), {
    ...more,
    policy: policy(exceptions),
    database: day === '/nowhere' ? day : served.databases[day],
    now: new Date(),
  });
}
