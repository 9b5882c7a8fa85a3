import { readFile } from 'node:fs/promises';
import { getBlob, getManifest, listReferrers } from '@fairway/clients/registry/index';
import type { Descriptor, RegistryClient } from '@fairway/clients/registry/index';
import { UntrustedSignature, bundleType, predicateTypes, verifiedStatement } from '@fairway/clients/sigstore/index';
import type { Statement, Trust } from '@fairway/clients/sigstore/index';
import { ConfigurationError } from '@fairway/service';
import type { InputValues } from '@fairway/stage';
import type { signerInputs } from '@fairway/stage/image-inputs';

/** What must be signed of an image before users get it. */
const required = [
  ['signature', predicateTypes.signature],
  ['provenance', predicateTypes.provenance],
  ['SBOM', predicateTypes.sbom],
  ['scan', predicateTypes.scan],
] as const;

/** Whose signature counts, by the inputs; undefined when they name nobody. */
export async function trustOf(inputs: InputValues<typeof signerInputs>): Promise<Trust | undefined> {
  if (inputs['signer-key']) return { publicKey: inputs['signer-key'] };
  const repository = inputs['signer-repository']?.replace(/\/+$/, '');
  if (!repository) return undefined;
  if (!/^https:\/\/[^/]+\/[^/]+\/[^/]+$/.test(repository))
    throw new ConfigurationError(
      `The input signer-repository is "${repository}"; it must be the address of a repository, such as https://github.com/team/service.`,
    );
  const { publicRoot, readRoot } = await import('@fairway/clients/sigstore/trusted-root');
  const file = inputs['trusted-root'];
  return { repository, root: file ? readRoot(await readFile(file, 'utf8'), file) : await publicRoot() };
}

/**
 * Why the image may not be released by what is signed of it in the registry, as half a sentence; undefined when the signature, the
 * provenance, the SBOM and a scan that passed are there.
 */
export async function signatureProblem(
  client: RegistryClient,
  digest: string,
  trust: Trust,
): Promise<string | undefined> {
  const untrusted = new Set<string>();
  const trusted: Statement[] = [];
  const bundles = (await listReferrers(client, digest)).filter(({ artifactType }) => artifactType === bundleType);
  for (const bundle of bundles) {
    try {
      trusted.push(aboutImage(verifiedStatement(await contentOf(client, bundle), trust), digest));
    } catch (error) {
      if (!(error instanceof UntrustedSignature)) throw error;
      untrusted.add(error.message);
    }
  }
  const newest = (type: string) => trusted.findLast(({ predicateType }) => predicateType === type);
  const missing = required.filter(([, type]) => !newest(type)).map(([name]) => name);
  if (missing.length > 0) {
    const found =
      untrusted.size > 0
        ? `${bundles.length - trusted.length} of ${bundles.length} signatures do not count (${[...untrusted].join('; ')})`
        : `${bundles.length} statements are signed`;
    return `the registry has no ${missing.join(', no ')} of ${digest} that is signed by whom release trusts: ${found}`;
  }
  const scan = newest(predicateTypes.scan)!.predicate as {
    scanner?: { result?: { verdict?: string; reason?: string } };
  };
  const { verdict, reason } = scan.scanner?.result ?? {};
  return verdict === 'pass'
    ? undefined
    : `the signed scan of ${digest} is ${verdict ?? 'without a verdict'}: ${reason ?? ''}`;
}

/** A statement that was signed of another image counts for nothing here. */
function aboutImage(statement: Statement, digest: string): Statement {
  if (statement.subject?.some(({ digest: { sha256 } }) => `sha256:${sha256}` === digest)) return statement;
  throw new UntrustedSignature('it is about another image');
}

interface BundleManifest {
  readonly layers?: readonly Descriptor[];
}

async function contentOf(client: RegistryClient, { digest }: Descriptor): Promise<Buffer> {
  const layer = (await getManifest<BundleManifest>(client, digest))?.manifest.layers?.[0];
  if (!layer) throw new UntrustedSignature(`the manifest ${digest} holds no signature`);
  return getBlob(client, layer.digest);
}
