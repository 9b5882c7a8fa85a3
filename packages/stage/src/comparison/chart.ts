import type { Comparison, MeasuredFigure } from './record.ts';
import { firstLine } from './first-line.ts';
import { comparisonNotes } from './notes.ts';
import {
  contenderTitle,
  scoreComparison,
  scoreDefinitions,
  scoreNames,
  scoreTitles,
  startedBy,
  withoutScore,
} from './scores.ts';
import type { ScoredContender, ScoreName } from './scores.ts';

/** The comparison for a job summary: Mermaid's chart of the scores, the scores with their intervals, the figures and the commands. */
export function comparisonMarkdown(comparison: Comparison): string {
  const scored = scoreComparison(comparison);
  const { model, machine, load, objectives } = comparison;
  const { commonRate } = load;
  const charted = scored.filter(one => Object.keys(one.scores).length > 0);
  const missing = scored.filter(one => one.reason !== undefined);
  return [
    `### ${model.name} on ${machine.label}, ${comparison.finishedAt.slice(0, 10)}`,
    '',
    `${load.promptTokens} prompt and ${load.outputTokens} output tokens, Poisson arrivals, no prompt twice. Objectives: first token within ${objectives.timeToFirstToken} ms and ${objectives.timePerOutputToken} ms a token for ${objectives.goodput} % of the requests. ${commonRate === undefined ? 'No common load was measured.' : `Common load: ${commonRate} requests a second.`}`,
    '',
    ...(charted.length > 0 ? mermaid(charted) : []),
    ...(charted.length > 0 ? scoreTable(charted) : []),
    ...missing.map(one => `- ${one.title}: ${firstLine(one.reason!)}`),
    '',
    ...figureTable(scored),
    '',
    ...scoreNames.map(name => `- **${scoreTitles[name]}**: ${scoreDefinitions[name]}`),
    ...comparisonNotes(comparison).map(note => `- ${note}`),
    '',
    ...comparison.contenders.flatMap(one => [
      `<details><summary>${contenderTitle(one)} ${one.version}, from ${one.from}</summary>`,
      '',
      '```sh',
      startedBy(one),
      '```',
      '',
      '</details>',
    ]),
    '',
  ].join('\n');
}

/**
 * Mermaid names no lines, so the order is said below it. A missing score would move the line, so an engine without one of the scores that
 * others have is left out, and why stands below.
 */
function mermaid(scored: readonly ScoredContender[]): string[] {
  const lines = scoreNames.filter(name => scored.some(one => one.scores[name]));
  const whole = scored.filter(one => lines.every(name => one.scores[name]));
  if (whole.length === 0) return [];
  return [
    '```mermaid',
    'xychart-beta',
    `  x-axis [${whole.map(one => `"${one.title.replaceAll('"', "'")}"`).join(', ')}]`,
    '  y-axis "Performance Score" 0 --> 100',
    ...lines.map(name => `  line "${scoreTitles[name]}" [${whole.map(one => one.scores[name]!.value).join(', ')}]`),
    '```',
    '',
    `Lines in this order: ${lines.map(name => scoreTitles[name]).join(', ')}.`,
    '',
  ];
}

function scoreTable(scored: readonly ScoredContender[]): string[] {
  const cell = (one: ScoredContender, name: ScoreName) => {
    const score = one.scores[name];
    if (!score) return '-';
    const tied = one.tied[name];
    return `${score.value} (${score.low} to ${score.high})${tied.length > 0 ? `, tied with ${tied.join(', ')}` : ''}`;
  };
  return [
    `| score, 0 to 100 | ${scored.map(one => one.title).join(' | ')} |`,
    `| --- |${' --- |'.repeat(scored.length)}`,
    ...scoreNames.map(name => `| ${scoreTitles[name]} | ${scored.map(one => cell(one, name)).join(' | ')} |`),
    '',
  ];
}

function figureTable(scored: readonly ScoredContender[]): string[] {
  const text = (figure: MeasuredFigure | undefined) =>
    figure ? `${short(figure.value)} (${short(figure.low)} to ${short(figure.high)})` : '-';
  return [
    '| engine | tokens a second at the highest rate held | latency at the common load, ms | tokens a second by processor or GPU and GiB |',
    '| --- | --- | --- | --- |',
    ...scored.map(one => {
      const { throughput, latency, efficiency } = one.figures;
      const first = withoutScore(one) === 'did not run' ? 'did not run' : text(throughput);
      return `| ${one.title} ${one.contender.version} | ${first} | ${text(latency)} | ${text(efficiency)} |`;
    }),
  ];
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
