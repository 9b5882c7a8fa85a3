import { firstLine } from './first-line.ts';
import type { Comparison } from './record.ts';
import { scoreComparison, scoreNames, scoreTitles, tieSentences, withoutScore } from './scores.ts';
import type { ScoredContender, ScoreName } from './scores.ts';

const size = { width: 760, left: 48, right: 24, top: 56, chart: 240, line: 18 };
/** Characters of a note that fit into the width. */
const noteLength = 105;

/** Each score has its own dashes, mark and place beside the others, so that nobody needs its colour and equal scores stay apart. */
const drawn: Readonly<Record<ScoreName, { readonly color: string; readonly dash: string; readonly aside: number }>> = {
  throughput: { color: '#1f6feb', dash: 'none', aside: -26 },
  latency: { color: '#b35900', dash: '8 4', aside: 0 },
  efficiency: { color: '#1a7f37', dash: '2 4', aside: 26 },
};

/** The scores over the engines, 0 to 100, with their intervals, as an SVG that stands by itself. */
export function comparisonSvg(comparison: Comparison): string {
  const scored = scoreComparison(comparison);
  const { width, left, right, top, chart, line } = size;
  const column = (width - left - right) / scored.length;
  const x = (at: number) => left + column * (at + 0.5);
  const bottom = top + chart;
  const notes = [...scored.map(noteOf), ...tieSentences(scored)].flatMap(wrapped);
  const height = bottom + 2 * line + notes.length * line + 8;
  const title = `${comparison.model.name} on ${comparison.machine.label}, ${comparison.finishedAt.slice(0, 10)}: scores of the engines, 0 to 100`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...[0, 25, 50, 75, 100].flatMap(score => [
      `<path d="M${left} ${y(score)}H${width - right}" stroke="#d0d7de"/>`,
      `<text x="${left - 8}" y="${y(score) + 4}" text-anchor="end">${score}</text>`,
    ]),
    ...scored.flatMap((one, at) => [
      `<text x="${x(at)}" y="${bottom + line}" text-anchor="middle">${escaped(one.title)}</text>`,
      ...(withoutScore(one)
        ? [
            `<text x="${x(at)}" y="${top + chart / 2}" text-anchor="middle" font-style="italic">${withoutScore(one)}</text>`,
          ]
        : []),
    ]),
    ...scoreNames.flatMap((name, at) => [...scoreLine(name, scored, x), ...sample(name, left + at * 150)]),
    ...notes.map((note, at) => `<text x="${left}" y="${bottom + (at + 2.5) * line}">${escaped(note)}</text>`),
    '</svg>',
    '',
  ].join('\n');
}

function y(score: number): number {
  return size.top + (1 - Math.min(100, score) / 100) * size.chart;
}

function scoreLine(name: ScoreName, scored: readonly ScoredContender[], x: (at: number) => number): string[] {
  const { color, dash, aside } = drawn[name];
  const points = scored.map((one, at) => one.scores[name] && { ...one.scores[name], x: x(at) + aside });
  // an engine without a score breaks the line
  const path = points
    .map((point, at) => (point ? `${points[at - 1] ? 'L' : 'M'}${point.x} ${y(point.value)}` : ''))
    .join('');
  return [
    `<path d="${path}" fill="none" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>`,
    ...points.flatMap(point =>
      point
        ? [
            `<path d="M${point.x} ${y(point.low)}V${y(point.high)}" stroke="${color}"/>`,
            mark(name, point.x, y(point.value)),
            `<text x="${point.x}" y="${y(point.high) - 9}" text-anchor="middle" font-size="11">${point.value}</text>`,
          ]
        : [],
    ),
  ];
}

function sample(name: ScoreName, x: number): string[] {
  const { color, dash } = drawn[name];
  return [
    `<path d="M${x} 20h36" stroke="${color}" stroke-width="2" stroke-dasharray="${dash}"/>`,
    mark(name, x + 18, 20),
    `<text x="${x + 42}" y="24">${scoreTitles[name]}</text>`,
  ];
}

/** A circle, a square or a diamond. */
function mark(name: ScoreName, x: number, at: number): string {
  const fill = `fill="${drawn[name].color}"`;
  if (name === 'throughput') return `<circle cx="${x}" cy="${at}" r="5" ${fill}/>`;
  const turn = name === 'efficiency' ? ` transform="rotate(45 ${x} ${at})"` : '';
  return `<rect x="${x - 4.5}" y="${at - 4.5}" width="9" height="9"${turn} ${fill}/>`;
}

function noteOf(one: ScoredContender): string {
  if (one.reason === undefined) return '';
  const state = withoutScore(one);
  return `${one.title}${state ? `, ${state}` : ''}: ${firstLine(one.reason)}`;
}

function wrapped(note: string): string[] {
  const lines: string[] = [];
  for (const word of note.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < noteLength) lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== '') lines.push(word);
  }
  return lines;
}

/** What engines print may hold characters that XML has not: those of terminals, which color their lines. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\u0000-\u001f\ufffe\uffff]/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}
