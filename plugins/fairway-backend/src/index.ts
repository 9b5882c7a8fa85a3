import { createAlertViews } from './alerts/index.ts';
import { createClusterViews } from './cluster/index.ts';
import { createFairwayPlugin } from './plugin.ts';

/** Fairway's backend for a portal. @public */
export default createFairwayPlugin({ createClusterViews, createAlertViews });

export { rollbackExtensionPoint } from './releases/rollback-extension.ts';
export type { Rollback, RollbackExtensionPoint, RollbackRequest } from './releases/rollback-extension.ts';
export type { ServiceQuery } from './access/service-rules.ts';
export {
  createFairwayServiceConditionalDecision,
  fairwayServiceConditions,
  fairwayServiceResourceRef,
} from './access/service-rules.ts';
