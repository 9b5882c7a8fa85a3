import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import { findDatabase } from './database.ts';
import { cause, downloadDatabase, firstOf } from './download-database.ts';
import { inFolder, runScanner } from './run-scanner.ts';
import { readTrivyReport } from './trivy-report.ts';
import type { TrivyReport } from './trivy-report.ts';
import { unscanned } from './finding.ts';
import type { ScanReport } from './finding.ts';
import type { DatabaseSource, LayoutImage, SbomScanRequest, Scanner, ScanRequest } from './scanner.ts';

/** Where Trivy's project publishes its database: the second is the origin of the first. */
const published = ['mirror.gcr.io/aquasec/trivy-db:2', 'ghcr.io/aquasecurity/trivy-db:2'];
/** The same for what it knows of Java archives that do not say what they are. */
const publishedJava = ['mirror.gcr.io/aquasec/trivy-java-db:1', 'ghcr.io/aquasecurity/trivy-java-db:1'];

export function openTrivy(program: string, version: string, source: DatabaseSource): Scanner {
  return {
    name: 'trivy',
    version,
    scan: request =>
      inFolder(async folder => {
        const image = ['image', ...(await input(request, folder))];
        const { report, file } = await scan(program, version, image, request, folder, source);
        const convert = ['convert', '--quiet', '--format', 'cyclonedx'];
        const sbom = file === undefined ? '' : await trivy(program, [...convert, file], folder, request.signal);
        return { ...report, sbom };
      }),
    scanSbom: request =>
      inFolder(async folder => {
        await writeFile(join(folder, 'sbom.cdx.json'), request.sbom);
        return (await scan(program, version, ['sbom', 'sbom.cdx.json'], request, folder, source)).report;
      }),
    sbom: (image, aborted) =>
      inFolder(async folder => {
        const flags = ['image', ...plain, ...(await input(image, folder)), '--format', 'cyclonedx'];
        const java = join(source.cache ?? ownFolder, 'java-db');
        flags.push(...(await ownCache(folder, { image, java })));
        return withJava(program, source, folder, aborted, () => trivy(program, flags, folder, aborted));
      }),
    database: find,
  };
}

/** A folder with the database in it, or a cache folder of Trivy. */
function find(folder: string) {
  return findDatabase([folder, join(folder, 'db')], 'trivy.db');
}

/** The scanner cuts the name of a layout at the first "@" or ":", so it gets one without them, in its own folder. */
async function input({ layout, digest }: LayoutImage, folder: string): Promise<readonly string[]> {
  await symlink(layout, join(folder, 'image'));
  return ['--input', `image@${digest}`];
}

/**
 * A cache of the scanner in its own folder, so that it leaves that of the database alone. What it found in a layer stays beside the layout: each
 * layer is read once, however often its images are scanned.
 */
async function ownCache(
  folder: string,
  { image, database, java }: { readonly image?: LayoutImage; readonly database?: string; readonly java?: string },
): Promise<readonly string[]> {
  const cache = join(folder, 'cache');
  await mkdir(cache);
  if (database !== undefined) await symlink(database, join(cache, 'db'));
  // a link to nothing is no database
  if (java !== undefined) await symlink(java, join(cache, 'java-db'));
  if (image !== undefined) {
    const seen = `${image.layout}.scanner`;
    await mkdir(seen, { recursive: true });
    await symlink(seen, join(cache, 'fanal'));
  }
  return ['--cache-dir', cache];
}

const ownFolder = join(homedir(), '.cache', 'trivy');

/**
 * Runs Trivy, which needs the database of Java archives only when it sees one: then it is brought to the cache folder, from the first
 * mirror that answers. What is there is used while it is new enough.
 */
async function withJava(
  program: string,
  { javaMirrors = [], cache = ownFolder }: DatabaseSource,
  folder: string,
  signal: AbortSignal,
  run: () => Promise<string>,
): Promise<string> {
  const bring = async () => {
    const flags = ['--download-java-db-only', '--no-progress', '--cache-dir', cache, '--java-db-repository'];
    const asked = await firstOf(javaMirrors.length > 0 ? javaMirrors : publishedJava, mirror =>
      trivy(program, ['image', ...flags, mirror], folder, signal),
    );
    if ('given' in asked) return;
    throw new ToolError(
      'trivy',
      reasonOf('scanner.bringJava'),
      undefined,
      // of its error a scan shows this part
      reasonOf('list.then', { first: asked.failures.join(' '), second: reasonOf('scanner.javaMirrors') }),
    );
  };
  if (await findDatabase([join(cache, 'java-db')], 'metadata.json')) await bring();
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ToolError) || !/cannot be specified on the first run/.test(error.output)) throw error;
    await bring();
    return run();
  }
}

const plain = ['--quiet', '--no-progress', '--offline-scan', '--skip-java-db-update'];

/** The file is the scanner's own report; there is none when it compared nothing. */
async function scan(
  program: string,
  version: string,
  what: readonly string[],
  request: ScanRequest | Omit<SbomScanRequest, 'sbom'>,
  folder: string,
  source: DatabaseSource,
): Promise<{ readonly report: ScanReport; readonly file?: string }> {
  const { mirrors = [], cache = ownFolder } = source;
  const download = ['image', '--download-db-only', '--no-progress', '--cache-dir', cache, '--db-repository'];
  const database =
    request.database === undefined
      ? await downloadDatabase(
          cache,
          mirrors.length > 0 ? mirrors : published,
          mirror => trivy(program, [...download, mirror], folder, request.signal),
          () => find(cache),
        )
      : ((await find(request.database)) ?? `There is no vulnerability database in ${request.database}.`);
  const none = (reason: string) => ({ report: unscanned(request.digest, { name: 'trivy', version }, reason) });
  if (typeof database === 'string') return none(database);
  const flags = ['--scanners', 'vuln', '--list-all-pkgs', '--timeout', '60m', '--skip-db-update'];
  if (request.database === undefined) flags.push('--cache-dir', cache);
  else {
    const image = 'layout' in request ? request : undefined;
    const java = join(request.database, 'java-db');
    flags.push(...(await ownCache(folder, { image, java, database: database.folder })));
  }
  const file = join(folder, 'report.json');
  try {
    const all = [...what, ...plain, ...flags, '--format', 'json', '--output', file];
    const run = () => trivy(program, all, folder, request.signal);
    await (request.database === undefined ? withJava(program, source, folder, request.signal, run) : run());
  } catch (error) {
    // a scanner without data says nothing about the image
    if (
      error instanceof ToolError &&
      /DB (error|update)|database (error|of Java)|cannot be specified on the first run|failed to download/i.test(
        error.message,
      )
    ) {
      return none(`The scanner has no vulnerability database: ${cause(error.output)}`);
    }
    throw error;
  }
  const report = readTrivyReport(
    JSON.parse(await readFile(file, 'utf8')) as TrivyReport,
    request.digest,
    version,
    database,
  );
  return { report, file };
}

function trivy(program: string, parameters: readonly string[], folder: string, signal: AbortSignal): Promise<string> {
  return runScanner('trivy', program, parameters, folder, signal);
}
