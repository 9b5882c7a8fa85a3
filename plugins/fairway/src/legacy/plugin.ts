import {
  createApiFactory,
  createPlugin,
  createRouteRef,
  discoveryApiRef,
  fetchApiRef,
} from '@backstage/core-plugin-api';
import { fairwayApiRef } from '../client/fairway-api.ts';
import { FairwayClient } from '../client/fairway-client.ts';

export const rootRouteRef = createRouteRef({ id: 'fairway' });
export const deliveryRouteRef = createRouteRef({ id: 'fairway.delivery' });
export const deploymentsRouteRef = createRouteRef({ id: 'fairway.deployments' });
export const serviceRouteRef = createRouteRef({ id: 'fairway.service' });
export const logsRouteRef = createRouteRef({ id: 'fairway.logs' });

/** Fairway for portals on the old frontend system. @public */
export const fairwayPlugin = createPlugin({
  id: 'fairway',
  routes: {
    root: rootRouteRef,
    service: serviceRouteRef,
    delivery: deliveryRouteRef,
    deployments: deploymentsRouteRef,
    logs: logsRouteRef,
  },
  apis: [
    createApiFactory({
      api: fairwayApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: access => new FairwayClient(access),
    }),
  ],
});
