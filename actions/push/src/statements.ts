import type { ScanReport } from '@fairway/clients/scanner/index';
import type { Artifact } from '@fairway/clients/registry/index';
import { predicateTypes } from '@fairway/clients/sigstore/index';
import type { Statement } from '@fairway/clients/sigstore/index';
import type { DeliveryRecord } from '@fairway/stage';

/** What is signed of a pushed image: that the signer stands for it, and each document that others decide by. */
export function statements(
  documents: readonly Artifact[],
  record: DeliveryRecord,
  image: { readonly name: string; readonly digest: string },
): readonly Statement[] {
  const subject = [{ name: image.name, digest: { sha256: image.digest.slice('sha256:'.length) } }];
  const about = (predicateType: string, predicate: unknown): Statement => ({
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType,
    predicate,
  });
  const content = (title: string) => {
    const found = documents.find(document => document.title === title)?.content;
    return found && (JSON.parse(Buffer.from(found).toString('utf8')) as unknown);
  };
  const [provenance, sbom, findings, vex] = ['provenance.json', 'sbom.cdx.json', 'findings.json', 'openvex.json'].map(
    content,
  );
  return [
    about(predicateTypes.signature, {}),
    ...(provenance ? [about(predicateTypes.provenance, (provenance as Statement).predicate)] : []),
    ...(sbom ? [about(predicateTypes.sbom, sbom)] : []),
    ...(findings ? [about(predicateTypes.scan, scanPredicate(findings as ScanReport, record))] : []),
    ...(vex ? [about(predicateTypes.vex, vex)] : []),
  ];
}

/** cosign's form for what a scanner found (specs/COSIGN_VULN_ATTESTATION_SPEC.md in sigstore/cosign), with the verdict. */
function scanPredicate(report: ScanReport, { stages }: DeliveryRecord) {
  const scan = stages.remediate?.verdict === 'pass' && !stages.remediate.stale ? stages.remediate : stages.scan;
  return {
    invocation: {},
    scanner: {
      uri: report.scanner.name,
      version: report.scanner.version,
      db: { uri: '', version: report.databaseDate ?? '' },
      result: { verdict: scan?.verdict, reason: scan?.reason, ...report },
    },
    metadata: { scanStartedOn: scan?.startedAt, scanFinishedOn: scan?.finishedAt },
  };
}
