import { connectDocker } from '../docker/index.ts';
import type { ScanPolicy } from './judge.ts';
import { openScanner } from './scanner.ts';
import type { Scanner } from './scanner.ts';

interface ScanInputs {
  readonly scanner: string;
  readonly 'database-mirrors'?: readonly string[];
  readonly 'java-database-mirrors'?: readonly string[];
}

/** Opens the scanner that a stage was given. */
export function connectScanner(inputs: ScanInputs): Promise<Scanner> {
  return openScanner(inputs.scanner, AbortSignal.timeout(60_000), {
    mirrors: inputs['database-mirrors'],
    javaMirrors: inputs['java-database-mirrors'],
  });
}

/** Opens the daemon and the scanner side by side. */
export async function connectScan(
  inputs: ScanInputs & { readonly 'docker-host'?: string; readonly 'docker-certificates'?: string },
) {
  const [docker, scanner] = await Promise.all([
    connectDocker(inputs['docker-host'], undefined, inputs['docker-certificates']),
    connectScanner(inputs),
  ]);
  return { docker, scanner };
}

/** Everything besides the image that decides what a scan finds and how it is judged, for a content key. */
export async function scanMaterial(
  scanner: Scanner,
  request: { readonly database?: string; readonly policy: ScanPolicy; readonly now: Date },
): Promise<Readonly<Record<string, string>>> {
  const database = request.database ? await scanner.database(request.database) : undefined;
  const day = request.now.toISOString().slice(0, 10);
  const standing = [...request.policy.exceptions, ...(request.policy.unknownPackages ?? [])];
  return {
    policy: JSON.stringify(request.policy),
    scanner: `${scanner.name} ${scanner.version}`,
    // without a folder of its own the scanner fetches newer data by itself: a day is how long an answer stands
    database: database?.date ?? day,
    exceptions: String(standing.filter(({ until }) => until >= day).length),
  };
}
