import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ensureParts } from '../build/ensure-parts.ts';
import { runCommand } from '../command.ts';
import { withFileLock } from '../file-lock.ts';
import type { Part } from '../parts.ts';
import type { Mirrors } from './mirrors.ts';

const suite = 'bookworm';
// what a service image is likely to hold, and what has known fixed vulnerabilities for the fix loop to work on
const packages = ['ca-certificates', 'curl', 'openssl'];
const tool: Part = { kind: 'debian', name: 'mmdebstrap', suite: 'machine', packages: ['mmdebstrap'] };

export interface Preparation {
  /** The user's cache, such as ~/.cache/fairway. */
  readonly cacheFolder: string;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** Name of what `distributionBase` makes from these mirrors: another recipe or mirror has another one. */
export function baseKey(mirrors: Mirrors): string {
  const recipe = JSON.stringify({ suite, packages, sources: imageSources(mirrors), architecture: process.arch });
  return createHash('sha256').update(recipe).digest('hex').slice(0, 16);
}

/**
 * Makes a root file system of Debian bookworm from its main suite, without the security suite's updates, and keeps it.
 * @returns path of the tar archive
 */
export async function distributionBase(mirrors: Mirrors, preparation: Preparation): Promise<string> {
  const { cacheFolder, signal, progress } = preparation;
  const folder = join(cacheFolder, 'base-image');
  const archive = join(folder, `${suite}-${baseKey(mirrors)}.tar`);
  await mkdir(folder, { recursive: true });
  const waiting = (holder: number) => progress(`being made by process ${holder}; waiting`);
  return withFileLock(`${archive}.lock`, signal, waiting, async () => {
    if (await isIntact(archive)) return archive;
    const parts = await ensureParts([tool], { folder: join(cacheFolder, 'parts'), signal, progress });
    await bootstrap(`${parts.get(tool.name)}/usr/bin/mmdebstrap`, mirrors, `${archive}.new`, preparation);
    await writeFile(`${archive}.sha256`, await fileDigest(`${archive}.new`));
    await rename(`${archive}.new`, archive);
    return archive;
  });
}

async function bootstrap(program: string, mirrors: Mirrors, archive: string, { signal, progress }: Preparation) {
  const sources = `${archive}.sources`;
  await writeFile(sources, imageSources(mirrors));
  try {
    await runCommand(
      program,
      [
        ...['--variant=minbase', '--format=tar', `--include=${packages.join(',')}`],
        // security updates are installed by the fix loop, from these sources
        `--customize-hook=upload ${sources} /etc/apt/sources.list`,
        ...[suite, archive, `deb ${mirrors.main} ${suite} main`],
      ],
      {
        signal,
        // the archive's times do not depend on when it was made
        environment: { ...process.env, SOURCE_DATE_EPOCH: '0' },
        onErrorLine: line => progress(line.replace(/^I: /, '')),
        advice: 'Check that apt reaches its mirrors (apt-get update) and that /tmp has 1 GB free.',
      },
    );
  } catch (error) {
    await rm(archive, { force: true });
    throw error;
  } finally {
    await rm(sources, { force: true });
  }
}

/** The apt sources inside the image; its own archive keyring checks them. */
function imageSources({ main, security }: Mirrors): string {
  return `deb ${main} ${suite} main\ndeb ${security} ${suite}-security main\n`;
}

/** Whether the archive is there with the bytes it was made with. */
async function isIntact(archive: string): Promise<boolean> {
  try {
    return (await readFile(`${archive}.sha256`, 'utf8')) === (await fileDigest(archive));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
