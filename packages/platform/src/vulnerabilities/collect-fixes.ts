import { glob, lstat, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runCommand } from '../command.ts';
import type { AptRoot } from './apt-root.ts';
import { changelogFixes } from './changelog.ts';
import type { ChangelogFix } from './changelog.ts';
import { readPackageList } from './package-list.ts';
import type { ListedPackage } from './package-list.ts';

/** Sources whose smallest package is larger are left out when no packages were named: desktop programs, mostly. */
const largest = 4 * 1024 * 1024;

/** Raised when changelogs are read differently, so that what an older version read is read again. */
const readingVersion = 'v1';

export interface CollectedFixes {
  /** Fixes by source package and identifier. */
  readonly fixes: Readonly<Record<string, Readonly<Record<string, ChangelogFix>>>>;
  /** Source packages with security updates that were not read, and why. */
  readonly left: Readonly<Record<string, string>>;
}

/**
 * Reads which vulnerabilities a release's security updates fixed, from the changelog in one package of each updated source.
 * What was read is kept in `cache` by source and version, so that the next run only fetches what is new.
 */
export async function collectFixes(
  root: AptRoot,
  cache: string,
  packages: readonly string[] | undefined,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<CollectedFixes> {
  const [main, security] = await Promise.all([readPackageList(root.lists.main), readPackageList(root.lists.security)]);
  const wanted = packages && new Set(packages.flatMap(name => (main.get(name) ?? security.get(name))?.source ?? []));
  const bySource = Map.groupBy(security.values(), found => found.source);
  const fixes: Record<string, Record<string, ChangelogFix>> = {};
  const left: Record<string, string> = {};
  await mkdir(cache, { recursive: true });
  const missing: ListedPackage[][] = [];
  for (const [source, binaries] of bySource) {
    if (wanted && !wanted.has(source)) continue;
    // the smallest package costs least; one that only points to another's documentation is followed by the next
    const candidates = binaries
      .filter(found => !found.name.endsWith('-dbg'))
      .sort((a, b) => a.size - b.size)
      .slice(0, 4);
    const known = await cached(cache, candidates[0] ?? binaries[0]!);
    if (known) fixes[source] = known;
    else if (!wanted && (candidates[0]?.size ?? 0) > largest)
      left[source] = `its smallest package is larger than ${largest / 1024 / 1024} MiB`;
    else missing.push(candidates);
  }
  for (let round = 0; missing.length && round < 4; round++) {
    const now = missing.splice(0);
    progress(`reading the changelogs of ${now.length} updated packages`);
    const folder = join(cache, 'packages');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    await runCommand(
      'apt-get',
      [...root.flags, 'download', '--quiet', ...now.map(([first]) => `${first!.name}=${first!.version}`)],
      { signal, cwd: folder },
    );
    const files = new Map((await readdir(folder)).map(file => [file.split('_')[0]!, join(folder, file)]));
    await parallel(now, async candidates => {
      const [first, ...rest] = candidates as [ListedPackage, ...ListedPackage[]];
      const file = files.get(first.name);
      const changelog = file && (await changelogOf(file, signal));
      if (!changelog) {
        if (rest.length) missing.push(rest);
        else left[first.source] = 'its packages hold no changelog';
        return;
      }
      const found = Object.fromEntries(changelogFixes(changelog));
      await keep(cache, first, found);
      fixes[first.source] = found;
    });
    await rm(folder, { recursive: true, force: true });
  }
  return { fixes, left };
}

/** The changelog inside a .deb, or undefined when its documentation lies in another package. */
async function changelogOf(file: string, signal: AbortSignal): Promise<string | undefined> {
  const unpacked = `${file}.unpacked`;
  await runCommand('dpkg-deb', ['--extract', file, unpacked], { signal });
  try {
    for (const name of ['changelog.Debian.gz', 'changelog.gz']) {
      for await (const found of glob(`usr/share/doc/*/${name}`, { cwd: unpacked })) {
        // a link leads out of the package, and the file at its end is not there
        const path = join(unpacked, found);
        if ((await lstat(path)).isFile()) return gunzipSync(await readFile(path)).toString('utf8');
      }
    }
    return undefined;
  } finally {
    await rm(unpacked, { recursive: true });
  }
}

function cacheFile(cache: string, listed: ListedPackage): string {
  return join(cache, `${readingVersion}_${listed.source}_${encodeURIComponent(listed.sourceVersion)}.json`);
}

async function cached(cache: string, listed: ListedPackage): Promise<Record<string, ChangelogFix> | undefined> {
  try {
    return JSON.parse(await readFile(cacheFile(cache, listed), 'utf8')) as Record<string, ChangelogFix>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function keep(cache: string, listed: ListedPackage, fixes: Record<string, ChangelogFix>): Promise<void> {
  const file = cacheFile(cache, listed);
  await writeFile(`${file}.new`, JSON.stringify(fixes));
  await rename(`${file}.new`, file);
}

async function parallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
