import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectDocker, importImage } from '@fairway/clients/docker/index';
import { openLayout } from '@fairway/image';
import { platformFolders } from '@fairway/platform';
import type { PlatformState } from '@fairway/platform';
import { readRecord } from '@fairway/stage';
import { loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { startRegistry } from '../registry.ts';
import { percentile } from './percentile.ts';

interface RawTools {
  readonly run: Run;
  /** Docker's own client, whose BuildKit needs no plugin. */
  readonly docker: string;
  /** Home of the tools, with Docker's login. */
  readonly home: string;
}

async function withRawTools<T>(state: PlatformState, work: (tools: RawTools) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'fairway-raw-'));
  const run: Run = (command, argv) =>
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
  try {
    return await work({ run, docker: join(await partFolder('containers'), 'usr/bin/docker'), home });
  } finally {
    await rm(home, { recursive: true });
  }
}

/**
 * Seconds of `docker build` of one changed line with `trivy image --format cyclonedx`, the median of three.
 * @param alternate is called after each of them
 */
export function rawBuildSeconds(folder: string, state: PlatformState, alternate: () => Promise<void>): Promise<number> {
  return withRawTools(state, tools => buildSeconds(tools, folder, state, alternate));
}

/** Seconds of `docker build` that takes nothing from the cache, with the platform's base. */
export function rawRebuildSeconds(folder: string, state: PlatformState): Promise<number> {
  return withRawTools(state, ({ run, docker }) =>
    secondsOf(() => run(docker, ['build', '--no-cache', ...buildFlags(state), '--tag', 'raw:rebuild', folder])),
  );
}

/** Seconds of `trivy image` of an image in the daemon, with its reports in the three forms that `scan` has. */
export function rawScanSeconds(image: string, state: PlatformState): Promise<number> {
  return withRawTools(state, async tools => {
    await symlink(state.scanner.database, join(tools.home, 'db'));
    return scanSeconds(tools, image, state);
  });
}

/** Seconds of `docker push` of an image in the daemon to a registry of its own, which has nothing of it. */
export function rawPushSeconds(image: string, state: PlatformState): Promise<number> {
  return withRawTools(state, async ({ run, docker, home }) => {
    const registry = await startRegistry(await partFolder('containers'), home);
    const tag = `${registry.address}/raw:push`;
    try {
      await run(docker, ['tag', image, tag]);
      return await secondsOf(() => run(docker, ['push', tag]));
    } finally {
      await run(docker, ['rmi', tag]);
      await registry.stop();
    }
  });
}

async function scanSeconds({ run, home }: RawTools, image: string, state: PlatformState): Promise<number> {
  const report = join(home, 'report.json');
  const data = ['--cache-dir', home, '--skip-db-update', '--skip-java-db-update', '--offline-scan'];
  const flags = ['--quiet', '--scanners', 'vuln', '--format', 'json', '--list-all-pkgs', '--output', report];
  return secondsOf(async () => {
    await run(state.scanner.trivy, ['image', ...flags, ...data, '--timeout', '60m', image]);
    for (const format of ['cyclonedx', 'sarif'])
      await run(state.scanner.trivy, ['convert', '--quiet', '--format', format, report]);
  });
}

async function buildSeconds(
  { run, docker, home }: RawTools,
  folder: string,
  state: PlatformState,
  alternate: () => Promise<void>,
): Promise<number> {
  const builds: number[] = [];
  for (let round = 0; round < 3; round++) {
    await appendFile(join(folder, 'Dockerfile'), `LABEL fairway.dev/raw=${Date.now()}\n`);
    builds.push(
      await secondsOf(async () => {
        await run(docker, ['build', ...buildFlags(state), '--tag', 'raw:build', folder]);
        const trivy = ['image', '--quiet', '--format', 'cyclonedx', '--cache-dir', join(home, `build-${round}`)];
        await run(state.scanner.trivy, [...trivy, 'raw:build']);
      }),
    );
    await alternate();
  }
  return percentile(builds, 50);
}

function buildFlags(state: PlatformState): readonly string[] {
  return ['--network', state.docker.network, '--build-arg', 'BASE=fairway-base:bookworm'];
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/**
 * Seconds that the raw command lines need for what a stage did once, on the same daemon and image: `docker build` of one changed
 * line with `trivy image --format cyclonedx`; `trivy image --format json` with `trivy convert` to CycloneDX and SARIF; `docker push`
 * of as many bytes that the registry has not seen either; `kubectl apply` with `rollout status` of that image.
 * Docker's and Kubernetes' own commands are those that the platform brought.
 * @param alternate is called after each of three builds; the median of the raw ones counts
 */
export function rawToolSeconds(
  folder: string,
  state: PlatformState,
  alternate: () => Promise<void>,
): Promise<Record<string, number>> {
  return withRawTools(state, async tools => {
    const { run, docker, home } = tools;
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
    // the daemon has it for its smoke test alone; what is built below changes the layout
    const digest = record?.stages.optimize?.outputs['digest'] ?? '';
    const layout = await openLayout(join(folder, '.fairway/image'));
    const slim = await importImage(await connectDocker(state.docker.host), layout, digest);
    await symlink(state.scanner.database, join(home, 'db'));

    const build = await buildSeconds(tools, folder, state, alternate);
    const scan = await scanSeconds(tools, fixed, state);
    const image = `${state.registry.address}/raw:push`;
    await buildUnseen(run, docker, home, slim, image);
    const push = await secondsOf(() => run(docker, ['push', image]));
    const [pushed = ''] = (
      await run(docker, ['image', 'inspect', '--format', '{{index .RepoDigests 0}}', image])
    ).stdout.split('\n');
    const deploy = await rollOutAgain(state, record?.stages.deploy?.outputs['deployment'] ?? '', service, pushed);
    return { build, scan, push, deploy };
  });
}

type Run = (command: string, argv: readonly string[]) => Promise<{ readonly stdout: string }>;

/** The files of `image` and one more in a single layer, which no registry and no node has seen. */
async function buildUnseen(run: Run, docker: string, home: string, image: string, tag: string): Promise<void> {
  const folder = join(home, 'unseen');
  await mkdir(folder);
  await writeFile(join(folder, 'stamp'), String(Date.now()));
  await writeFile(
    join(folder, 'Dockerfile'),
    `FROM ${image} AS files\nCOPY stamp /stamp\nFROM scratch\nCOPY --from=files / /\nUSER 65532\n`,
  );
  await run(docker, ['build', '--tag', tag, folder]);
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
    template: { metadata: { labels: Record<string, string> }; spec: { containers: { image: string }[] } };
  };
}

/** Seconds of `kubectl apply` of the same pods with another image under another name and `kubectl rollout status`. */
async function rollOutAgain(
  state: PlatformState,
  deployment: string,
  service: Service,
  image: string,
): Promise<number> {
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
  const pod = manifest.spec.template.spec;
  const raw = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'raw', labels },
    spec: {
      ...manifest.spec,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { ...pod, containers: pod.containers.map(one => ({ ...one, image })) } },
    },
  };
  const started = performance.now();
  await kubectl(['apply', '--server-side', '--filename', '-'], JSON.stringify(raw));
  await kubectl(['rollout', 'status', 'deployment/raw', '--timeout', '120s']);
  const seconds = (performance.now() - started) / 1000;
  await kubectl(['delete', 'deployment', 'raw', '--wait=false']);
  return seconds;
}
