import { BuildError } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import type { Wanted } from './package-managers/index.ts';
import { patchImage } from './patch.ts';
import type { PatchRequest } from './patch.ts';

export interface Upgraded {
  /** Why; these are as they were. */
  readonly refused: ReadonlyMap<Wanted, string>;
  /** What the package manager said of sources that it could not read. */
  readonly unreadable: readonly string[];
}

/**
 * Upgrades packages, and where all are refused for one of them, such as one that is held, each half by itself: it costs that package and no other. The
 * image under `tag` has what was upgraded; it is not made where all are refused.
 */
export async function upgradeEach(docker: DockerEngine, request: PatchRequest): Promise<Upgraded> {
  const { wanted, manager } = request;
  try {
    return { refused: new Map(), unreadable: await patchImage(docker, request) };
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const [first, ...others] = wanted;
    if (first === undefined || others.length === 0) {
      const said = manager.refusal.exec(error.output)?.[0] ?? error.output.split('\n').at(-1) ?? '';
      return {
        refused: new Map(first && [[first, `its upgrade was refused: ${said.trim().replace(/\s+/g, ' ')}`]]),
        unreadable: [],
      };
    }
    request.progress(`${wanted.length} packages together were refused`);
    const middle = Math.ceil(wanted.length / 2);
    const one = await upgradeEach(docker, { ...request, wanted: wanted.slice(0, middle) });
    const image = one.refused.size === middle ? request.image : request.tag;
    const other = await upgradeEach(docker, { ...request, image, wanted: wanted.slice(middle) });
    return {
      refused: new Map([...one.refused, ...other.refused]),
      unreadable: [...new Set([...one.unreadable, ...other.unreadable])],
    };
  }
}
