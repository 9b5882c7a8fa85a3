import { english } from '@fairway/service/reasons/reason';
import { type Reason, reasonOf } from '@fairway/service/reasons/reason-of';
import type { CodedSentence } from '../coded.ts';
import type { Comparison, Contender, MeasuredFigure, RateRun } from './record.ts';

/** The three lines of the chart. @public */
export const scoreNames = ['throughput', 'latency', 'efficiency'] as const;
/** One of {@link scoreNames}. @public */
export type ScoreName = (typeof scoreNames)[number];

export const scoreDefinitions: Readonly<Record<ScoreName, string>> = {
  throughput:
    '100 × output tokens a second at the highest rate at which the objectives held ÷ those of the best engine of the comparison. The interval reaches from the least that was held in any repeat, 0 where one held none, to the lowest rate that was missed.',
  latency:
    '100 × the best engine’s latency ÷ the engine’s own, where latency is the geometric mean of the 95th percentiles of time to first token and of time per output token at the load that all engines got. The interval is that of the repeats.',
  efficiency:
    '100 × output tokens a second ÷ (processors kept busy × GiB of memory) at the highest rate held in the first round, sent right after a start, as part of the best engine’s; on a GPU, the GPUs held and their memory. The interval is that of the repeats, from 0 where one held no rate.',
};

/** Tokens a second; milliseconds; tokens by second and GiB. Absent where the engine has none. @public */
export type Figures = Readonly<Partial<Record<ScoreName, MeasuredFigure>>>;

/** An engine of a comparison with its scores. @public */
export interface ScoredContender {
  readonly contender: Contender;
  readonly title: string;
  readonly figures: Figures;
  /** 0 to 100. Empty for all when only one engine was measured, and for one that did not run. */
  readonly scores: Figures;
  /** Titles of the engines whose interval overlaps with this one's. */
  readonly tied: Readonly<Record<ScoreName, readonly string[]>>;
  /** Why a score is missing, as a sentence; absent when none is. */
  readonly reason?: string;
  /** The same by code, where it is not what an engine said. */
  readonly coded?: CodedSentence['coded'];
}

export const scoreTitles: Readonly<Record<ScoreName, string>> = {
  throughput: 'Throughput',
  latency: 'Latency',
  efficiency: 'Efficiency',
};

/** What stands in a chart in the place of an engine's scores; undefined for one that has some. @public */
export function withoutScore({
  contender,
  scores,
}: Pick<ScoredContender, 'contender' | 'scores'>): 'did not run' | 'no score' | undefined {
  if (contender.result.outcome === 'did not run') return 'did not run';
  return Object.keys(scores).length === 0 ? 'no score' : undefined;
}

const titles: Readonly<Record<Contender['engine'], string>> = {
  vllm: 'vLLM',
  tgi: 'TGI',
  fastchat: 'FastChat',
  transformers: 'Transformers',
  llamacpp: 'llama.cpp',
  sglang: 'SGLang',
};

/** An engine as its project writes itself, with the way it ran. @public */
export function contenderTitle({ engine, mode }: Pick<Contender, 'engine' | 'mode'>): string {
  return mode === undefined ? titles[engine] : `${titles[engine]} (${mode})`;
}

/** What started an engine, as words of a shell. @public */
export function startedBy({ command, environment = {} }: Pick<Contender, 'command' | 'environment'>): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  return [...variables, ...command.map(quoted)].join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Pairs of engines whose intervals overlap, as a sentence for each score that has some. */
export function tieSentences(scored: readonly ScoredContender[]): readonly string[] {
  return scoreNames.flatMap(name => {
    const pairs = scored.flatMap(({ title, tied }, at) => {
      const later = scored.slice(at + 1).flatMap(other => (tied[name].includes(other.title) ? [other.title] : []));
      return later.length > 0 ? [`${title} with ${later.join(', ')}`] : [];
    });
    return pairs.length > 0 ? [`Tied in ${name}: ${pairs.join('; ')}.`] : [];
  });
}

/** Scores of one comparison, best engine 100, in the order of the record. They mean nothing beside those of another one. @public */
export function scoreComparison({ contenders, load }: Comparison): readonly ScoredContender[] {
  const titleOf = titlesOf(contenders);
  const measured = contenders.map(contender => ({ contender, figures: figuresOf(contender, load.outputTokens) }));
  const alone = measured.filter(({ figures }) => Object.keys(figures).length > 0).length < 2;
  const scored = measured.map(({ contender, figures }) => ({
    contender,
    title: titleOf(contender),
    figures,
    scores: alone ? {} : scoresOf(figures, measured),
  }));
  return scored.map(one => {
    const said = withoutScoreBecause(one, load.outputTokens, alone);
    const why = typeof said === 'object' ? { reason: english(said), coded: said } : { reason: said };
    return { ...one, tied: tiesOf(one, scored), ...why };
  });
}

/** With the version where two would have the same. */
export function titlesOf(contenders: readonly Contender[]): (contender: Contender) => string {
  const all = contenders.map(contenderTitle);
  return contender => {
    const title = contenderTitle(contender);
    return all.filter(one => one === title).length === 1 ? title : `${title} (${contender.version})`;
  };
}

/** What was measured of an engine that ran. */
export type Measured = Extract<Contender['result'], { outcome: 'measured' }>;

type Scored = Pick<ScoredContender, 'contender' | 'title' | 'figures' | 'scores'>;

