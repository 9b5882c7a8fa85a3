import { readFile } from 'node:fs/promises';
import type { ScanReport } from '@fairway/clients/scanner/index';
import type { StageContext } from '@fairway/stage';

type Packages = ScanReport['packages'];

/** How many packages the scanner saw in the given image, by the evidence of scan or remediate; undefined without any. */
export async function packagesBefore(
  context: Pick<StageContext, 'record' | 'evidencePath'>,
  image: string,
): Promise<Packages | undefined> {
  for (const stage of ['remediate', 'scan'] as const) {
    const entry = context.record.stages[stage];
    const evidence = entry?.evidence.find(({ path }) => /\/findings(-after)?\.json$/.test(path));
    if (!evidence || entry?.stale) continue;
    const report = JSON.parse(await readFile(context.evidencePath(evidence), 'utf8')) as ScanReport;
    if (report.image === image) return report.packages;
  }
  return undefined;
}

/** What is no longer seen, as words; undefined when all is. */
export function packagesLost(before: Packages | undefined, after: Packages): string | undefined {
  const lost = Object.entries(before ?? {}).filter(([ecosystem, count]) => (after[ecosystem] ?? 0) < count);
  return (
    lost.map(([ecosystem, count]) => `${after[ecosystem] ?? 0} of ${count} of ${ecosystem}`).join(', ') || undefined
  );
}
