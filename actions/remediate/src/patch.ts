import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, inspectImage } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';

/**
 * Upgrades packages of a Debian or Ubuntu image in one layer on top of it. Only the named packages and what they need are
 * touched; the user stays. A source of packages that does not answer is asked three times and then left out.
 * @returns what apt said of sources that it could not read
 * @throws BuildError when apt refuses
 */
export async function patchImage(
  engine: DockerEngine,
  request: {
    readonly image: string;
    readonly tag: string;
    readonly packages: readonly string[];
    readonly network: 'default' | 'host';
    readonly signal: AbortSignal;
    readonly progress: (line: string) => void;
  },
): Promise<readonly string[]> {
  const { config } = await inspectImage(engine, request.image);
  const unreadable = new Set<string>();
  const folder = await mkdtemp(join(tmpdir(), 'fairway-patch-'));
  try {
    await writeFile(join(folder, 'Dockerfile'), patchDockerfile(request.image, request.packages, config.User));
    await buildImage(engine, {
      context: folder,
      dockerfile: 'Dockerfile',
      tag: request.tag,
      network: request.network,
      // what the mirror offers changes without a change here
      fresh: true,
      signal: request.signal,
      progress: line => {
        const [, unread] = /(?:^|\s)[EW]: ((?:Failed to fetch|The repository) .*)$/.exec(line) ?? [];
        if (unread !== undefined) unreadable.add(unread);
        request.progress(line);
      },
    });
    return [...unreadable];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A daemon may lose what a step prints in its last moment, and why apt refuses has to be seen: such a step ends a little later. */
export function patchDockerfile(image: string, packages: readonly string[], user: string | undefined): string {
  return `FROM ${image}
USER 0
RUN export DEBIAN_FRONTEND=noninteractive \\
 && { apt-get -o Acquire::Retries=3 update || true; } \\
 && { apt-get install --yes --only-upgrade --no-install-recommends \\
      -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \\
      ${[...packages].sort().join(' \\\n      ')} \\
      || { code=$?; sleep 1; exit $code; }; } \\
 && apt-get clean \\
 && rm -rf /var/lib/apt/lists/*
USER ${user || '0'}
`;
}
