export { fairwayPlugin } from './legacy/plugin.ts';
export {
  EntityFairwayAlertsCard,
  EntityFairwayCapacityCard,
  EntityFairwayDeliveryContent,
  EntityFairwayDeploymentsContent,
  EntityFairwayLogsContent,
  EntityFairwayServiceContent,
  FairwayGpuFitFieldExtension,
  FairwayHomeCard,
  FairwayModelFieldExtension,
  FairwayPage,
} from './legacy/extensions.ts';
export { isFairwayServiceAvailable } from './legacy/is-fairway-service-available.ts';
export { fairwayReasonsTranslationRef, fairwayTranslationRef } from './translation/fairway-translation.ts';
export { fairwayApiRef } from './client/fairway-api.ts';
export type { FairwayApi } from './client/fairway-api.ts';
export type { BodyPart, PathPart, QueryPart, RequestOf } from './client/request.ts';
