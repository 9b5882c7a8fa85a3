import type { RegistryClient } from '@fairway/clients/registry/index';
import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { predicateTypes, trustedStatements } from '@fairway/clients/sigstore/index';
import type { SignedStatement, Trust } from '@fairway/clients/sigstore/index';
import { provenanceProblem } from './provenance-check.ts';
import type { ExpectedOrigin } from './provenance-check.ts';

/** What must be signed of an image before users get it. */
const required = [
  ['signature', predicateTypes.signature],
  ['provenance', predicateTypes.provenance],
  ['sbom', predicateTypes.sbom],
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
): Promise<Reason | undefined> {
  const { trusted, untrusted, bundles } = await trustedStatements(client, digest, trust);
  const newest = (type: string) => trusted.findLast(({ predicateType }) => predicateType === type);
  const missing = required.filter(([, type]) => !newest(type)).map(([name]) => reasonOf(`document.${name}`));
  if (missing.length > 0) {
    const found =
      untrusted.length > 0
        ? reasonOf('registry.untrusted', {
            ...{ number: bundles - trusted.length, all: bundles, words: untrusted.join('; ') },
          })
        : reasonOf('registry.statements', { number: bundles });
    return reasonOf('registry.unsigned', { documents: listOf('list.no', missing), digest, found });
  }
  const origins = expected
    ? trusted
        .filter(({ predicateType }) => predicateType === predicateTypes.provenance)
        .map(statement => provenanceProblem(statement, expected))
    : [];
  const why = origins.at(-1);
  if (why && !origins.includes(undefined)) return reasonOf('registry.origin', { digest, why });
  const { verdict, reason: words = '' } = newestScan(trusted)?.scanner?.result ?? {};
  if (verdict === 'pass') return undefined;
  return verdict === undefined
    ? reasonOf('registry.scanWithout', { digest, words })
    : reasonOf('registry.scan', { digest, verdict, words });
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
