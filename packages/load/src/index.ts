export { generate, type GeneratorOptions, type Sent } from './generator.ts';
export { planLoad, warmUpSeconds, type LoadShape, type PlannedRequest } from './plan.ts';
export { rowsOf, sampleOf, type Row } from './samples.ts';
