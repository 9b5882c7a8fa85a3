import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseRecord, stageOrder, type DeliveryRecord } from '@fairway/stage';
import { copyWorkflows } from '../self-references.ts';
import { workflowTool } from '../workflow-tools.ts';
import { askGateway } from './ask.ts';
import { copyExample, giveHostname } from './example-copy.ts';
import { removeService } from '../remove-service.ts';
import { accessToken, platform } from './platform.ts';

jest.setTimeout(30 * 60_000);

const root = join(import.meta.dirname, '../..');
const name = 'hello-workflow';
const hostname = `${name}.test`;

/** deliver.yml called from a repository, as a user calls it; act is the runner and this machine its host. */
let repository: string;
let log: string;
let record: DeliveryRecord;
let secrets: Readonly<Record<string, string>>;

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'fairway-workflow-'));
  await copyWorkflows(root, repository);
  // the committed bundles and nothing else of the actions: what a runner would see
  await cp(join(root, 'actions/dist'), join(repository, 'actions/dist'), { recursive: true });
  for (const name of [...stageOrder, 'report']) {
    const action = join('actions', name, 'action.yml');
    await mkdir(dirname(join(repository, action)), { recursive: true });
    await cp(join(root, action), join(repository, action));
  }
  const example = await copyExample(name);
  await giveHostname(example, hostname);
  // act copies what git would keep; the sources of the engine stay, the model is made by the input `before`
  await writeFile(join(example, '.gitignore'), 'model/\n');
  await cp(example, join(repository, 'service'), { recursive: true });
  await rm(example, { recursive: true });
  await rm(join(repository, 'service/model'), { recursive: true });
  await writeFile(join(repository, '.github/workflows/caller.yml'), caller());
  await writeFile(join(repository, '.gitignore'), 'report\n');
  secrets = await readSecrets();
  await run('git', ['init', '--quiet', '--initial-branch=main']);
  await run('git', ['add', '.']);
  await run('git', [
    '-c',
    'user.name=test',
    '-c',
    'user.email=test@example.com',
    'commit',
    '--quiet',
    '--message=test',
  ]);

  const act = await workflowTool('act');
  const result = await run(act, [
    'push',
    ...['--workflows', '.github/workflows/caller.yml'],
    // act takes the values from its environment, so that they stand on no command line
    ...Object.keys(secrets).flatMap(key => ['--secret', key]),
    ...['--platform', 'ubuntu-24.04=-self-hosted', '--container-daemon-socket', '-'],
    ...['--action-offline-mode', '--env', `REPORT=${join(repository, 'report')}`],
  ]);
  log = result.output;
  // the log says why it did not end well
  if (result.code !== 0) throw new Error(log.split('\n').slice(-80).join('\n'));
  record = parseRecord(await readFile(join(repository, 'report'), 'utf8'), 'report');
});

afterAll(async () => {
  await removeService(platform, name);
  await rm(repository, { recursive: true });
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

/** Runs in the repository; output and errors together. */
function run(program: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: repository,
      // act runs node24 actions with the first Node on the PATH
      env: { ...process.env, ...secrets, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', chunk => (output += chunk));
    child.stderr.on('data', chunk => (output += chunk));
    child.on('error', reject);
    child.on('close', exit => resolve({ code: exit, output }));
  });
}

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
${Object.entries(inputs)
  .map(([key, value]) => `      ${key}: ${JSON.stringify(value)}`)
  .join('\n')}
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
