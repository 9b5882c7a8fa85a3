import { createHash } from 'node:crypto';
import { PackageURL } from 'packageurl-js';
import { isSameVulnerability } from './finding.ts';
import type { Finding } from './finding.ts';
import { packageUrl } from './package-kind.ts';

/** What a statement of OpenVEX is about: a piece of software by any of its names. */
export interface VexComponent {
  readonly '@id'?: string;
  /** By kind, such as `purl`. */
  readonly identifiers?: Readonly<Record<string, string>>;
  /** Hexadecimal, by algorithm, such as `sha-256`. */
  readonly hashes?: Readonly<Record<string, string>>;
}

export interface VexProduct extends VexComponent {
  /** What of the product is meant; all of it when absent. */
  readonly subcomponents?: readonly VexComponent[];
}

/** Whether a vulnerability concerns products, as OpenVEX 0.2.0 states it. */
export interface VexStatement {
  readonly vulnerability: { readonly name: string; readonly aliases?: readonly string[] };
  /** RFC 3339. */
  readonly timestamp: string;
  readonly products: readonly VexProduct[];
  readonly status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation';
  /** Why a product is not affected: one of the words of OpenVEX. */
  readonly justification?: string;
  /** Why a product is not affected, in free words. */
  readonly impact_statement?: string;
}

/** A statement that was read, with the document that it is from. */
export interface ReadVexStatement extends VexStatement {
  readonly file: string;
}

/** An image, as statements name it. */
export interface VexImage {
  /** Name of the service, which is the name of its image. */
  readonly name: string;
  /** `sha256:…` of the manifest. */
  readonly digest: string;
}

/**
 * The newest statement about a finding in an image. Its product is the image (by digest, or by a package URL such as pkg:oci/assistant), with
 * the package as subcomponent where it names any; or its product is the package itself.
 */
export function statementAbout<Statement extends VexStatement>(
  finding: Finding,
  image: VexImage,
  statements: readonly Statement[],
): Statement | undefined {
  const own = imageProduct(image);
  const part = { '@id': finding.purl };
  return statements
    .filter(
      ({ vulnerability: { name, aliases }, products }) =>
        isSameVulnerability({ id: name, aliases }, finding) &&
        products.some(product =>
          isMeant(product, own)
            ? !product.subcomponents?.length || product.subcomponents.some(one => isMeant(one, part))
            : isMeant(product, part),
        ),
    )
    .toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp))
    .at(-1);
}

/** Why a statement says that a finding does no harm, in a few words. */
export function whyHarmless({ status, justification, impact_statement }: ReadVexStatement): string {
  return impact_statement ?? justification?.replaceAll('_', ' ') ?? `${status.replaceAll('_', ' ')} in this version`;
}

/** An image as product of a statement. */
export function imageProduct({ name, digest }: VexImage): VexComponent {
  const purl = new PackageURL('oci', undefined, name, digest, undefined, undefined).toString();
  return { '@id': purl, identifiers: { purl }, hashes: { 'sha-256': digest.slice('sha256:'.length) } };
}

/** Whether a component of a statement names a piece of software: by the same digest, or by a package URL that says no more than is so. */
function isMeant(named: VexComponent, software: VexComponent): boolean {
  const digest = software.hashes?.['sha-256'];
  if (digest !== undefined && named.hashes?.['sha-256']?.toLowerCase() === digest) return true;
  const actual = packageUrl(software['@id']);
  if (!actual) return false;
  return [named['@id'], named.identifiers?.['purl']].some(text => {
    const purl = packageUrl(text);
    return (
      purl !== undefined &&
      purl.type === actual.type &&
      (purl.namespace ?? '') === (actual.namespace ?? '') &&
      purl.name === actual.name &&
      (!purl.version || wholeVersion(purl) === wholeVersion(actual)) &&
      Object.entries(purl.qualifiers ?? {}).every(
        ([key, value]) => actual.qualifiers?.[key] === value || (key === 'epoch' && purl.version),
      )
    );
  });
}

/** The version in one spelling: with the epoch, which may be a qualifier, and as Go has it in its modules. */
function wholeVersion({ type, version, qualifiers }: PackageURL): string {
  const plain = version ?? '';
  if (type === 'golang') return plain.replace(/^v(?=\d)/, '');
  const epoch = qualifiers?.['epoch'] ?? '0';
  return epoch === '0' || /^\d+:/.test(plain) ? plain : `${epoch}:${plain}`;
}

/** A statement as it is written. */
export interface WrittenStatement extends Omit<VexStatement, 'timestamp'> {
  /** That of the document when absent. */
  readonly timestamp?: string;
  readonly status_notes?: string;
  readonly action_statement?: string;
}

export interface VexDocument {
  readonly '@context': string;
  readonly '@id': string;
  readonly author: string;
  readonly timestamp: string;
  readonly version: number;
  readonly tooling: string;
  readonly statements: readonly WrittenStatement[];
}

/** Media type of an OpenVEX document. */
export const vexType = 'application/vnd.openvex+json';

/**
 * An OpenVEX 0.2.0 document; undefined when there is nothing to state, since a document has at least one statement. What it says is in its
 * identifier, so another text is another document in its first version.
 * @param author who answers for it
 * @param timestamp RFC 3339
 */
export function vexDocument(
  statements: readonly WrittenStatement[],
  { author, timestamp }: { readonly author: string; readonly timestamp: string },
): VexDocument | undefined {
  if (statements.length === 0) return undefined;
  const said = [...new Map(statements.map(one => [JSON.stringify(one), one])).values()];
  const hash = createHash('sha256').update(JSON.stringify([author, timestamp, said]));
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `https://openvex.dev/docs/public/vex-${hash.digest('hex')}`,
    author,
    timestamp,
    version: 1,
    tooling: 'Fairway',
    statements: said,
  };
}
