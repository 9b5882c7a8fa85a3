import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { LoadResult } from './result.ts';
import { textReport } from './report-text.ts';

/** A page without any reference to the outside: figures, plots, and what was sent. One run, or the runs of a sweep. */
export async function htmlReport(title: string, runs: readonly LoadResult[], verdict: string): Promise<string> {
  const file = (name: string) => readFile(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), 'utf8');
  const [script, style, plots] = await Promise.all([
    file('uPlot.iife.min.js'),
    file('uPlot.min.css'),
    readFile(new URL('report-plots.js', import.meta.url), 'utf8'),
  ]);
  const sections = runs.map(
    (run, index) => `<section><pre>${escaped(textReport(run))}</pre><div class="plots" id="run${index}"></div>
<details><summary>Plan</summary><pre>${escaped(JSON.stringify(run.plan, null, 1))}</pre></details></section>`,
  );
  // a script element ends at the first "</", whatever it is part of
  const data = JSON.stringify(runs.map(plotData)).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${style}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#1c1c1e;background:#fff}
pre{overflow-x:auto;font-size:13px}.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(30rem,1fr));gap:1rem}</style></head>
<body><h1>${escaped(title)}</h1>${verdict ? `<pre>${escaped(verdict)}</pre>` : ''}${sections.join('\n')}
<script>${script}</script>
<script>const runs = ${data};
${plots}</script></body></html>
`;
}

/** What report-plots.js draws. */
interface PlotData {
  /** Seconds after the begin, and milliseconds: time to first token and whole answer of each request. */
  readonly requests: readonly (readonly (number | null)[])[];
  /** By second: requests sent, answered, and tokens that arrived. */
  readonly seconds: readonly (readonly number[])[];
  /** Percent of requests with a time to first token of so many milliseconds, and of gaps. */
  readonly ttft: readonly (readonly number[])[];
  readonly gaps: readonly (readonly number[])[];
  readonly gapsName: string;
}

function plotData({ samples, from, to }: LoadResult): PlotData {
  const since = (at: number) => (at - from) / 1000;
  const length = Math.max(1, Math.ceil((to - from) / 1000));
  const counts = { sent: new Array<number>(length).fill(0), answered: new Array<number>(length).fill(0) };
  const tokens = new Array<number>(length).fill(0);
  const add = (to: number[], at: number, count: number) => {
    const second = Math.floor(since(at));
    if (second >= 0 && second < length) to[second]! += count;
  };
  for (const sample of samples) {
    add(counts.sent, sample.sentAt, 1);
    if (!sample.error && !sample.cancelled) add(counts.answered, sample.endedAt, 1);
    let at = sample.firstTokenAt;
    if (at === undefined) continue;
    const perPiece = (sample.tokens ?? 0) / (sample.gaps.length + 1);
    add(tokens, at, perPiece);
    for (const gap of sample.gaps) add(tokens, (at += gap), perPiece);
  }
  return {
    requests: [
      samples.map(one => since(one.scheduledAt)),
      samples.map(one => (one.firstTokenAt === undefined ? null : one.firstTokenAt - one.sentAt)),
      samples.map(one => (one.error || one.cancelled ? null : one.endedAt - one.sentAt)),
    ],
    seconds: [Array.from({ length }, (_, second) => second), counts.sent, counts.answered, tokens],
    ttft: shares(samples.flatMap(one => (one.firstTokenAt === undefined ? [] : [one.firstTokenAt - one.sentAt]))),
    gaps: shares(samples.flatMap(one => [...one.gaps])),
    gapsName: samples.every(one => one.gapsAreTokens) ? 'inter-token latency' : 'gap between chunks',
  };
}

/** Percentiles in steps of a tenth: values, and the percent that is at most as large. */
function shares(values: number[]): readonly (readonly number[])[] {
  const sorted = Float64Array.from(values).sort();
  const ranks = Array.from({ length: 1000 }, (_, index) => (index + 1) / 10);
  if (sorted.length === 0) return [[], []];
  return [ranks.map(rank => sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)]!), ranks];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
