import { readFile } from 'node:fs/promises';
import { imageProduct, vexDocument } from '@fairway/clients/scanner/index';
import type { Finding, Judgement, ScanReport, VexDocument, WrittenStatement } from '@fairway/clients/scanner/index';
import type { DeliveryRecord, Evidence } from '@fairway/stage';

/**
 * What the policy decided about the findings of an image, and what was fixed in it, for those who scan it later.
 * @returns undefined when nothing was decided and nothing fixed
 */
export function scanVex(
  { name, owner, image }: { readonly name: string; readonly owner: string; readonly image: string },
  judgement: Pick<Judgement, 'accepted' | 'stated'>,
  fixed: readonly Finding[],
  now: Date,
): VexDocument | undefined {
  const about = ({ id, aliases, purl }: Finding, version: boolean) => ({
    vulnerability: { name: id, ...(aliases ? { aliases } : {}) },
    products: [
      {
        ...imageProduct({ name, digest: image }),
        ...(purl ? { subcomponents: [subcomponent(version ? purl : purl.replace(/@.*/, ''))] } : {}),
      },
    ],
  });
  const statements: readonly WrittenStatement[] = [
    ...judgement.accepted.map(({ finding, exception }) => ({
      ...about(finding, true),
      status: 'affected' as const,
      action_statement: `Accepted until ${exception.until}${exception.owner ? ` by ${exception.owner}` : ''}: ${exception.reason}`,
    })),
    ...judgement.stated.map(({ finding, statement: { status, timestamp, justification, impact_statement, file } }) => ({
      ...about(finding, true),
      status,
      timestamp,
      // the schema of OpenVEX takes one of the two
      ...(justification ? { justification } : impact_statement ? { impact_statement } : {}),
      status_notes: justification && impact_statement ? `${impact_statement} (${file})` : file,
    })),
    // the fixed package has another version, and the digest of the image says which
    ...fixed.map(finding => ({ ...about(finding, false), status: 'fixed' as const })),
  ];
  return vexDocument(statements, { author: owner, timestamp: now.toISOString() });
}

function subcomponent(purl: string) {
  return { '@id': purl, identifiers: { purl } };
}

/** The findings before the image was patched, as evidence of `remediate`; undefined when it was not. */
export function fixedFrom({ stages: { remediate } }: DeliveryRecord, image: string): Evidence | undefined {
  if (remediate?.verdict !== 'pass' || remediate.stale || remediate.outputs['digest'] !== image) return undefined;
  return remediate.evidence.find(({ path }) => path.endsWith('/findings-before.json'));
}

export async function readFindings(path: string): Promise<readonly Finding[]> {
  return (JSON.parse(await readFile(path, 'utf8')) as ScanReport).findings;
}
