import type { Comparison, MeasuredFigure } from './record.ts';
import { contenderTitle, scoreComparison, scoreDefinitions, scoreNames } from './scores.ts';
import type { ScoredContender, ScoreName } from './scores.ts';

const titles: Readonly<Record<ScoreName, string>> = {
  throughput: 'Throughput',
  latency: 'Latency',
  efficiency: 'Efficiency',
};

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
    ...missing.map(one => `- ${one.title}: ${one.reason}`),
    '',
    ...figureTable(scored),
    '',
    ...scoreNames.map(name => `- **${titles[name]}**: ${scoreDefinitions[name]}`),
    ...comparison.notes.map(note => `- ${note}`),
    '',
    ...comparison.contenders.flatMap(one => [
      `<details><summary>${contenderTitle(one)} ${one.version}, from ${one.from}</summary>`,
      '',
      '```sh',
      one.command.map(quoted).join(' '),
      '```',
      '',
      '</details>',
    ]),
    '',
  ].join('\n');
}

/** Mermaid names no lines, so the order is said below it; a missing score would move the line, so each chart has whole lines only. */
function mermaid(scored: readonly ScoredContender[]): string[] {
  const whole = scored.filter(one => scoreNames.every(name => one.scores[name]));
  if (whole.length === 0) return [];
  return [
    '```mermaid',
    'xychart-beta',
    `  x-axis [${whole.map(one => `"${one.title}"`).join(', ')}]`,
    '  y-axis "Performance Score" 0 --> 100',
    ...scoreNames.map(name => `  line "${titles[name]}" [${whole.map(one => one.scores[name]!.value).join(', ')}]`),
    '```',
    '',
    `Lines in this order: ${scoreNames.map(name => titles[name]).join(', ')}.`,
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
    ...scoreNames.map(name => `| ${titles[name]} | ${scored.map(one => cell(one, name)).join(' | ')} |`),
    '',
  ];
}

function figureTable(scored: readonly ScoredContender[]): string[] {
  const text = (figure: MeasuredFigure | undefined) =>
    figure ? `${short(figure.value)} (${short(figure.low)} to ${short(figure.high)})` : '-';
  return [
    '| engine | tokens a second at the highest rate held | latency at the common load, ms | tokens a second by processor or GPU and GiB |',
    '| --- | --- | --- | --- |',
    ...scored.map(
      ({ title, contender, figures }) =>
        `| ${title} ${contender.version} | ${text(figures.throughput)} | ${text(figures.latency)} | ${text(figures.efficiency)} |`,
    ),
  ];
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function quoted(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

const picture = { width: 720, height: 320, left: 48, right: 24, top: 48, bottom: 48 };
const strokes: Readonly<Record<ScoreName, { readonly color: string; readonly dash: string }>> = {
  throughput: { color: '#1f6feb', dash: '' },
  latency: { color: '#b35900', dash: '8 4' },
  efficiency: { color: '#1a7f37', dash: '2 4' },
};

/** The three lines over the engines, 0 to 100, with their intervals: one picture that stands by itself. */
export function comparisonSvg(comparison: Comparison): string {
  const scored = scoreComparison(comparison);
  const { width, height, left, right, top, bottom } = picture;
  const x = (at: number) => left + ((width - left - right) * (at + 0.5)) / scored.length;
  const y = (score: number) => top + (1 - Math.min(100, score) / 100) * (height - top - bottom);
  const line = (name: ScoreName, aside: number) => {
    const { color, dash } = strokes[name];
    const points = scored.map((one, at) => {
      const score = one.scores[name];
      return score && { x: x(at) + aside, y: y(score.value), low: y(score.low), high: y(score.high) };
    });
    // an engine without a score breaks the line
    const path = points
      .map((point, at) => (point ? `${points[at - 1] ? 'L' : 'M'}${point.x} ${point.y}` : ''))
      .join('');
    return [
      `<path d="${path}" fill="none" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>`,
      ...points.flatMap(point =>
        point
          ? [
              `<path d="M${point.x} ${point.low}V${point.high}" stroke="${color}"/>`,
              `<circle cx="${point.x}" cy="${point.y}" r="4" fill="${color}"/>`,
            ]
          : [],
      ),
    ];
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" role="img" aria-label="Performance Score by engine">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...[0, 25, 50, 75, 100].flatMap(score => [
      `<path d="M${left} ${y(score)}H${width - right}" stroke="#d0d7de"/>`,
      `<text x="${left - 8}" y="${y(score) + 4}" text-anchor="end">${score}</text>`,
    ]),
    ...scored.map(
      (one, at) => `<text x="${x(at)}" y="${height - 16}" text-anchor="middle">${escaped(one.title)}</text>`,
    ),
    ...scoreNames.flatMap((name, at) => [
      ...line(name, (at - 1) * 8),
      `<path d="M${left + at * 150} 20h28" stroke="${strokes[name].color}" stroke-width="2" stroke-dasharray="${strokes[name].dash}"/>`,
      `<text x="${left + at * 150 + 34}" y="24">${titles[name]}</text>`,
    ]),
    '</svg>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
