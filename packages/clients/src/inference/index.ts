export { openInference } from './endpoint.ts';
export type { Answer, Exchange, ExchangeRequest, InferenceEndpoint, StreamEnd } from './endpoint.ts';
export { apiPath, requestBody } from './request.ts';
export type { ChatRequest, InferenceApi, InferenceRequest, Message } from './request.ts';
export { connectionAdvice } from './unreachable.ts';
export { piecesAreTokens } from './stream.ts';
export type { InferenceOutcome, StreamError, StreamOutcome } from './stream.ts';
export type { Usage } from './answer.ts';
