import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { unscanned } from './finding.ts';
import { openGrype } from './grype.ts';
import { inFolder, runScanner } from './run-scanner.ts';
import { foreignSbom } from './sbom-author.ts';
import { openTrivy } from './trivy.ts';
import { ToolError } from '../tool-error.ts';
import type { ScannerDatabase } from './database.ts';
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
  readonly name: 'trivy' | 'grype';
  readonly version: string;
  scan(request: ScanRequest): Promise<ScannedImage>;
  /** Scans what an SBOM lists, without its image; which layer brought a package is not known then. */
  scanSbom(request: SbomScanRequest): Promise<ScanReport>;
  /** CycloneDX JSON of the packages in an image; needs no vulnerability database. */
  sbom(image: LayoutImage, signal: AbortSignal): Promise<string>;
  /** The database in a folder; undefined when this scanner finds none there. */
  database(folder: string): Promise<ScannerDatabase | undefined>;
}

/** Where the database is from, for scans that name no folder. */
export interface DatabaseSource {
  /** Who has the scanner's database, in the order in which they are asked. Default: the scanner's own project. */
  readonly mirrors?: readonly string[];
  /** The same for Trivy's database of Java archives, which it asks for when it sees one; Grype reads what is in them. */
  readonly javaMirrors?: readonly string[];
  /** Folder in which the database stays from one run to the next. Default: the scanner's own. */
  readonly cache?: string;
}

/** Opens the Trivy or Grype at `program` (a path, or a name that PATH finds), by what it says of itself. */
export async function openScanner(program: string, signal: AbortSignal, source: DatabaseSource = {}): Promise<Scanner> {
  const said = await inFolder(folder => runScanner('scanner', program, ['--version'], folder, signal));
  const [, grype, trivy] = /^(?:grype (.+)|Version: (.+))$/m.exec(said) ?? [];
  if (trivy !== undefined) return ofOwn(openTrivy(program, trivy, source));
  if (grype !== undefined) return ofOwn(openGrype(program, grype, source));
  throw new ToolError(
    'scanner',
    `${program} --version`,
    undefined,
    reasonOf('scanner.other', { words: JSON.stringify(said.trim().slice(0, 100)) }),
    reasonOf('scanner.name'),
  );
}

/** An SBOM of another tool is not scanned: few findings in it would read as few there are. */
function ofOwn(scanner: Scanner): Scanner {
  return {
    ...scanner,
    async scanSbom(request) {
      const foreign = foreignSbom(request.sbom, scanner.name);
      return foreign === undefined ? scanner.scanSbom(request) : unscanned(request.digest, scanner, foreign);
    },
  };
}
