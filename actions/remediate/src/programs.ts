import { runOnce } from '@fairway/clients/docker/index';
import type { DockerEngine, Ran } from '@fairway/clients/docker/index';
import { engineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import { programChecks } from './program-checks.ts';
import { faultMark } from './python-checks.ts';

export interface CheckedProgram {
  readonly name: string;
  /** Why the check could not be made in the first image; undefined where it could. */
  readonly before: string | undefined;
  /** What is wrong in the second image and was not in the first; undefined where nothing is. */
  readonly after: string | undefined;
}

/** Milliseconds; importing what a GPU engine is made of takes a minute on a small machine. */
const longest = 300_000;

/** The same checks of two images. One that the first image does not pass says nothing of the second, but that it was no better. */
export async function checkPrograms(
  docker: DockerEngine,
  images: { readonly before: string; readonly after: string },
  service: Service,
  signal: AbortSignal,
): Promise<readonly CheckedProgram[]> {
  const { environment } = engineProfile(service.engine.name);
  const results: CheckedProgram[] = [];
  for (const { name, command } of programChecks(service)) {
    const run = (image: string) => runOnce(docker, { image, command, environment, timeout: longest, signal });
    results.push({ name, ...compared(await run(images.before), await run(images.after)) });
  }
  return results;
}

/** What a check found in two images. */
export function compared(before: Ran, after: Ran): Omit<CheckedProgram, 'name'> {
  const known = new Set(faults(before).map(subject));
  const found = faults(after).filter(fault => !known.has(subject(fault)));
  return { before: failure(before), after: failure(after) ?? (found.length > 0 ? found.join('; ') : undefined) };
}

function failure({ exitCode, lines }: Ran): string | undefined {
  if (exitCode === 0) return undefined;
  // some print all that they can do behind it
  const error = lines.findLast(line => /error:/i.test(line));
  return `exit code ${exitCode}: ${error ?? lines.slice(-3).join(' ')}`;
}

function faults({ lines }: Ran): readonly string[] {
  return lines.filter(line => line.startsWith(faultMark)).map(line => line.slice(faultMark.length));
}

/** Without the version that does not fit, which differs after an upgrade. */
function subject(fault: string): string {
  return fault.split(', but')[0]!;
}
