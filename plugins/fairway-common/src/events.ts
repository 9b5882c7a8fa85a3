/**
 * Topic of Backstage's events service on which the backend says that a delivery was stored or updated.
 * The catalog's provider of services subscribes to it, so that a service is there soon after its delivery.
 * @public
 */
export const fairwayEventsTopic = 'fairway.deliveries';

/** What an event on `fairwayEventsTopic` carries: enough to know what to ask for, so that a lost one costs nothing. @public */
export interface DeliveryStored {
  readonly id: string;
  readonly service: string;
}
