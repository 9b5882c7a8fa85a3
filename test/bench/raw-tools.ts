import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PlatformState } from '@fairway/platform';
import { readRecord } from '@fairway/stage';

/**
 * Seconds that the raw command lines need for what a stage did, on the same daemon and image: `docker build` of one changed
 * line with `trivy image --format cyclonedx`, `trivy image --format json`, `docker push`. Needs the docker command on PATH.
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
  try {
    const password = (await readFile(state.registry.passwordFile, 'utf8')).trim();
    const login = Buffer.from(`${state.registry.username}:${password}`).toString('base64');
    await writeFile(
      join(home, 'config.json'),
      JSON.stringify({ auths: { [state.registry.address]: { auth: login } } }),
      { mode: 0o600 },
    );
    const record = await readRecord(folder);
    const fixed = record?.stages.remediate?.outputs['image'] ?? '';
    const slim = record?.stages.optimize?.outputs['image'] ?? '';
    const database = [
      '--cache-dir',
      state.scanner.database,
      '--skip-db-update',
      '--skip-java-db-update',
      '--offline-scan',
    ];
    const cache = ['--quiet', '--scanners', 'vuln'];

    await appendFile(join(folder, 'Dockerfile'), `LABEL fairway.dev/raw=${Date.now()}\n`);
    const build = await seconds(async () => {
      await run('docker', [
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
    await run('docker', ['tag', slim, `${state.registry.address}/raw:push`]);
    const push = await seconds(() => run('docker', ['push', `${state.registry.address}/raw:push`]));
    return { build, scan, push };
  } finally {
    await rm(home, { recursive: true });
  }
}
