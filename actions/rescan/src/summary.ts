import { dataAge } from '@fairway/clients/scanner/index';
import type { Finding } from '@fairway/clients/scanner/index';
import type { Rescan, RescannedImage } from './rescan.ts';

const shown = 20;

const marks = { pass: '✅', fail: '❌', inconclusive: '❔' } as const;

/** What was found, as Markdown for the job summary. */
export function rescanSummary(service: string, { verdict, reason, images, kept }: Rescan, now: Date): string {
  return [
    `## ${marks[verdict]} rescan of ${service}: ${verdict}`,
    '',
    reason,
    '',
    ...images.flatMap(image => imageSummary(image, now)),
    ...kept.map(
      ({ image, revisions }) => `Held for going back, and not scanned: \`${image}\` (${revisions.join(', ')}).\n`,
    ),
  ].join('\n');
}

function imageSummary(
  { image, revisions, share, verdict, reason, scan }: RescannedImage,
  now: Date,
): readonly string[] {
  const lines = [
    `### \`${image}\``,
    '',
    `${revisions.join(', ')}, ${share} % of the requests: ${verdict}. ${reason}`,
    '',
  ];
  if (!scan) return lines;
  const { report, judgement, fresh } = scan;
  const found = report.findings.length;
  const news =
    fresh === undefined
      ? 'The registry has no findings of its delivery to compare with.'
      : `${fresh.length} are new since its delivery.`;
  const stops = new Set(judgement.blocking);
  const worst = [...judgement.blocking, ...(fresh ?? []).filter(finding => !stops.has(finding))];
  return [
    ...lines,
    `With ${dataAge(report.databaseDate, now)}: ${found} findings, ${judgement.fixable.length} with a fixed version. ${news}`,
    ...(worst.length
      ? ['', '| finding | severity | | package | installed | fixed |', '| --- | --- | --- | --- | --- | --- |']
      : []),
    ...worst.slice(0, shown).map(finding => row(finding, stops.has(finding), fresh?.includes(finding) ?? false)),
    ...(worst.length > shown ? ['', `… and ${worst.length - shown} more in rescan.json.`] : []),
    ...report.notes.map(note => `\n> ${note}`),
    '',
  ];
}

function row({ id, url, severity, package: name, installed, fixed }: Finding, stops: boolean, fresh: boolean): string {
  const said = [stops ? '**stops**' : '', fresh ? 'new' : ''].filter(Boolean).join(', ');
  return `| ${url ? `[${id}](${url})` : id} | ${severity} | ${said} | ${name} | ${installed} | ${fixed ?? 'none'} |`;
}
