import { answered } from '@fairway/indicators/request-sample';
import { endings, figuresOf } from './figures.ts';
import type { Distribution } from './figures.ts';
import type { LoadResult } from './result.ts';
import type { LoadSample } from './sample.ts';

/** The figures of a run for a terminal, a line each. */
export function textReport(result: LoadResult): string {
  const figures = figuresOf(result);
  const { rates, generator, samples } = result;
  const row = (name: string, of: Distribution | undefined) =>
    of ? [[name, ...[of.p50, of.p90, of.p95, of.p99, of.mean].map(ms)].map(cell).join('')] : [];
  const cell = (text: string, column: number) => (column === 0 ? text.padEnd(34) : text.padStart(10));
  const { arrivals } = result.plan;
  const failed = arrivals.kind === 'replay' ? (arrivals.failed ?? 0) : 0;
  const seconds = ((result.to - result.from) / 1000).toFixed(1);
  if (samples.length === 0 && result.interrupted)
    return 'Interrupted before the measured part began: nothing was measured.';
  return [
    `${samples.length} requests in ${seconds} s after ${result.warmUp.seconds.toFixed(1)} s of warm-up${result.warmUp.steady ? '' : ', which did not get steady'}; ${cacheLine(result)}`,
    ...(failed > 0 ? [`${failed} requests of the recording are left out: they had failed, and have no length.`] : []),
    '',
    ['milliseconds', 'p50', 'p90', 'p95', 'p99', 'mean'].map(cell).join(''),
    ...row('time to first token, from sent', figures.ttftFromSent),
    ...row('time to first token, from due', figures.ttftFromScheduled),
    ...row('inter-token latency', figures.itl),
    ...row('gaps between chunks (not ITL)', figures.chunkGaps),
    ...row('time per output token', figures.tpot),
    ...row('whole answer', figures.duration),
    ...withoutToken(result),
    '',
    `requests a second: ${rates.offered === undefined ? '' : `${figure(rates.offered)} offered, `}${figure(rates.sent)} sent, ${figure(rates.answered)} answered${tokensLine(result)}`,
    `ended: ${Object.entries(endings(samples))
      .map(([ending, count]) => `${count} ${ending}`)
      .join(', ')}`,
    ...(result.trouble ? [] : firstErrors(samples)),
    ...hiddenLine(samples),
    ...(cameWhole(result)
      ? ['The server sent every answer whole, though a stream was asked for: nobody knows when its first token came.']
      : []),
    `generator: ${generator.threads} ${generator.threads === 1 ? 'thread' : 'threads'}, late p99 ${ms(generator.lateness.p99)} ms, event loop held up p99 ${ms(generator.loopDelay.p99)} ms, ${Math.round(generator.cpu * 100)} % of a processor`,
    ...(generator.bottleneck.length > 0
      ? [
          `The generator was the bottleneck, and these are not the figures of the service. ${generator.bottleneck.join(' ')}`,
        ]
      : []),
    ...(result.trouble ? [result.trouble] : []),
    ...(result.interrupted ? ['Interrupted: these are the requests that were measured until then.'] : []),
  ].join('\n');
}

/** Chunks are not called tokens, and an embedding has none. */
function tokensLine({ plan, rates, samples }: LoadResult): string {
  if (plan.request.api === 'embeddings') return '';
  const having = samples.filter(sample => sample.tokens);
  const uncounted = having.filter(sample => sample.tokensBy === 'chunks').length;
  if (uncounted === 0) return `; ${figure(rates.tokens)} tokens a second`;
  if (uncounted === having.length) return `; ${figure(rates.tokens)} chunks a second, whose tokens nobody counted`;
  return `; ${figure(rates.tokens)} tokens a second, with the chunks of ${uncounted} answers whose tokens nobody counted`;
}

function hiddenLine(samples: readonly LoadSample[]): readonly string[] {
  const hidden = samples.reduce((sum, sample) => sum + (sample.hiddenTokens ?? 0), 0);
  if (hidden === 0) return [];
  return [
    `The server counts ${hidden} tokens of reasoning that it does not send: no rate and no time per output token has them.`,
  ];
}

/** What the first request of each kind of error met. */
function firstErrors(samples: readonly LoadSample[]): readonly string[] {
  const first = new Map<string, string>();
  for (const sample of samples) {
    const [ending] = Object.keys(endings([sample]));
    if (sample.error && !first.has(ending!)) first.set(ending!, sample.errorDetail ?? '');
  }
  return [...first].map(([ending, detail]) => `first ${ending}: ${detail}`);
}

/** Percentiles of those that came look the better the more did not. */
function withoutToken({ plan, samples }: LoadResult): readonly string[] {
  const never = samples.filter(sample => sample.firstTokenAt === undefined && answered(sample) === 'bad').length;
  return plan.request.stream && never > 0
    ? [
        `${never} of ${samples.length} requests got no token: these times leave them out, objectives count them as too slow.`,
      ]
    : [];
}

function cameWhole({ plan, samples }: LoadResult): boolean {
  const good = samples.filter(sample => !sample.error && !sample.cancelled);
  return plan.request.stream && good.length > 0 && good.every(sample => sample.firstTokenAt === undefined);
}

export function cacheLine(result: LoadResult): string {
  const cached = result.samples.reduce((sum, sample) => sum + (sample.cachedTokens ?? 0), 0);
  const told = result.samples.some(sample => sample.cachedTokens !== undefined);
  const answered = told ? `, ${cached} prompt tokens came from the engine's cache` : '';
  return result.cache === 'warm'
    ? `cache warm: the prompts of every run${answered}`
    : `cache cold: prompts of this run alone${answered}`;
}

function ms(value: number): string {
  return value.toFixed(1);
}

function figure(value: number): string {
  return String(Math.round(value * 10) / 10);
}
