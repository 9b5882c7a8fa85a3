import { runOnce } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { ToolError } from '@fairway/clients/tool-error';
import { packageManagerOf } from '@fairway/clients/scanner/index';
import type { FixAction } from '@fairway/clients/scanner/index';
import { packageManager } from './package-managers/index.ts';

/** Milliseconds for the questions to one package manager. */
const longest = 120_000;

/**
 * Proposes to remove what cannot be fixed and no other package needs. The package manager of the image is asked; nothing is removed, since it does not
 * know what the service itself uses.
 */
export async function withRemovals(
  docker: DockerEngine,
  image: string,
  left: readonly FixAction[],
  signal: AbortSignal,
): Promise<readonly FixAction[]> {
  const lines = new Map<string, string>();
  for (const [script, names] of questions(left)) {
    const said = await answer(docker, image, ['sh', '-c', script, 'sh', ...names], signal);
    for (const [name, line] of removalLines(said)) lines.set(`${script} ${name}`, line);
  }
  return left.map(action => {
    const command = lines.get(`${scriptFor(action)} ${action.package}`);
    return action.action === 'unfixable-now' && command !== undefined
      ? { ...action, action: 'remove', command }
      : action;
  });
}

/** Packages by the script that asks about them: one for each package manager and each environment of Python. */
function questions(left: readonly FixAction[]): ReadonlyMap<string, readonly string[]> {
  const asked = new Map<string, string[]>();
  for (const action of left) {
    const script = scriptFor(action);
    if (script !== undefined) asked.set(script, [...(asked.get(script) ?? []), action.package]);
  }
  return asked;
}

function scriptFor(action: FixAction): string | undefined {
  if (action.action !== 'unfixable-now') return undefined;
  const manager = packageManagerOf(action.ecosystem);
  if (manager === undefined || (manager === 'pip' && action.environment === undefined)) return undefined;
  return packageManager({ manager, environment: action.environment }).removable;
}

/** By package, the line of a Dockerfile that stands behind its name. */
export function removalLines(said: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    said.flatMap(line => {
      const [, name, command] = /^(\S+) (RUN \S.*)$/.exec(line) ?? [];
      return name === undefined || command === undefined ? [] : [[name, command] as const];
    }),
  );
}

async function answer(
  docker: DockerEngine,
  image: string,
  command: readonly [string, ...string[]],
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    return (await runOnce(docker, { image, command, timeout: longest, signal })).lines;
  } catch (error) {
    // the verdict stands without a proposal
    if (!(error instanceof ToolError)) throw error;
    return [];
  }
}
