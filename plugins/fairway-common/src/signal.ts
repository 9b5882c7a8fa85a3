/** Channel of Backstage's signals on which the backend says that a view changed. */
export const fairwaySignalChannel = 'fairway';

export interface FairwaySignal {
  readonly changed: 'alerts' | 'deliveries' | 'cluster';
}
