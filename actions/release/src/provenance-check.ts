import type { SignedStatement } from '@fairway/clients/sigstore/index';
import type { Service } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { StageContext } from '@fairway/stage';
import * as z from 'zod';

/** Where an image must come from, and who says so. */
export interface ExpectedOrigin {
  readonly policy: NonNullable<Service['release']['provenance']>;
  /** True where fairway.yaml says it; false where it is the repository whose workflow releases. */
  readonly written: boolean;
  /** That is delivered; undefined where the delivery knows none. */
  readonly commit: string | undefined;
}

/** What is asked of the provenance; undefined on a command line without a policy, where no repository is known. */
export function expectedOrigin(
  { release }: Pick<Service, 'release'>,
  { origin, record }: Pick<StageContext, 'origin' | 'record'>,
): ExpectedOrigin | undefined {
  const policy = release.provenance ?? (origin && { repository: origin.repository });
  return policy && { policy, written: release.provenance !== undefined, commit: record.source.commit };
}

/** The part of SLSA's provenance (slsa.dev/spec/v1.0/provenance) that says where an image comes from. */
const predicateSchema = z.object({
  buildDefinition: z.object({
    resolvedDependencies: z
      .array(z.object({ uri: z.string().optional(), digest: z.record(z.string(), z.string()).optional() }))
      .default([]),
  }),
  runDetails: z.object({ builder: z.object({ id: z.string() }) }),
});

/** Why the provenance does not allow a release, as half a sentence; undefined when it says what is asked for. */
export function provenanceProblem(
  { predicate, workflow }: Pick<SignedStatement, 'predicate' | 'workflow'>,
  { policy, written, commit }: ExpectedOrigin,
): Reason | undefined {
  const read = predicateSchema.safeParse(predicate);
  if (!read.success) return reasonOf('origin.none');
  const { buildDefinition, runDetails } = read.data;
  const builder = runDetails.builder.id;
  const source = buildDefinition.resolvedDependencies.find(({ digest }) => digest?.['gitCommit'] !== undefined);
  // SPDX's form of a place in a repository
  const [, repository, ref] = /^git\+(https:\/\/.+?)@(refs\/.+)$/.exec(source?.uri ?? '') ?? [];
  const stated = source?.digest?.['gitCommit'];
  const asks = (field: keyof typeof policy) => reasonOf('origin.asks', { field });
  if (!sameText(repository, policy.repository))
    return reasonOf('origin.repository', {
      names: repository ? reasonOf('origin.names', { repository }) : reasonOf('origin.namesNone'),
      wanted: written ? asks('repository') : reasonOf('origin.workflow'),
      repository: policy.repository,
    });
  if (commit !== undefined && stated !== commit)
    return reasonOf('origin.commit', { found: stated ?? '(none)', commit });
  if (policy.refs && !policy.refs.some(pattern => matches(ref ?? '', pattern)))
    return reasonOf('origin.refs', {
      ...{ found: ref ?? reasonOf('origin.noRef'), wanted: asks('refs'), refs: policy.refs.join(' or ') },
    });
  const builders = [
    ['origin.builder', builder],
    ['origin.signer', workflow],
  ] as const;
  for (const [code, found] of builders) {
    if (!policy.builder || found === undefined || isBuilder(found, policy.builder)) continue;
    return reasonOf(code, { found, wanted: asks('builder'), builder: policy.builder });
  }
  return undefined;
}

/** GitHub takes names of owners and repositories in any case. */
function sameText(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** @param wanted without `@`, any version of the workflow */
function isBuilder(found: string, wanted: string): boolean {
  return found === wanted || (!wanted.includes('@') && found.startsWith(`${wanted}@`));
}

/** Whether a ref is one of a pattern, in which `*` stands for any characters. */
function matches(ref: string, pattern: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(ref);
}
