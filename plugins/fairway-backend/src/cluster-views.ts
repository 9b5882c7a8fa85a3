import type { LifecycleService, LoggerService, RootConfigService } from '@backstage/backend-plugin-api';
import type { FitAnswer, FitQuestion, ResponseOf } from '@fairway/backstage-plugin-fairway-common';

/** What the routes ask of the clusters. All answers come from memory that the watches keep; none waits for a cluster. */
export interface ClusterViews {
  /** @param service narrows the answer to one service */
  deployments(service?: string): ResponseOf<'deployments'>;
  capacity(): ResponseOf<'capacity'>;
  fit(question: FitQuestion): FitAnswer;
}

/** What `createClusterViews` of `src/cluster/index.ts` is given. */
export interface ClusterViewsOptions {
  readonly config: RootConfigService;
  readonly logger: LoggerService;
  /** Its shutdown hook ends the watches. */
  readonly lifecycle: LifecycleService;
  /** Tells open pages that a view of the clusters changed; may be called as often as it does, it is thinned out. */
  changed(): void;
}
