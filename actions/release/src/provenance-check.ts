import type { SignedStatement } from '@fairway/clients/sigstore/index';
import type { Service } from '@fairway/service';
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
): string | undefined {
  const read = predicateSchema.safeParse(predicate);
  if (!read.success) return 'it is no SLSA provenance in version 1. Deliver again, so that push states one';
  const { buildDefinition, runDetails } = read.data;
  const builder = runDetails.builder.id;
  const source = buildDefinition.resolvedDependencies.find(({ digest }) => digest?.['gitCommit'] !== undefined);
  // SPDX's form of a place in a repository
  const [, repository, ref] = /^git\+(https:\/\/.+?)@(refs\/.+)$/.exec(source?.uri ?? '') ?? [];
  const stated = source?.digest?.['gitCommit'];
  const asks = (key: keyof typeof policy) => `release.provenance.${key} of fairway.yaml asks for`;
  const wanted = written ? asks('repository') : 'the workflow that releases is of';
  if (!sameText(repository, policy.repository))
    return `it names ${repository ? `the repository ${repository}` : 'no repository'}, and ${wanted} ${policy.repository}. Deliver with a workflow of that repository, or name in release.provenance.repository the one that the image is to come from`;
  if (commit !== undefined && stated !== commit)
    return `it names the commit ${stated ?? '(none)'}, and ${commit} is delivered. Build and push that commit again`;
  if (policy.refs && !policy.refs.some(pattern => matches(ref ?? '', pattern)))
    return `it names ${ref ?? 'no ref'}, and ${asks('refs')} ${policy.refs.join(' or ')}. Deliver from there, or add the ref to the policy`;
  const builders = { 'it names the builder': builder, 'it is signed by the workflow': workflow };
  for (const [says, address] of Object.entries(builders)) {
    if (!policy.builder || address === undefined || isBuilder(address, policy.builder)) continue;
    return `${says} ${address}, and ${asks('builder')} ${policy.builder}. Deliver with that workflow, or change the policy`;
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
