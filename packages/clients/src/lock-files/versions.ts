import { parse } from 'yaml';
import * as z from 'zod';
import { normalizedName } from '../uv/index.ts';

/** What is wrong with a lock, as half a sentence. */
export class UnreadLock extends Error {
  override readonly name = 'UnreadLock';
}

/** Of uv.lock and poetry.lock, which their programs write: each package is a table that begins with its name and version. */
export function inTomlLock(text: string, name: string): readonly string[] {
  const packages = [...text.matchAll(/^\[\[package\]\]\r?\nname = "(.+)"\r?\nversion = "(.+)"/gm)];
  return once(
    packages.flatMap(([, each = '', version]) => (normalizedName(each) === normalizedName(name) ? version! : [])),
  );
}

const pipfileGroup = z.record(z.string(), z.object({ version: z.string().optional() })).optional();
const pipfileSchema = z.object({ default: pipfileGroup, develop: pipfileGroup });

/** Of Pipfile.lock: `==` and the version, by group of packages. */
export function inPipfileLock(text: string, name: string): readonly string[] {
  const { default: used, develop } = read(text, JSON.parse, pipfileSchema);
  const packages = [used, develop].flatMap(group => Object.entries(group ?? {}));
  return once(
    packages.flatMap(([each, { version }]) =>
      normalizedName(each) === normalizedName(name) ? (version?.replace(/^==/, '') ?? []) : [],
    ),
  );
}

const npmSchema = z.object({
  lockfileVersion: z.literal([2, 3], 'write it anew with npm 7 or newer: npm install --package-lock-only'),
  packages: z.record(z.string(), z.object({ name: z.string().optional(), version: z.string().optional() })),
});

/** Of package-lock.json in versions 2 and 3 (https://docs.npmjs.com/cli/configuring-npm/package-lock-json): by place below node_modules. */
export function inNpmLock(text: string, name: string): readonly string[] {
  const { packages } = read(text, JSON.parse, npmSchema);
  return once(
    Object.entries(packages).flatMap(([place, entry]) => {
      const [first, ...below] = place.split('node_modules/');
      // what is not below node_modules is the service's own
      if (first === undefined || below.length === 0) return [];
      return (entry.name ?? below.at(-1)) === name ? (entry.version ?? []) : [];
    }),
  );
}

const pnpmSchema = z.object({ packages: z.record(z.string(), z.unknown()).optional() });

/** Of pnpm-lock.yaml: keys such as `lodash@4.17.20(peer@1)`, in lockfile 6 with `/` before, in 5 as `/lodash/4.17.20`. */
export function inPnpmLock(text: string, name: string): readonly string[] {
  const { packages = {} } = read(text, parse, pnpmSchema);
  return once(
    Object.keys(packages).flatMap(key => {
      const [, each, version] = /^\/?((?:@[^/]+\/)?[^/@]+)[@/]([^(_]+)/.exec(key) ?? [];
      return each === name ? (version ?? []) : [];
    }),
  );
}

/** Of yarn.lock, of Yarn 1 and of newer ones: ranges, and below them the version that all of these got. */
export function inYarnLock(text: string, name: string): readonly string[] {
  const entries = [...text.matchAll(/^(\S.*):\r?\n +version:? "?([^"\s]+)"?/gm)];
  return once(
    entries.flatMap(([, ranges = '', version]) =>
      ranges.split(/"?, "?/).some(range => range.replace(/^"/, '').startsWith(`${name}@`)) ? version! : [],
    ),
  );
}

function read<T>(text: string, parsed: (text: string) => unknown, schema: z.ZodType<T>): T {
  try {
    return schema.parse(parsed(text));
  } catch (error) {
    const said = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new UnreadLock(`it cannot be read (${said.split('\n')[0]?.replace(/^✖ /, '')})`);
  }
}

function once(versions: readonly string[]): readonly string[] {
  return [...new Set(versions)];
}
