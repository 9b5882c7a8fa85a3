import type { StageOutcome } from './run-stage.ts';

/** GitHub drops a job summary over 1 MiB whole. */
const summaryLimit = 1024 * 1024;

/** A stage's part of the job summary, in Markdown. */
export function outcomeSummary(outcome: StageOutcome): string {
  const { entry } = outcome;
  const mark = { pass: '✅', fail: '❌', inconclusive: '❔', skipped: '⏭️' }[
    outcome.unchanged ? 'skipped' : entry.verdict
  ];
  const verdict = outcome.unchanged ? 'skipped' : entry.verdict;
  const lines = [
    `## ${mark} ${outcome.stage}: ${verdict}`,
    '',
    outcome.unchanged ? `${entry.reason} Skipped: ${outcome.why}.` : entry.reason,
    '',
  ];
  const outputs = Object.entries(entry.outputs);
  if (outputs.length > 0) {
    lines.push('| output | value |', '| --- | --- |');
    for (const [name, value] of outputs) lines.push(`| ${name} | ${tableCell(value)} |`);
    lines.push('');
  }
  if (outcome.summary) lines.push(outcome.summary, '');
  return lines.join('\n');
}

function tableCell(value: string): string {
  return `\`${value.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('`', "'")}\``;
}

/** Cuts a summary at a line end so that it stays under GitHub's limit, and says that it was cut. */
export function truncateSummary(markdown: string, limit: number = summaryLimit): string {
  if (Buffer.byteLength(markdown) < limit) return markdown;
  const notice =
    '\n\n_The rest of this summary is left out: GitHub takes at most 1 MiB. The evidence files hold all of it._\n';
  const room = Buffer.from(markdown).subarray(0, limit - Buffer.byteLength(notice) - 1);
  const end = room.lastIndexOf(0x0a);
  return room.subarray(0, Math.max(end, 0)).toString('utf8') + notice;
}
