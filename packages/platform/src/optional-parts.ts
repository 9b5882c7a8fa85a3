import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './has-code.ts';

/** What a platform can do without, and whether it does unless somebody says so. */
const parts = {
  logs: 'on',
  concurrency: 'on',
  mesh: 'off',
  'network-policy': 'off',
  'istio-gateway': 'off',
  grype: 'off',
} as const;
export type OptionalPart = keyof typeof parts;
export const optionalParts = Object.keys(parts) as readonly OptionalPart[];

/** What is switched off. It holds until it is switched on again, since every delivery brings the platform up. */
export async function readWithout(state: string): Promise<readonly OptionalPart[]> {
  const [off, on] = await Promise.all([namesIn(file(state, 'without')), namesIn(file(state, 'with'))]);
  // Istio's gateway is of the mesh's control plane
  const switched = on.includes('istio-gateway') ? [...on, 'mesh'] : on;
  return optionalParts.filter(name => (parts[name] === 'on' ? off.includes(name) : !switched.includes(name)));
}

/** Switches parts off and on for this and every later start. */
export async function writeWithout(
  state: string,
  change: { readonly without: readonly OptionalPart[]; readonly with: readonly OptionalPart[] },
): Promise<void> {
  const [off, on] = await Promise.all([namesIn(file(state, 'without')), namesIn(file(state, 'with'))]);
  const { without } = change;
  await mkdir(state, { recursive: true, mode: 0o700 });
  const write = (which: 'with' | 'without', names: readonly OptionalPart[]) =>
    writeFile(file(state, which), JSON.stringify(names));
  // each file holds what differs from the default, so that a part that is added later starts with its own
  await write(
    'without',
    optionalParts.filter(
      name => parts[name] === 'on' && (without.includes(name) || (off.includes(name) && !change.with.includes(name))),
    ),
  );
  await write(
    'with',
    optionalParts.filter(
      name => parts[name] === 'off' && !without.includes(name) && (on.includes(name) || change.with.includes(name)),
    ),
  );
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as readonly string[];
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function file(state: string, which: 'with' | 'without'): string {
  return join(state, `${which}.json`);
}
