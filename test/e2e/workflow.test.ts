import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRecord, stageOrder, type DeliveryRecord } from '@fairway/stage';
import { askGateway } from './ask.ts';
import { removeService } from '../remove-service.ts';
import { accessToken, platform } from './platform.ts';
import { inputLines, workflowRepository, type WorkflowRepository } from './workflow-repository.ts';

jest.setTimeout(30 * 60_000);

const name = 'hello-workflow';
const hostname = `${name}.test`;

/** What another scanner found in the built image; nothing here knows a fix. */
const otherReport = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  components: [
    { 'bom-ref': 'own', type: 'library', name: 'own-codec', version: '1.0', purl: 'pkg:generic/own-codec@1.0' },
  ],
  vulnerabilities: [{ id: 'CVE-2026-99999', ratings: [{ severity: 'high' }], affects: [{ ref: 'own' }] }],
};

/** deliver.yml called from a repository, as a user calls it; act is the runner and this machine its host. */
let repository: WorkflowRepository;
let log: string;
let record: DeliveryRecord;
let secrets: Readonly<Record<string, string>>;

beforeAll(async () => {
  repository = await workflowRepository(name, { 'caller.yml': caller() });
  secrets = await readSecrets();
  const report = join(repository.folder, 'report');
  log = await repository.run('push', 'caller.yml', { secrets, environment: { REPORT: report } });
  record = parseRecord(await readFile(report, 'utf8'), 'report');
});

afterAll(async () => {
  await removeService(platform, name);
  await repository.remove();
});

test('all stages have run as actions, and the image was mended after the first scan', () => {
  expect(stageOrder.map(stage => `${stage} ${record.stages[stage]?.verdict}`)).toEqual(
    stageOrder.map(stage => `${stage} pass`),
  );
  expect(log).toMatch(/Success - Main Remediate/);
  expect(log).toMatch(/Success - Main Scan again/);
});

test('the record has travelled from job to job with the digest that was pushed', () => {
  expect(record.stages.deploy?.outputs['namespace']).toBe(name);
  expect(record.stages.push?.outputs['reference']).toBe(`${platform.registry.address}/${name}@${record.image.digest}`);
});

test('what pull requests are compared with is stored', async () => {
  const [key = ''] = await readdir(join(repository.store, 'cache'));
  expect(key).toMatch(/^fairway-base-service-[0-9a-f]{40}$/);
  const stored = join(repository.store, 'cache', key);
  expect(parseRecord(await readFile(join(stored, 'delivery.json'), 'utf8'), key).image.digest).toBe(
    record.image.digest,
  );
  expect(JSON.parse(await readFile(join(stored, 'sbom.cdx.json'), 'utf8'))).toMatchObject({ bomFormat: 'CycloneDX' });
});

test('the findings of the last scan are stored for code scanning, in the file where they are fixed', async () => {
  const runs = join(repository.store, 'artifacts');
  const files = await readdir(runs, { recursive: true });
  const found = files.filter(path => /^\d+\/fairway-[0-9a-f]{16}\/evidence\/scan\/code-scanning\.sarif$/.test(path));
  expect(found).toHaveLength(1);
  const sarif = JSON.parse(await readFile(join(runs, found[0] ?? ''), 'utf8')) as {
    runs: [{ results: { ruleId: string; locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }];
  };
  const [{ results }] = sarif.runs;
  expect(results).toHaveLength(Number(record.stages.scan?.outputs['findings']));
  // Trivy does not know it
  expect(results.map(({ ruleId }) => ruleId.split(' ')[0])).toContain('CVE-2026-99999');
  for (const { locations } of results)
    expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe('service/Dockerfile');
});

test('the service answers through the gateway', async () => {
  const token = await accessToken('user', 'llm:chat');
  const body = { model: 'hello-tiny', max_tokens: 8, messages: [{ role: 'user', content: 'Hello?' }] };
  const answer = await askGateway(hostname, '/v1/chat/completions', { token, body });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('"content"');
});

test('no secret is in the log', () => {
  expect(Object.keys(secrets).filter(key => log.includes(secrets[key] ?? ''))).toEqual([]);
});

/** By the names under which the calling workflow finds them. */
async function readSecrets(): Promise<Readonly<Record<string, string>>> {
  const [password, client, kubeconfig, signing] = await Promise.all([
    readFile(platform.registry.passwordFile, 'utf8'),
    readFile(platform.issuer.clients.user.secretFile, 'utf8'),
    readFile(platform.kubernetes.kubeconfig, 'utf8'),
    readFile(platform.signing?.keyFile ?? '', 'utf8'),
  ]);
  return {
    REGISTRY_PASSWORD: password.trim(),
    CLIENT_SECRET: client.trim(),
    KUBECONFIG_CONTENT: kubeconfig,
    SIGNING_KEY: signing,
  };
}

/** The calling workflow: the platform's addresses as inputs. */
function caller(): string {
  const inputs = {
    service: 'service',
    before: 'python3 make-model.py',
    'docker-host': platform.docker.host,
    network: platform.docker.network,
    scanner: platform.scanner.trivy,
    'other-scanner': `test -f "$LAYOUT/index.json" && printf '%s' '${JSON.stringify(otherReport)}' > "$REPORTS/other.cdx.json"`,
    database: platform.scanner.database,
    registry: platform.registry.address,
    'registry-username': platform.registry.username,
    context: platform.kubernetes.context,
    gateway: platform.gateway.reference,
    'gateway-url': platform.gateway.url,
    issuer: platform.issuer.url,
    audience: platform.issuer.audience,
    'jwks-url': platform.issuer.jwksUrl,
    'jwks-service': platform.issuer.jwksService,
    'waf-service': platform.waf.service,
    'token-url': platform.issuer.tokenUrl,
    'client-id': platform.issuer.clients.user.id,
    'prometheus-url': platform.prometheus.url,
    'prometheus-directory': platform.prometheus.directory,
    promtool: platform.prometheus.promtool,
    'signer-key': readFileSync(platform.signing?.publicKeyFile ?? '', 'utf8'),
  };
  return `on: push
jobs:
  deliver:
    uses: ./.github/workflows/deliver.yml
    with:
${inputLines(inputs)}
    secrets:
      registry-password: \${{ secrets.REGISTRY_PASSWORD }}
      pull-password: \${{ secrets.REGISTRY_PASSWORD }}
      kubeconfig: \${{ secrets.KUBECONFIG_CONTENT }}
      client-secret: \${{ secrets.CLIENT_SECRET }}
      signing-key: \${{ secrets.SIGNING_KEY }}
  report:
    needs: deliver
    runs-on: ubuntu-24.04
    steps:
      - env:
          RECORD: \${{ needs.deliver.outputs.record }}
        run: printf '%s' "$RECORD" > "$REPORT"
`;
}
