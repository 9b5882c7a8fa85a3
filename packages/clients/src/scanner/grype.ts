import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findImage, mediaTypes } from '@fairway/image';
import { ToolError } from '../tool-error.ts';
import { findDatabase } from './database.ts';
import { cause, downloadDatabase } from './download-database.ts';
import { unscanned } from './finding.ts';
import { readGrypeReport } from './grype-report.ts';
import { inFolder, runScanner } from './run-scanner.ts';
import type { ScannerDatabase } from './database.ts';
import type { ScanReport } from './finding.ts';
import type { GrypeReport } from './grype-report.ts';
import type { DatabaseSource, LayoutImage, SbomScanRequest, Scanner, ScanRequest } from './scanner.ts';

/** Where Grype's project publishes its database. */
const published = ['https://grype.anchore.io/databases'];

export function openGrype(program: string, version: string, source: DatabaseSource): Scanner {
  return {
    name: 'grype',
    version,
    scan: request =>
      inFolder(async folder => {
        const { report, sbom } = await scan(program, version, await input(request, folder), request, folder, source);
        return { ...report, sbom };
      }),
    scanSbom: request =>
      inFolder(async folder => {
        await writeFile(join(folder, 'given.cdx.json'), request.sbom);
        return (await scan(program, version, 'sbom:given.cdx.json', request, folder, source)).report;
      }),
    sbom: (image, aborted) =>
      inFolder(async folder => {
        await emptyDatabase(program, folder, aborted);
        await grype(program, [await input(image, folder), ...outputs.slice(2)], folder, aborted, ownCache(folder));
        return listed(folder);
      }),
    database: given =>
      inFolder(async folder => {
        const database = await find(given);
        if (database === undefined) return undefined;
        await linkDatabase(folder, database);
        const signal = AbortSignal.timeout(60_000);
        const status = await grype(program, ['db', 'status', '--output', 'json'], folder, signal, ownCache(folder));
        return { ...database, date: (JSON.parse(status) as { built: string }).built };
      }),
  };
}

/** Grype takes the one image of a layout, so it gets a layout of its own with that one, whose blobs are those of the other. */
async function input({ layout, digest }: LayoutImage, folder: string): Promise<string> {
  const own = join(folder, 'image');
  const image = await findImage({ folder: layout }, { digest });
  await mkdir(own);
  await symlink(join(layout, 'blobs'), join(own, 'blobs'));
  await writeFile(join(own, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  await writeFile(
    join(own, 'index.json'),
    JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: image ? [image] : [] }),
  );
  return 'oci-dir:image';
}

/** A folder with the database in it, or a cache folder of Grype: that of the sixth schema is the one it reads. */
function find(folder: string) {
  return findDatabase([folder, join(folder, '6')], 'vulnerability.db');
}

/** Data of a folder that was named counts however old it is: what is made of it says of which day it is. */
function ownCache(folder: string): Readonly<Record<string, string>> {
  return { GRYPE_DB_CACHE_DIR: join(folder, 'cache'), GRYPE_DB_VALIDATE_AGE: 'false' };
}

async function linkDatabase(folder: string, database: ScannerDatabase): Promise<void> {
  await mkdir(join(folder, 'cache'));
  await symlink(database.folder, join(folder, 'cache', '6'));
}

/** Grype lists packages only with a database at hand: one without any data will do, to which it adds the tables itself. */
async function emptyDatabase(program: string, folder: string, signal: AbortSignal): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(join(folder, 'empty.db'));
  database.exec(
    'CREATE TABLE db_metadata (build_timestamp datetime NOT NULL, model integer NOT NULL, revision integer NOT NULL, addition integer NOT NULL)',
  );
  database.prepare('INSERT INTO db_metadata VALUES (?, 6, 0, 0)').run(new Date().toISOString());
  database.close();
  await grype(program, ['db', 'import', 'empty.db'], folder, signal, ownCache(folder));
}

const outputs = ['--output', 'json=report.json', '--output', 'cyclonedx-json=sbom.cdx.json'];

async function scan(
  program: string,
  version: string,
  what: string,
  request: ScanRequest | SbomScanRequest,
  folder: string,
  { mirrors = [], cache = join(homedir(), '.cache', 'grype', 'db') }: DatabaseSource,
): Promise<{ readonly report: ScanReport; readonly sbom: string }> {
  const { digest, signal } = request;
  const stored = { GRYPE_DB_CACHE_DIR: cache };
  const database =
    request.database === undefined
      ? await downloadDatabase(
          cache,
          mirrors.length > 0 ? mirrors : published,
          mirror => grype(program, ['db', 'update'], folder, signal, { ...stored, GRYPE_DB_UPDATE_URL: mirror }),
          () => find(cache),
        )
      : ((await find(request.database)) ?? `There is no vulnerability database in ${request.database}.`);
  const none = (reason: string) => ({ report: unscanned(digest, { name: 'grype', version }, reason), sbom: '' });
  if (typeof database === 'string') return none(database);
  if (request.database !== undefined) await linkDatabase(folder, database);
  try {
    const settings = request.database === undefined ? stored : ownCache(folder);
    await grype(program, [what, ...outputs], folder, signal, settings);
  } catch (error) {
    // a scanner without data says nothing about the image
    if (error instanceof ToolError && /vulnerability (db|database)/i.test(error.output))
      return none(`The scanner has no vulnerability database: ${cause(error.output)}`);
    throw error;
  }
  const sbom = await listed(folder);
  const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as GrypeReport;
  return { report: readGrypeReport(report, sbom, digest, version, database), sbom };
}

/** The SBOM that Grype wrote, without the findings that it puts beside the packages. */
async function listed(folder: string): Promise<string> {
  const bom = JSON.parse(await readFile(join(folder, 'sbom.cdx.json'), 'utf8')) as Record<string, unknown>;
  delete bom['vulnerabilities'];
  return JSON.stringify(bom);
}

/** What Grype unpacks of an image goes with the folder. */
function grype(
  program: string,
  parameters: readonly string[],
  folder: string,
  signal: AbortSignal,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  return runScanner('grype', program, parameters, folder, signal, {
    TMPDIR: folder,
    NO_COLOR: '1',
    GRYPE_LOG_LEVEL: 'error',
    GRYPE_CHECK_FOR_APP_UPDATE: 'false',
    GRYPE_DB_AUTO_UPDATE: 'false',
    ...settings,
  });
}
