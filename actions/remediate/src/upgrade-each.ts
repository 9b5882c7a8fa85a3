import { BuildError } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { patchImage } from './patch.ts';

export interface Upgraded {
  /** Why, by package; these are as they were. */
  readonly refused: ReadonlyMap<string, string>;
  /** What apt said of sources that it could not read. */
  readonly unreadable: readonly string[];
}

/**
 * Upgrades packages, and where apt refuses all for one of them, such as one that is held, each half by itself: it costs that package and no other. The
 * image under `tag` has what was upgraded; it is not made where all are refused.
 */
export async function upgradeEach(docker: DockerEngine, request: Parameters<typeof patchImage>[1]): Promise<Upgraded> {
  const { packages } = request;
  try {
    return { refused: new Map(), unreadable: await patchImage(docker, request) };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const [first = '', ...others] = packages;
    if (others.length === 0) {
      const said = /^(E: .+|.*apt-get: not found)$/m.exec(error.output)?.[1] ?? error.output.split('\n').at(-1) ?? '';
      return { refused: new Map([[first, `apt-get refused the upgrade: ${said}`]]), unreadable: [] };
    }
    request.progress(`apt refused ${packages.length} packages together`);
    const middle = Math.ceil(packages.length / 2);
    const one = await upgradeEach(docker, { ...request, packages: packages.slice(0, middle) });
    const image = one.refused.size === middle ? request.image : request.tag;
    const other = await upgradeEach(docker, { ...request, image, packages: packages.slice(middle) });
    return {
      refused: new Map([...one.refused, ...other.refused]),
      unreadable: [...new Set([...one.unreadable, ...other.unreadable])],
    };
  }
}
