import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './has-code.ts';

/** What a platform can do without. */
export const optionalParts = ['logs'] as const;
export type OptionalPart = (typeof optionalParts)[number];

/** What is switched off. It holds until it is switched on again, since every delivery brings the platform up. */
export async function readWithout(state: string): Promise<readonly OptionalPart[]> {
  try {
    const names = JSON.parse(await readFile(file(state), 'utf8')) as readonly string[];
    return optionalParts.filter(name => names.includes(name));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Switches parts off and on for this and every later start. */
export async function writeWithout(
  state: string,
  change: { readonly without: readonly OptionalPart[]; readonly with: readonly OptionalPart[] },
): Promise<void> {
  const before = await readWithout(state);
  const names = optionalParts.filter(
    name => change.without.includes(name) || (before.includes(name) && !change.with.includes(name)),
  );
  await mkdir(state, { recursive: true, mode: 0o700 });
  await writeFile(file(state), JSON.stringify(names));
}

function file(state: string): string {
  return join(state, 'without.json');
}
