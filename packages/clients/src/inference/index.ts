export { openInference } from './endpoint.ts';
export type { Answer, InferenceEndpoint } from './endpoint.ts';
export type { ChatRequest, StreamError, StreamOutcome } from './stream.ts';
