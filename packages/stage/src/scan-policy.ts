import { readFile } from 'node:fs/promises';
import { ConfigurationError, readVex, systemErrorCode } from '@fairway/service';
import type { ServiceFile } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';

/**
 * By what the findings of a scan are judged: `scan` of fairway.yaml, the statements of the VEX documents that it names, and the packages of
 * the base branch.
 */
export async function scanPolicy(
  { service, folder }: Pick<ServiceFile, 'service' | 'folder'>,
  inputs: { readonly 'base-sbom'?: string },
) {
  const base = inputs['base-sbom'];
  return {
    ...service.scan,
    product: service.name,
    statements: await readVex(folder, service.scan.vex),
    base: base === undefined ? [] : await packageUrls(base),
  };
}

/** The package URLs in a CycloneDX document. */
async function packageUrls(path: string): Promise<readonly string[]> {
  try {
    const { components } = JSON.parse(await readFile(path, 'utf8')) as {
      components?: readonly { readonly purl?: string }[];
    };
    return (components ?? []).flatMap(({ purl }) => purl ?? []);
  } catch (error) {
    if (!(error instanceof SyntaxError) && systemErrorCode(error) !== 'ENOENT') throw error;
    throw new ConfigurationError(reasonOf('input.baseSbom', { path, words: (error as Error).message }));
  }
}
