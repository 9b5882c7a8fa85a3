import { readFile } from 'node:fs/promises';
import type { StageContext } from '@fairway/stage';

/** The part of a CycloneDX document that is read. */
interface Bom {
  readonly components?: readonly {
    readonly purl?: string;
    readonly properties?: readonly { readonly name: string; readonly value: string }[];
  }[];
}

/** The SBOM of the given image, by the evidence of remediate or build; undefined without any. */
export async function sbomBefore(
  context: Pick<StageContext, 'record' | 'evidencePath'>,
  image: string,
): Promise<string | undefined> {
  for (const stage of ['remediate', 'build'] as const) {
    const entry = context.record.stages[stage];
    const evidence = entry?.evidence.find(({ path }) => path.endsWith('/sbom.cdx.json'));
    if (evidence && !entry?.stale && entry?.outputs['digest'] === image)
      return readFile(context.evidencePath(evidence), 'utf8');
  }
  return undefined;
}

// where Trivy and Syft, which Grype lists packages with, write of a component in which file it is
const place = /^aquasecurity:trivy:FilePath$|^syft:location:\d+:path$/;

/**
 * The packages that are no longer listed, as words; undefined when all are. What lay nowhere but in files that are left out on purpose, as in the
 * cache of uv, is not missed.
 */
export function packagesLost(before: string, after: string, leftOut: (path: string) => boolean): string | undefined {
  // architecture and distribution stand behind a question mark
  const components = (text: string) =>
    ((JSON.parse(text) as Bom).components ?? []).map(one => ({ ...one, purl: one.purl?.replace(/[?#].*/, '') }));
  const listed = new Set(components(after).map(({ purl }) => purl));
  const lost = components(before).flatMap(({ purl, properties = [] }) => {
    if (purl === undefined || listed.has(purl)) return [];
    const places = properties.filter(({ name }) => place.test(name)).map(({ value }) => value.replace(/^\/+/, ''));
    return places.length > 0 && places.every(leftOut) ? [] : [purl];
  });
  const named = [...new Set(lost)].toSorted();
  if (named.length === 0) return undefined;
  return `${named.slice(0, 4).join(', ')}${named.length > 4 ? ` and ${named.length - 4} more` : ''}`;
}
