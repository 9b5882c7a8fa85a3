export { offeredRate, secondsOf, type Arrivals, type RateSegment, type TraceEntry } from './arrivals.ts';
export type { Lengths } from './lengths.ts';
export type { LoadPlan, RequestShape } from './load-plan.ts';
export { probe, type Probed } from './probe.ts';
export type { GeneratorHealth, LoadResult, Rates } from './result.ts';
export { mostBusy, runLoad, type RunOptions } from './run-load.ts';
export type { LoadSample } from './sample.ts';
export type { RequestHeaders } from './sender.ts';
export { openTokenizer } from './tokenizer.ts';
export { readTrace } from './trace.ts';
export { endings, figuresOf, type Distribution, type LatencyFigures } from './figures.ts';
export { csvReport } from './report-csv.ts';
export { htmlReport } from './report-html.ts';
export { jsonReport } from './report-json.ts';
export { textReport } from './report-text.ts';
export { sweep, type Sweep } from './sweep.ts';

export { servicePlan } from './service-plan.ts';
export type { Live } from './run-load.ts';
