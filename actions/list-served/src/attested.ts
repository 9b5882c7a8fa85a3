import { artifactContent, findArtifact } from '@fairway/clients/registry/index';
import type { RegistryClient } from '@fairway/clients/registry/index';
import type { Finding, ScanReport } from '@fairway/clients/scanner/index';
import { predicateTypes, trustedStatements } from '@fairway/clients/sigstore/index';
import type { Trust } from '@fairway/clients/sigstore/index';

/** What `push` stated of an image. */
export interface Attested {
  /** CycloneDX. */
  readonly sbom: object;
  /** What the scan of the delivery found; undefined when the registry does not have it. */
  readonly findings?: readonly Finding[];
}

/**
 * The SBOM and the findings that `push` attached to an image, or why there is no SBOM, as a sentence.
 * @param trust whose signature they must have; without it the attached documents are taken as they are
 */
export async function attested(
  client: RegistryClient,
  digest: string,
  trust: Trust | undefined,
): Promise<Attested | string> {
  return trust ? signed(client, digest, trust) : attached(client, digest);
}

async function signed(client: RegistryClient, digest: string, trust: Trust): Promise<Attested | string> {
  const { trusted, untrusted } = await trustedStatements(client, digest, trust);
  const newest = (type: string) => trusted.findLast(({ predicateType }) => predicateType === type)?.predicate;
  const sbom = newest(predicateTypes.sbom) as object | undefined;
  if (!sbom) {
    const others = untrusted.length > 0 ? ` Of others that are there: ${untrusted.join('; ')}.` : '';
    return `The registry has no SBOM of ${digest} that is signed by whom signer-key or signer-repository names.${others} Deliver the service again with that signature.`;
  }
  const scan = newest(predicateTypes.scan) as { readonly scanner?: { readonly result?: ScanReport } } | undefined;
  return { sbom, findings: scan?.scanner?.result?.findings };
}

async function attached(client: RegistryClient, digest: string): Promise<Attested | string> {
  const sbom = await document<object>(client, digest, 'application/vnd.cyclonedx+json');
  if (!sbom)
    return `The registry has no SBOM of ${digest}, so nobody knows what is in it. Deliver the service again: push attaches one.`;
  const scan = await document<ScanReport>(client, digest, 'application/vnd.fairway.findings+json');
  return { sbom, findings: scan?.findings };
}

async function document<Content>(client: RegistryClient, digest: string, type: string): Promise<Content | undefined> {
  const artifact = await findArtifact(client, digest, type);
  const content = artifact && (await artifactContent(client, artifact.digest));
  return content && (JSON.parse(content.toString('utf8')) as Content);
}
