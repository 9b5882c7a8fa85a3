import { inspectImage } from '@fairway/clients/docker/index';
import {
  acceptUnknown,
  connectScan,
  judgeFindings,
  scanDockerImage,
  scanMaterial,
} from '@fairway/clients/scanner/index';
import type { ScannedImage, ScanReport } from '@fairway/clients/scanner/index';
import { loadServiceFile } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import { dockerInputs, fixedImageInput, scannerInputs } from '@fairway/stage/image-inputs';
import { scanReason, scanVerdict } from './verdict.ts';
import { findingsSarif } from './sarif.ts';
import { scanSummary } from './summary.ts';

export const scan = defineStage({
  name: 'scan',
  description: 'Scans the image for known vulnerabilities and judges them by the policy of the service.',
  icon: 'shield',
  inputs: {
    ...fixedImageInput,
    ...dockerInputs,
    ...scannerInputs,
  },
  outputs: {
    findings: { description: 'Number of findings.' },
    fixable: { description: 'Number of findings for which there is a fixed version.' },
    blocking: { description: 'Number of findings that stop the delivery.' },
    sarif: { description: 'Path of the findings in SARIF, from the record.' },
  },
  connect: connectScan,
  async key(inputs, context) {
    const { service } = await loadServiceFile(context.folder, context.environment);
    const { image, database } = inputs;
    return scanMaterial(context.clients, { image, database, policy: service.scan, now: context.now() });
  },
  async run(inputs, context) {
    const { service } = await loadServiceFile(context.folder, context.environment);
    const { docker, scanner } = context.clients;
    context.log.progress(`scanning ${inputs.image}`);
    const scanned = await scanDockerImage(docker, scanner, {
      image: inputs.image,
      database: inputs.database,
      signal: context.signal,
    });
    const report = acceptUnknown(withoutSbom(scanned), service.scan.unknownPackages, context.now());
    const judgement = judgeFindings(report.findings, service.scan, context.now());
    const { id } = await inspectImage(docker, inputs.image);
    for (const exception of judgement.expired) {
      context.log.annotate(
        'warning',
        `The exception for ${exception.id} ended on ${exception.until}: fix the finding, or renew it with a reason.`,
        { file: 'fairway.yaml' },
      );
    }
    for (const { finding, exception } of judgement.accepted) {
      context.log.info(`${finding.id} in ${finding.package} is accepted until ${exception.until}: ${exception.reason}`);
    }
    const findings = await context.evidence(
      'findings.json',
      'application/vnd.fairway.findings+json',
      JSON.stringify({ imageId: id, ...report, judgement: summarized(judgement) }, null, 2),
    );
    const sarifFile = await context.evidence(
      'scan.sarif',
      'application/sarif+json',
      findingsSarif(report, judgement, service.build.dockerfile),
    );
    return {
      verdict: scanVerdict(report, judgement),
      reason: scanReason(report, judgement, service.scan.failOn),
      outputs: {
        findings: String(report.findings.length),
        fixable: String(judgement.fixable.length),
        blocking: String(judgement.blocking.length),
        sarif: sarifFile.path,
      },
      evidence: [findings, sarifFile],
      summary: scanSummary(report, judgement),
    };
  },
});

/** The report alone: the SBOM that comes with it is a document of its own. */
function withoutSbom({ sbom: _sbom, ...report }: ScannedImage): ScanReport {
  return report;
}

function summarized(judgement: ReturnType<typeof judgeFindings>): object {
  return {
    blocking: judgement.blocking.map(finding => `${finding.id} ${finding.package}`),
    accepted: judgement.accepted.map(({ finding, exception }) => ({
      id: finding.id,
      package: finding.package,
      reason: exception.reason,
      until: exception.until,
    })),
    expired: judgement.expired,
  };
}
