import { execFile, spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Part } from '@fairway/platform/parts';
import { ended } from './bare-api-server.ts';
import { bringParts } from './bring-parts.ts';

const daemon = {
  kind: 'go-module',
  name: 'buildkitd',
  module: 'github.com/moby/buildkit',
  version: 'v0.33.0',
  sum: 'h1:zBbt1FiMcTB/oFg1iCNcKa83k5Rn8MGcVjXFIcfYhuQ=',
  main: './cmd/buildkitd',
} as const satisfies Part;

const plugin = {
  kind: 'go-module',
  name: 'docker-buildx',
  module: 'github.com/docker/buildx',
  version: 'v0.37.0',
  sum: 'h1:DYvrhY0P/qhJkqCQHH7qbcL4torLNoI2lgayxdmU0DY=',
  main: './cmd/buildx',
} as const satisfies Part;

export const builderParts = [daemon, plugin] as const;

export interface Builders {
  /** Folder of a Docker configuration that has the plugin buildx. */
  readonly dockerConfig: string;
  /** Folder of the built part `containers`. */
  readonly containers: string;
  /** What `docker buildx` needs in its environment to know the builders. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts a BuildKit that has built nothing yet, as root, and makes a builder of it that has its name. */
  start(name: string): Promise<{ stop(): Promise<void> }>;
}

/** BuildKit and buildx of the Go module proxy, with Debian's runc and Docker's client. */
export async function buildersIn(folder: string): Promise<Builders> {
  const parts = await bringParts(['containers'], builderParts);
  const containers = parts.get('containers') ?? '';
  const dockerConfig = join(folder, 'docker');
  await mkdir(join(dockerConfig, 'cli-plugins'), { recursive: true });
  await symlink(
    join(parts.get('docker-buildx') ?? '', 'docker-buildx'),
    join(dockerConfig, 'cli-plugins', 'docker-buildx'),
  );
  const environment = {
    BUILDX_CONFIG: join(folder, 'buildx'),
    PATH: `${join(containers, 'usr/bin')}:${process.env['PATH']}`,
  };
  const start = async (name: string) => {
    const socket = `unix://${join(folder, `${name}.sock`)}`;
    const file = join(folder, `${name}.toml`);
    await writeFile(
      file,
      [
        `root = "${join(folder, name)}"`,
        `[grpc]\naddress = ["${socket}"]`,
        `[worker.oci]\nenabled = true\nbinary = "${join(containers, 'usr/sbin/runc')}"\nsnapshotter = "native"\nnetworkMode = "host"`,
        '[worker.containerd]\nenabled = false',
      ].join('\n'),
    );
    const child = spawn(join(parts.get('buildkitd') ?? '', 'buildkitd'), ['--config', file], { stdio: 'ignore' });
    const docker = (...words: string[]) =>
      promisify(execFile)('docker', ['--config', dockerConfig, 'buildx', ...words], {
        env: { ...process.env, ...environment },
      });
    await docker('create', '--name', name, '--driver', 'remote', socket);
    for (let tries = 0; ; tries++)
      try {
        await docker('inspect', '--bootstrap', name);
        break;
      } catch (error) {
        if (tries === 20 || child.exitCode !== null) throw error;
        await sleep(500);
      }
    return { stop: () => ended(child) };
  };
  return { dockerConfig, containers, environment, start };
}
