import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import type { BuildRequest } from './build.ts';
import { buildNetwork } from './build-network.ts';
import { BuildError } from './build-failure.ts';
import { startClient } from './docker-client.ts';
import type { DockerEngine } from './engine.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Words of the command line up to `docker buildx build`. */
export function dockerParameters(
  { host }: Pick<DockerEngine, 'host'>,
  { dockerConfig }: BuildRequest,
): readonly string[] {
  return [...(dockerConfig ? ['--config', dockerConfig] : []), '--host', host, 'buildx', 'build'];
}

/**
 * What `docker buildx build` has to know of a request whose context comes as an archive on its standard input.
 * @param folder where files of secrets are put, so that no command line has their values
 */
export async function buildParameters(request: BuildRequest, folder: string): Promise<readonly string[]> {
  const secrets: string[] = [];
  for (const [id, value] of request.secrets ?? []) {
    const file = join(folder, `secret-${secrets.length}`);
    await writeFile(file, value, { mode: 0o600 });
    secrets.push('--secret', `id=${id},src=${file}`);
  }
  const pairs = (flag: string, values: Readonly<Record<string, string>> = {}) =>
    Object.entries(values).flatMap(([key, value]) => [flag, `${key}=${value}`]);
  return [
    ...['--provenance', 'false', '--file', request.dockerfile],
    ...(request.platform === undefined ? [] : ['--platform', request.platform]),
    ...(request.sshAgent ? ['--ssh', `default=${request.sshAgent}`] : []),
    ...(request.target === undefined ? [] : ['--target', request.target]),
    ...(request.fresh ? ['--no-cache'] : []),
    ...pairs('--build-arg', request.arguments),
    ...pairs('--label', request.labels),
    ...secrets,
    '-',
  ];
}

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
    const command = [
      ...dockerParameters(engine, request),
      ...['--load', '--progress', 'plain', '--tag', request.tag, '--network', buildNetwork(engine, request.network)],
      ...(await buildParameters(request, folder)),
    ];
    const client = startClient(command, archive, request.signal);
    const hide = withoutSecrets(request.secrets);
    const lines: string[] = [];
    const read = (async () => {
      for await (const said of client.lines) {
        if (!said.trim()) continue;
        const line = hide(said);
        lines.push(line);
        // lines begin with the number of the step and the seconds it has run
        request.progress?.(line.replace(/^#\d+ (\d+\.\d+ )?/, ''));
      }
    })();
    const code = await client.ended.catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'ENOENT';
      throw error;
    });
    await read;
    request.signal?.throwIfAborted();
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
