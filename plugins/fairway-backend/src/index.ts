import { createAlertViews } from './alerts/index.ts';
import { createClusterViews } from './cluster/index.ts';
import { createFairwayPlugin } from './plugin.ts';

export default createFairwayPlugin({ createClusterViews, createAlertViews });
