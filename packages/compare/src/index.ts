export { compareEngines, type ComparisonPlan } from './compare-engines.ts';
export type { MeasuredLoad } from './measure.ts';
export type { RateRange } from './highest-rate.ts';
export { processEngine, type ProcessCommand } from './process-engine.ts';
export { machineFacts } from './machine-facts.ts';
export type { EngineUse, RunningEngine, StartableEngine } from './running-engine.ts';
