import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, inspectImage, platformOf } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import type { PackageManager, Wanted } from './package-managers/index.ts';

export interface PatchRequest {
  readonly image: string;
  readonly tag: string;
  readonly manager: PackageManager;
  readonly wanted: readonly Wanted[];
  readonly network: 'default' | 'host';
  /** Certificate authorities of a proxy (PEM), beside which the step knows no others. */
  readonly certificates?: Uint8Array;
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
}

/**
 * Upgrades packages of an image in one layer on top of it; the user stays.
 * @returns what the package manager said of sources that it could not read
 * @throws BuildError when it refuses
 */
export async function patchImage(engine: DockerEngine, request: PatchRequest): Promise<readonly string[]> {
  const { manager, certificates } = request;
  const { config, architecture } = await inspectImage(engine, request.image);
  const unreadable = new Set<string>();
  const folder = await mkdtemp(join(tmpdir(), 'fairway-patch-'));
  try {
    await writeFile(join(folder, 'Dockerfile'), patchDockerfile(request, config.User));
    for (const [name, text] of Object.entries(manager.files ?? {})) await writeFile(join(folder, name), text);
    await buildImage(engine, {
      context: folder,
      dockerfile: 'Dockerfile',
      tag: request.tag,
      platform: platformOf(engine, architecture),
      network: request.network,
      // what the mirror offers changes without a change here
      fresh: true,
      secrets: certificates && new Map([['ca-certificates', certificates]]),
      signal: request.signal,
      progress: line => {
        const [, unread] = manager.unreadable?.exec(line) ?? [];
        if (unread !== undefined) unreadable.add(unread);
        request.progress(line);
      },
    });
    return [...unreadable];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function patchDockerfile(
  { image, manager, wanted, certificates }: Pick<PatchRequest, 'image' | 'manager' | 'wanted' | 'certificates'>,
  user: string | undefined,
): string {
  const mounts = [
    ...Object.keys(manager.files ?? {}).map(name => `type=bind,source=${name},target=/dev/shm/${name}`),
    ...(certificates ? ['type=secret,id=ca-certificates,target=/dev/shm/ca-certificates'] : []),
  ];
  return `FROM ${image}
USER 0
RUN ${mounts.map(mount => `--mount=${mount} `).join('')}${manager.script(wanted)}
USER ${user || '0'}
`;
}
