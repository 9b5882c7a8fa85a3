import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import { deliveryTabRouteRef } from './routes.ts';

/** Entities that name a service: its Component, and the API that the catalog's provider makes of it. */
export const ofServices = { [`metadata.annotations.${serviceAnnotation}`]: { $exists: true } };

export const deliveryTab = EntityContentBlueprint.make({
  name: 'delivery',
  params: {
    path: '/delivery',
    title: 'Delivery',
    group: 'deployment',
    routeRef: deliveryTabRouteRef,
    filter: { kind: 'component', ...ofServices },
    loader: async () => {
      const { DeliveryTab } = await import('./delivery/delivery-tab.tsx');
      return <DeliveryTab />;
    },
  },
});
