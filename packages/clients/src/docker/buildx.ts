import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { BuildRequest } from './build.ts';
import { buildNetwork } from './build-network.ts';
import { BuildError } from './build-failure.ts';
import type { DockerEngine } from './engine.ts';
import { withoutSecrets } from './without-secrets.ts';

// a client without the plugin takes "buildx" for a word of its own and does not know the flags after it
const noPlugin = /is not a docker command|unknown (shorthand )?(command|flag)/;

/** Builds with `docker buildx`, for daemons whose API cannot read a context. `cause` is thrown on when there is no such command. */
export async function buildWithBuildx(
  engine: DockerEngine,
  request: BuildRequest,
  archive: Readable,
  cause: ToolError,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-build-'));
  try {
    const secrets: string[] = [];
    for (const [id, value] of request.secrets ?? []) {
      const file = join(folder, `secret-${secrets.length}`);
      await writeFile(file, value, { mode: 0o600 });
      secrets.push('--secret', `id=${id},src=${file}`);
    }
    const pairs = (flag: string, values: Readonly<Record<string, string>> = {}) =>
      Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
    const command = [
      ...(request.dockerConfig ? ['--config', request.dockerConfig] : []),
      ...['--host', engine.host, 'buildx', 'build', '--load', '--progress', 'plain', '--provenance', 'false'],
      ...['--tag', request.tag, '--file', request.dockerfile, '--network', buildNetwork(engine, request.network)],
      ...(request.platform === undefined ? [] : ['--platform', request.platform]),
      ...(request.sshAgent ? ['--ssh', `default=${request.sshAgent}`] : []),
      ...(request.target === undefined ? [] : ['--target', request.target]),
      ...(request.fresh ? ['--no-cache'] : []),
      ...pairs('--build-arg', request.arguments),
      ...pairs('--label', request.labels),
      ...secrets,
      '-',
    ];
    const child = spawn('docker', command, { stdio: ['pipe', 'ignore', 'pipe'], signal: request.signal });
    const hide = withoutSecrets(request.secrets);
    const lines: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      for (const line of hide(text)
        .split('\n')
        .filter(part => part.trim())) {
        lines.push(line);
        // lines begin with the number of the step and the seconds it has run
        request.progress?.(line.replace(/^#\d+ (\d+\.\d+ )?/, ''));
      }
    });
    const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    // a client that ends early closes its input: its exit code says why, not the broken pipe
    const sent = pipeline(archive, child.stdin).catch((error: unknown) => error);
    const code = await ended.catch((error: unknown) => {
      request.signal?.throwIfAborted();
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'ENOENT';
      throw error;
    });
    await sent;
    if (code === 0) return;
    const output = lines.slice(-20).join('\n');
    if (code === 'ENOENT' || lines.some(line => noPlugin.test(line))) {
      const advice = reasonOf('docker.noBuildx');
      throw new ToolError('docker', cause.request, cause.status, cause.output, advice);
    }
    // it shows the failing lines below "<dockerfile>:<line>"
    const line = /^\S+:(\d+)\n-{10,}$/m.exec(output)?.[1];
    throw new BuildError(request, line === undefined ? undefined : Number(line), output);
  } finally {
    archive.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}