function scoresOf(own: Figures, all: readonly { readonly figures: Figures }[]): Figures {
  const of = (name: ScoreName) => all.flatMap(({ figures }) => figures[name]?.value ?? []);
  const scores: Partial<Record<ScoreName, MeasuredFigure>> = {};
  for (const name of scoreNames) {
    const figure = own[name];
    if (!figure) continue;
    const score =
      name === 'latency'
        ? (value: number) => (100 * Math.min(...of(name))) / value
        : (value: number) => (100 * value) / Math.max(...of(name));
    const ends = [score(figure.low), score(figure.high)];
    scores[name] = {
      value: tenths(score(figure.value)),
      low: tenths(Math.min(...ends)),
      high: tenths(Math.max(...ends)),
    };
  }
  return scores;
}

function tiesOf(own: Scored, all: readonly Scored[]): ScoredContender['tied'] {
  const ties = (name: ScoreName) => {
    const mine = own.scores[name];
    if (!mine) return [];
    return all.flatMap(({ title, scores }) => {
      const other = scores[name];
      return other && title !== own.title && other.low <= mine.high && mine.low <= other.high ? [title] : [];
    });
  };
  return { throughput: ties('throughput'), latency: ties('latency'), efficiency: ties('efficiency') };
}

function withoutScoreBecause(
  { contender, figures }: Scored,
  outputTokens: number,
  alone: boolean,
): Reason | string | undefined {
  const { result } = contender;
  if (result.outcome === 'did not run') return result.reason;
  if (result.searches.length === 0) return reasonOf('comparison.notReached');
  const length = answerLength(contender);
  if (length !== undefined && length < leastLength * outputTokens)
    return reasonOf('comparison.shortAnswers', { tokens: length.toFixed(0), asked: outputTokens });
  if (figures.throughput === undefined) return reasonOf('comparison.noRate');
  if (!alone && figures.latency === undefined)
    return result.common.length === 0 ? reasonOf('comparison.noCommonLoad') : reasonOf('comparison.noLatency');
  if (!alone && figures.efficiency === undefined) return reasonOf('comparison.noUse');
  return alone ? reasonOf('comparison.alone') : undefined;
}

/** Least part of the tokens asked for that answers have, so that an engine is said to have got the load. */
const leastLength = 0.8;

/** Mean tokens of the answers at the rates that were held. */
function answerLength({ result }: Contender): number | undefined {
  if (result.outcome === 'did not run') return undefined;
  const runs = result.searches.flatMap(({ runs: all }) => all.filter(run => run.held));
  const sum = (of: (run: RateRun) => number) => runs.reduce((total, run) => total + of(run), 0);
  const counted = sum(run => (run.tokensPerAnswer === undefined ? 0 : run.requests));
  if (counted > 0) return sum(run => (run.tokensPerAnswer ?? 0) * run.requests) / counted;
  // at low rates this is rough: an answer that ends in the measured part has tokens from before it
  const answers = sum(run => run.answeredPerSecond * run.seconds);
  return answers > 0 ? sum(run => run.tokensPerSecond * run.seconds) / answers : undefined;
}

function figuresOf(contender: Contender, outputTokens: number): Figures {
  const { result } = contender;
  const length = answerLength(contender);
  if (result.outcome === 'did not run' || (length !== undefined && length < leastLength * outputTokens)) return {};
  const highest = highestRuns(result);
  // in a repeat that held no rate it gave nothing within the objectives
  const nothing = result.searches.some(({ runs, held }) => runs.length > 0 && held === undefined) ? [0] : [];
  // what a rate that was missed would have given is the most that the engine may hold
  const most = highest.map(({ run, missed }) => run.tokensPerSecond * ((missed ?? run.rate) / run.rate));
  return {
    ...named(
      'throughput',
      figure(
        highest.map(({ run }) => run.tokensPerSecond),
        [...most, ...nothing],
      ),
    ),
    ...named('latency', figure(result.common.flatMap(latencyOf))),
    ...named('efficiency', figure(efficiencyRuns(result).runs.flatMap(efficiencyOf), nothing)),
  };
}

/** Of each search, the run at the highest rate that was held, with the lowest that was missed. */
function highestRuns({ searches }: Measured) {
  return searches.flatMap(({ runs, held, missed }) => {
    const run = runs.find(one => one.held && one.rate === held);
    return run ? [{ run, missed }] : [];
  });
}

/** What efficiency is taken from: the highest rate sent right after a start; in records from before, that of each search. */
export function efficiencyRuns(result: Measured): {
  readonly sent: 'after a start' | 'within the search';
  readonly runs: readonly RateRun[];
} {
  return result.highest?.length
    ? { sent: 'after a start', runs: result.highest }
    : { sent: 'within the search', runs: highestRuns(result).map(({ run }) => run) };
}

function named(name: ScoreName, value: MeasuredFigure | undefined): Figures {
  return value ? { [name]: value } : {};
}

/** Geometric mean of the repeats, and the range in which they and further ends lie. */
function figure(values: readonly number[], ends: readonly number[] = []): MeasuredFigure | undefined {
  if (values.length === 0) return undefined;
  const mean = Math.exp(values.reduce((sum, one) => sum + Math.log(one), 0) / values.length);
  // without the noise of logarithms
  const value = Number(mean.toPrecision(12));
  return { value, low: Math.min(...values, ...ends), high: Math.max(...values, ...ends) };
}

function latencyOf({ timeToFirstToken, timePerOutputToken }: RateRun): number[] {
  if (!timeToFirstToken || !timePerOutputToken) return [];
  const latency = Math.sqrt(timeToFirstToken.p95 * timePerOutputToken.p95);
  // an answer in one piece has no time per token
  return latency > 0 ? [latency] : [];
}

function efficiencyOf({ tokensPerSecond, busy, memoryGiB }: RateRun): number[] {
  return busy > 0 && memoryGiB > 0 ? [tokensPerSecond / (busy * memoryGiB)] : [];
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
