export { fairwayPlugin as default } from './plugin.tsx';
export { fairwayReasonsTranslationRef, fairwayTranslationRef } from './translation/fairway-translation.ts';
export { fairwayApiRef } from './client/fairway-api.ts';
export type { FairwayApi } from './client/fairway-api.ts';
export type { BodyPart, PathPart, QueryPart, RequestOf } from './client/request.ts';
