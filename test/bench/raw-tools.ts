import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { platformFolders } from '@fairway/platform';
import type { PlatformState } from '@fairway/platform';
import { readRecord } from '@fairway/stage';
import { loadService } from '@fairway/service';
import type { Service } from '@fairway/service';

/**
 * Seconds that the raw command lines need for what a stage did, on the same daemon and image: `docker build` of one changed
 * line with `trivy image --format cyclonedx`, `trivy image --format json`, `docker push`, `kubectl apply` with `rollout status`.
 * Docker's and Kubernetes' own commands are those that the platform brought.
 */
export async function rawToolSeconds(folder: string, state: PlatformState): Promise<Record<string, number>> {
  const home = await mkdtemp(join(tmpdir(), 'fairway-raw-'));
  const run = (command: string, argv: readonly string[]) =>
    promisify(execFile)(command, [...argv], {
      env: {
        PATH: process.env['PATH'],
        HOME: home,
        DOCKER_CONFIG: home,
        DOCKER_HOST: state.docker.host,
        DOCKER_BUILDKIT: '1',
      },
      maxBuffer: 1 << 28,
    });
  const seconds = async (work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
  };
  // its BuildKit needs no plugin
  const docker = join(await partFolder('containers'), 'usr/bin/docker');
  try {
    const password = (await readFile(state.registry.passwordFile, 'utf8')).trim();
    const login = Buffer.from(`${state.registry.username}:${password}`).toString('base64');
    await writeFile(
      join(home, 'config.json'),
      JSON.stringify({ auths: { [state.registry.address]: { auth: login } } }),
      { mode: 0o600 },
    );
    const record = await readRecord(folder);
    const service = await loadService(folder);
    const fixed = record?.stages.remediate?.outputs['image'] ?? '';
    const slim = record?.stages.optimize?.outputs['image'] ?? '';
    const database = ['--cache-dir', home, '--skip-db-update', '--skip-java-db-update', '--offline-scan'];
    const cache = ['--quiet', '--scanners', 'vuln'];
    await symlink(state.scanner.database, join(home, 'db'));

    await appendFile(join(folder, 'Dockerfile'), `LABEL fairway.dev/raw=${Date.now()}\n`);
    const build = await seconds(async () => {
      await run(docker, [
        'build',
        '--network',
        state.docker.network,
        '--build-arg',
        'BASE=fairway-base:bookworm',
        '--tag',
        'raw:build',
        folder,
      ]);
      await run(state.scanner.trivy, ['image', '--quiet', '--format', 'cyclonedx', '--cache-dir', home, 'raw:build']);
    });
    const scan = await seconds(() =>
      run(state.scanner.trivy, ['image', '--format', 'json', ...cache, ...database, fixed]),
    );
    await run(docker, ['tag', slim, `${state.registry.address}/raw:push`]);
    const push = await seconds(() => run(docker, ['push', `${state.registry.address}/raw:push`]));
    const deploy = await rollOutAgain(state, record?.stages.deploy?.outputs['deployment'] ?? '', service);
    return { build, scan, push, deploy };
  } finally {
    await rm(home, { recursive: true });
  }
}

/** Where the platform keeps a part that it brought. */
async function partFolder(name: string): Promise<string> {
  const parts = join(platformFolders().cache, 'parts');
  const folder = (await readdir(parts)).find(entry => new RegExp(`^${name}-[0-9a-f]+$`).test(entry));
  if (!folder) throw new Error(`The platform has not brought ${name}.`);
  return join(parts, folder);
}

interface Manifest {
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  spec: {
    selector: { matchLabels: Record<string, string> };
    template: { metadata: { labels: Record<string, string> } };
  };
}

/** Seconds of `kubectl apply` of the same pods under another name and `kubectl rollout status`. */
async function rollOutAgain(state: PlatformState, deployment: string, service: Service): Promise<number> {
  const program = join(await partFolder('kubernetes'), 'kubectl');
  const { kubeconfig, context } = state.kubernetes;
  const kubectl = async (argv: readonly string[], input?: string) => {
    const running = promisify(execFile)(program, [
      '--kubeconfig',
      kubeconfig,
      '--context',
      context,
      '--namespace',
      service.namespace,
      ...argv,
    ]);
    running.child.stdin?.end(input);
    return (await running).stdout;
  };
  const manifest = JSON.parse(await kubectl(['get', 'deployment', deployment, '--output', 'json'])) as Manifest;
  const labels = { 'app.kubernetes.io/name': 'raw' };
  const raw = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'raw', labels },
    spec: {
      ...manifest.spec,
      selector: { matchLabels: labels },
      template: { ...manifest.spec.template, metadata: { labels } },
    },
  };
  const started = performance.now();
  await kubectl(['apply', '--server-side', '--filename', '-'], JSON.stringify(raw));
  await kubectl(['rollout', 'status', 'deployment/raw', '--timeout', '120s']);
  const seconds = (performance.now() - started) / 1000;
  await kubectl(['delete', 'deployment', 'raw', '--wait=false']);
  return seconds;
}
