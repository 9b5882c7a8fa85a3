import { dataAge, findingSeverities, whyHarmless } from '@fairway/clients/scanner/index';
import type { Judgement, ScanReport } from '@fairway/clients/scanner/index';

const shown = 20;

/** The findings as Markdown: how many of each severity, and the worst of them. */
export function scanSummary(report: ScanReport, judgement: Judgement, now: Date): string {
  const counts = findingSeverities.map(
    severity => `${report.findings.filter(finding => finding.severity === severity).length} ${severity}`,
  );
  const blocking = new Set(judgement.blocking);
  const rows = report.findings.slice(0, shown).map(({ id, url, ...finding }) => {
    const link = url ? `[${id}](${url})` : id;
    const stops = [...blocking].some(found => found.id === id && found.package === finding.package);
    return `| ${link} | ${finding.severity}${finding.exploited ? ', exploited' : ''}${stops ? ' **stops**' : ''} | ${finding.package} | ${finding.installed} | ${finding.fixed ?? 'none'} |`;
  });
  const packages = Object.entries(report.packages).map(([ecosystem, number]) => `${number} ${ecosystem}`);
  return [
    `${report.distribution ?? 'unknown distribution'}, ${packages.join(' and ') || 'no'} packages, ${dataAge(report.databaseDate, now)}: ${counts.join(', ')}.`,
    ...(rows.length
      ? ['', '| finding | severity | package | installed | fixed |', '| --- | --- | --- | --- | --- |', ...rows]
      : []),
    ...(report.findings.length > shown ? ['', `… and ${report.findings.length - shown} more in findings.json.`] : []),
    ...judgement.accepted.map(
      ({ finding, exception }) =>
        `\n${finding.id} in ${finding.package}: accepted until ${exception.until}, ${exception.reason}`,
    ),
    ...judgement.stated.map(
      ({ finding, statement }) =>
        `\n${finding.id} in ${finding.package}: ${statement.status} by ${statement.file}, ${whyHarmless(statement)}`,
    ),
    ...[...report.inconclusive, ...(report.accepted ?? []), ...report.notes].map(note => `\n> ${note}`),
    '',
  ].join('\n');
}
