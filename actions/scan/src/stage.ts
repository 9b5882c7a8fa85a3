import { posix } from 'node:path';
import {
  acceptUnknown,
  connectScanner,
  dataAge,
  daysOld,
  findingsBeside,
  findingsSarif,
  openSarif,
  judgeFindings,
  readOtherReport,
  scanMaterial,
  scanReason,
  scanVerdict,
  vexType,
  whyHarmless,
  withOtherFindings,
} from '@fairway/clients/scanner/index';
import type { ScannedImage, ScanReport } from '@fairway/clients/scanner/index';
import { loadServiceFile } from '@fairway/service';
import { defineStage, imageFolder } from '@fairway/stage';
import { fixedImageInput, otherReportsInput, scannerInputs } from '@fairway/stage/image-inputs';
import { otherReports, otherReportsKey } from '@fairway/stage/other-reports';
import { scanPolicy } from '@fairway/stage/scan-policy';
import { placeInRepository } from './place.ts';
import { scanSummary } from './summary.ts';
import { fixedFrom, readFindings, scanVex } from './vex.ts';

export const scan = defineStage({
  name: 'scan',
  description: 'Scans the image for known vulnerabilities and judges them by the policy of the service.',
  icon: 'shield',
  inputs: {
    ...fixedImageInput,
    ...scannerInputs,
    ...otherReportsInput,
  },
  outputs: {
    findings: { description: 'Number of findings.' },
    fixable: { description: 'Number of findings for which there is a fixed version.' },
    blocking: { description: 'Number of findings that stop the delivery.' },
    sarif: { description: 'Path of the open findings in SARIF, for code scanning, from the record.' },
  },
  connect: connectScanner,
  async key(inputs, context) {
    const policy = await scanPolicy(await loadServiceFile(context.folder, context.environment), inputs);
    const { database } = inputs;
    return {
      ...(await scanMaterial(context.clients, { database, policy, now: context.now() })),
      ...(await otherReportsKey(inputs)),
      fixed: fixedFrom(context.record, inputs.image)?.digest ?? '',
    };
  },
  async run(inputs, context) {
    const file = await loadServiceFile(context.folder, context.environment);
    const { service } = file;
    const policy = await scanPolicy(file, inputs);
    const others = await otherReports(inputs, readOtherReport);
    context.log.progress(`scanning ${inputs.image.slice(0, 19)}…`);
    const scanned = await context.clients.scan({
      layout: imageFolder(context.folder),
      digest: inputs.image,
      database: inputs.database,
      signal: context.signal,
    });
    const report = acceptUnknown(
      withoutSbom(withOtherFindings(scanned, others)),
      service.scan.unknownPackages,
      context.now(),
    );
    const judgement = judgeFindings(report, policy, context.now());
    if ((daysOld(report.databaseDate, context.now()) ?? 0) > 7)
      context.log.annotate(
        'warning',
        `The findings are by ${dataAge(report.databaseDate, context.now())}: what became known since is not among them. Bring a newer database, or name other mirrors with database-mirrors.`,
      );
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
    for (const { finding, statement } of judgement.stated) {
      context.log.info(
        `${finding.id} in ${finding.package} is ${statement.status} by ${statement.file}: ${whyHarmless(statement)}`,
      );
    }
    const before = fixedFrom(context.record, inputs.image);
    const vex = scanVex(
      { ...service, image: inputs.image },
      judgement,
      before ? findingsBeside(await readFindings(context.evidencePath(before)), report.findings) : [],
      context.now(),
    );
    const findings = await context.evidence(
      'findings.json',
      'application/vnd.fairway.findings+json',
      JSON.stringify({ ...report, judgement: summarized(judgement) }, null, 2),
    );
    const dockerfile = posix.join(await placeInRepository(context.folder), service.build.dockerfile);
    const type = 'application/sarif+json';
    const all = await context.evidence('scan.sarif', type, findingsSarif(report, judgement, dockerfile));
    const open = await context.evidence('code-scanning.sarif', type, openSarif(report, judgement, dockerfile));
    return {
      verdict: scanVerdict(report, judgement),
      reason: scanReason(report, judgement, service.scan.failOn),
      outputs: {
        findings: String(report.findings.length),
        fixable: String(judgement.fixable.length),
        blocking: String(judgement.blocking.length),
        sarif: open.path,
      },
      evidence: [
        findings,
        all,
        open,
        ...(vex ? [await context.evidence('openvex.json', vexType, JSON.stringify(vex, null, 2))] : []),
      ],
      summary: scanSummary(report, judgement, context.now()),
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
    old: judgement.old.map(finding => `${finding.id} ${finding.package}`),
    accepted: judgement.accepted.map(({ finding, exception }) => ({
      id: finding.id,
      package: finding.package,
      reason: exception.reason,
      until: exception.until,
    })),
    stated: judgement.stated.map(({ finding, statement }) => ({
      id: finding.id,
      package: finding.package,
      status: statement.status,
      reason: whyHarmless(statement),
      file: statement.file,
    })),
    expired: judgement.expired,
  };
}
