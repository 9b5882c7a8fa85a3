import type { RegistryClient } from '@fairway/clients/registry/index';
import { predicateTypes, trustedStatements } from '@fairway/clients/sigstore/index';
import type { SignedStatement, Trust } from '@fairway/clients/sigstore/index';
import { provenanceProblem } from './provenance-check.ts';
import type { ExpectedOrigin } from './provenance-check.ts';

/** What must be signed of an image before users get it. */
const required = [
  ['signature', predicateTypes.signature],
  ['provenance', predicateTypes.provenance],
  ['SBOM', predicateTypes.sbom],
  ['scan', predicateTypes.scan],
] as const;

/**
 * Why the image may not be released by what is signed of it in the registry, as half a sentence; undefined when the signature, the
 * provenance, the SBOM and a scan that passed are there. An image may have several provenances, of runs that made the same: one that says
 * where it is to come from is enough.
 */
export async function signatureProblem(
  client: RegistryClient,
  digest: string,
  trust: Trust,
  expected?: ExpectedOrigin,
): Promise<string | undefined> {
  const { trusted, untrusted, bundles } = await trustedStatements(client, digest, trust);
  const newest = (type: string) => trusted.findLast(({ predicateType }) => predicateType === type);
  const missing = required.filter(([, type]) => !newest(type)).map(([name]) => name);
  if (missing.length > 0) {
    const found =
      untrusted.length > 0
        ? `${bundles - trusted.length} of ${bundles} signatures do not count (${untrusted.join('; ')})`
        : `${bundles} statements are signed`;
    return `the registry has no ${missing.join(', no ')} of ${digest} that is signed by whom release trusts: ${found}`;
  }
  const origins = expected
    ? trusted
        .filter(({ predicateType }) => predicateType === predicateTypes.provenance)
        .map(statement => provenanceProblem(statement, expected))
    : [];
  if (origins.length > 0 && !origins.includes(undefined))
    return `the signed provenance of ${digest} in the registry is not what release takes: ${origins.at(-1)}`;
  const { verdict, reason } = newestScan(trusted)?.scanner?.result ?? {};
  return verdict === 'pass'
    ? undefined
    : `the signed scan of ${digest} is ${verdict ?? 'without a verdict'}: ${reason ?? ''}`;
}

interface ScanPredicate {
  readonly scanner?: { readonly result?: { readonly verdict?: string; readonly reason?: string } };
  readonly metadata?: { readonly scanFinishedOn?: string };
}

/** What the last of the signed scans found, by the time that it states: registries list what refers to an image in any order. */
export function newestScan(
  statements: readonly Pick<SignedStatement, 'predicateType' | 'predicate'>[],
): ScanPredicate | undefined {
  const time = ({ metadata }: ScanPredicate) => Date.parse(metadata?.scanFinishedOn ?? '') || 0;
  return statements
    .filter(({ predicateType }) => predicateType === predicateTypes.scan)
    .map(({ predicate }) => predicate as ScanPredicate)
    .toSorted((a, b) => time(a) - time(b))
    .at(-1);
}
