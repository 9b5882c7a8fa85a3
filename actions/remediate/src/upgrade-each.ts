import { BuildError } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Wanted } from './package-managers/index.ts';
import { patchImage } from './patch.ts';
import type { PatchRequest } from './patch.ts';

export interface Upgraded {
  /** Why; these are as they were. */
  readonly refused: ReadonlyMap<Wanted, Reason | string>;
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
    const never = hopeless(error.output);
    if (never !== undefined) return { refused: new Map(wanted.map(each => [each, never])), unreadable: [] };
    if (first === undefined || others.length === 0) {
      const said = manager.refusal.exec(error.output)?.[0] ?? lastWords(error.output);
      return {
        refused: new Map(first && [[first, reasonOf('fix.rejected', { words: said.trim().replace(/\s+/g, ' ') })]]),
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

/** Why no upgrade at all is possible by this package manager in the image, so that no half of the packages is tried by itself; undefined for what concerns single packages. */
export function hopeless(output: string): Reason | string | undefined {
  // by runc and crun, which start the shell
  const [, shell] =
    /exec: "(\/[^"]+)": stat |executable file `(\/[^`]+)` not found/.exec(output)?.filter(Boolean) ?? [];
  if (shell !== undefined) return reasonOf('fix.noShell', { program: shell });
  const [, program] =
    /^(?:\S*sh: )?(?:line )?(?:\d+: )?(apt-get|apk|yum|zypper|node): (?:command )?not found$/m.exec(output) ?? [];
  if (program !== undefined) return reasonOf('fix.noManager', { program });
  return /^.*\bno space left on device\b.*$/im.exec(output)?.[0].trim();
}

/** The last line that is not the script itself, which BuildKit repeats. */
function lastWords(output: string): string {
  const lines = output.split('\n');
  return lines.findLast(line => line.trim() !== '' && !/^process "/.test(line)) ?? lines.at(-1) ?? '';
}
