/** Channel of Backstage's signals on which the backend says that a view changed. @public */
export const fairwaySignalChannel = 'fairway';

/** What the plugin signals after a change. @public */
export interface FairwaySignal {
  readonly changed: 'alerts' | 'deliveries' | 'cluster';
}
