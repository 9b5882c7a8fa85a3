import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../run-program.ts';
import { ToolError } from '../tool-error.ts';
import { findDatabase } from './database.ts';
import { downloadDatabase } from './download-database.ts';
import { readTrivyReport } from './trivy-report.ts';
import type { TrivyReport } from './trivy-report.ts';
import type { ScanReport } from './finding.ts';

/** An image on disk, so that the scanner needs neither the daemon's socket nor a registry's credentials. */
export interface LayoutImage {
  /** Folder of the OCI layout. */
  readonly layout: string;
  /** `sha256:…` of the manifest, which the index of the layout names. */
  readonly digest: string;
}

export interface ScanRequest extends LayoutImage {
  /** Folder of the vulnerability database; without one the scanner downloads the newest into its own cache. */
  readonly database?: string;
  readonly signal: AbortSignal;
}

export interface SbomScanRequest {
  /** CycloneDX JSON, as the scanner wrote it of the image. */
  readonly sbom: Uint8Array;
  /** `sha256:…` of the image that it describes. */
  readonly digest: string;
  /** As in `ScanRequest`. */
  readonly database?: string;
  readonly signal: AbortSignal;
}

export interface ScannedImage extends ScanReport {
  /** CycloneDX JSON of every package. */
  readonly sbom: string;
}

export interface Scanner {
  readonly version: string;
  scan(request: ScanRequest): Promise<ScannedImage>;
  /** Scans what an SBOM lists, without its image; which layer brought a package is not known then. */
  scanSbom(request: SbomScanRequest): Promise<ScanReport>;
  /** CycloneDX JSON of the packages in an image; needs no vulnerability database. */
  sbom(image: LayoutImage, signal: AbortSignal): Promise<string>;
}

// What a scanner may know of the environment: where programs and certificates lie and how the network is left.
const passed = [
  'PATH',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'no_proxy',
  'TMPDIR',
];

/** Where the database is from, for scans that name no folder. */
export interface DatabaseSource {
  /** Repositories of registries that have Trivy's database, with tag, in the order in which they are asked. Default: Trivy's own. */
  readonly mirrors?: readonly string[];
  /** Folder in which the database stays from one run to the next. Default: Trivy's own. */
  readonly cache?: string;
}

/** Opens the Trivy at `program` (a path, or a name that PATH finds). */
export async function openScanner(program: string, signal: AbortSignal, source: DatabaseSource = {}): Promise<Scanner> {
  const version = await inFolder(folder => trivy(program, ['--version', '--format', 'json'], folder, signal));
  const { Version } = JSON.parse(version) as { Version: string };
  return {
    version: Version,
    scan: request =>
      inFolder(async folder => {
        const image = ['image', ...(await input(request, folder))];
        const { report, file } = await scan(program, Version, image, request, folder, source);
        const convert = ['convert', '--quiet', '--format', 'cyclonedx'];
        const sbom = file === undefined ? '' : await trivy(program, [...convert, file], folder, request.signal);
        return { ...report, sbom };
      }),
    scanSbom: request =>
      inFolder(async folder => {
        await writeFile(join(folder, 'sbom.cdx.json'), request.sbom);
        return (await scan(program, Version, ['sbom', 'sbom.cdx.json'], request, folder, source)).report;
      }),
    sbom: (image, aborted) =>
      inFolder(async folder =>
        trivy(
          program,
          [
            'image',
            ...plain,
            ...(await input(image, folder)),
            ...(await ownCache(folder, { image })),
            '--format',
            'cyclonedx',
          ],
          folder,
          aborted,
        ),
      ),
  };
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
  { image, database }: { readonly image?: LayoutImage; readonly database?: string },
): Promise<readonly string[]> {
  const cache = join(folder, 'cache');
  await mkdir(cache);
  if (database !== undefined) await symlink(database, join(cache, 'db'));
  if (image !== undefined) {
    const seen = `${image.layout}.scanner`;
    await mkdir(seen, { recursive: true });
    await symlink(seen, join(cache, 'fanal'));
  }
  return ['--cache-dir', cache];
}

const plain = ['--quiet', '--no-progress', '--offline-scan'];

/** The file is the scanner's own report; there is none when it compared nothing. */
async function scan(
  program: string,
  version: string,
  what: readonly string[],
  request: ScanRequest | Omit<SbomScanRequest, 'sbom'>,
  folder: string,
  { mirrors = [], cache = join(homedir(), '.cache', 'trivy') }: DatabaseSource,
): Promise<{ readonly report: ScanReport; readonly file?: string }> {
  const database =
    request.database === undefined
      ? await downloadDatabase(cache, mirrors, parameters => trivy(program, parameters, folder, request.signal))
      : ((await findDatabase(request.database)) ?? `There is no vulnerability database in ${request.database}.`);
  if (typeof database === 'string') return unscanned(request.digest, version, database);
  const flags = ['--scanners', 'vuln', '--list-all-pkgs', '--timeout', '60m', '--skip-db-update'];
  if (request.database === undefined) flags.push('--cache-dir', cache);
  else {
    const image = 'layout' in request ? request : undefined;
    flags.push(...(await ownCache(folder, { image, database: database.folder })), '--skip-java-db-update');
  }
  const file = join(folder, 'report.json');
  try {
    await trivy(program, [...what, ...plain, ...flags, '--format', 'json', '--output', file], folder, request.signal);
  } catch (error) {
    // a scanner without data says nothing about the image
    if (
      error instanceof ToolError &&
      /DB (error|update)|database error|cannot be specified on the first run|failed to download/i.test(error.output)
    ) {
      return unscanned(
        request.digest,
        version,
        `The scanner has no vulnerability database: ${error.output.split('\n').at(-1)}`,
      );
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

function unscanned(image: string, version: string, reason: string): { readonly report: ScanReport } {
  return {
    report: {
      image,
      scanner: { name: 'trivy', version },
      packages: {},
      findings: [],
      inconclusive: [reason],
      notes: [],
    },
  };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-scan-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs Trivy in an empty folder with an empty home, where it finds no configuration and no credentials, and gives what it printed. */
async function trivy(
  program: string,
  parameters: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const environment = Object.fromEntries(
    passed.flatMap(name => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  return runProgram({
    tool: 'trivy',
    ...{ program, parameters, folder, signal },
    environment: { ...environment, HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder },
    advice: 'Install Trivy (https://trivy.dev), or say where it lies with the input `scanner`.',
    lastLines: 6,
  });
}
