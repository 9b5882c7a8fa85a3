export { offeredRate, secondsOf, type Arrivals, type RateSegment, type TraceEntry } from './arrivals.ts';
export type { Lengths } from './lengths.ts';
export type { LoadPlan, RequestShape } from './load-plan.ts';
export { probe, type Probed } from './probe.ts';
export type { GeneratorHealth, LoadResult, Rates } from './result.ts';
export { runLoad, type Live, type RunOptions } from './run-load.ts';
export type { LoadSample } from './sample.ts';
export type { RequestHeaders } from './sender.ts';
