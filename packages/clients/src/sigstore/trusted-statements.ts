import { artifactContent, listReferrers } from '../registry/index.ts';
import type { Descriptor, RegistryClient } from '../registry/index.ts';
import { bundleType } from './statement.ts';
import type { SignedStatement } from './statement.ts';
import { UntrustedSignature, verifiedStatement } from './verify.ts';
import type { Trust } from './verify.ts';

/** What the registry holds in signed statements about an image. */
export interface SignedStatements {
  /** Those that count, the newest last. */
  readonly trusted: readonly SignedStatement[];
  /** Why others do not count, each as half a sentence. */
  readonly untrusted: readonly string[];
  /** How many there are in all. */
  readonly bundles: number;
}

/** The statements about an image that are signed by whom the caller trusts. */
export async function trustedStatements(
  client: RegistryClient,
  digest: string,
  trust: Trust,
): Promise<SignedStatements> {
  const untrusted = new Set<string>();
  const trusted: SignedStatement[] = [];
  const bundles = (await listReferrers(client, digest)).filter(({ artifactType }) => artifactType === bundleType);
  for (const bundle of bundles) {
    try {
      trusted.push(aboutImage(verifiedStatement(await contentOf(client, bundle), trust), digest));
    } catch (error) {
      if (!(error instanceof UntrustedSignature)) throw error;
      untrusted.add(error.message);
    }
  }
  return { trusted, untrusted: [...untrusted], bundles: bundles.length };
}

/** A statement that was signed of another image counts for nothing here. */
function aboutImage(statement: SignedStatement, digest: string): SignedStatement {
  if (statement.subject?.some(({ digest: { sha256 } }) => `sha256:${sha256}` === digest)) return statement;
  throw new UntrustedSignature('it is about another image');
}

async function contentOf(client: RegistryClient, { digest }: Descriptor): Promise<Buffer> {
  const content = await artifactContent(client, digest);
  if (!content) throw new UntrustedSignature(`the manifest ${digest} holds no signature`);
  return content;
}
