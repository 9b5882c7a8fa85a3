import {
  EntityCardBlueprint,
  EntityContentBlueprint,
  EntityContentLayoutBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import { deliveryTabRouteRef, deploymentsTabRouteRef, logsTabRouteRef } from './routes.ts';
import { tabTitle } from './translation/tab-title.ts';

/** Components that name a service. */
const filter = { kind: 'component', [`metadata.annotations.${serviceAnnotation}`]: { $exists: true } };

export const deliveryTab = EntityContentBlueprint.makeWithOverrides({
  name: 'delivery',
  factory: (originalFactory, { apis }) =>
    originalFactory({
      path: '/delivery',
      title: tabTitle(apis, 'delivery.title'),
      group: 'deployment',
      routeRef: deliveryTabRouteRef,
      filter,
      loader: async () => {
        const { DeliveryTab } = await import('./delivery/delivery-tab.tsx');
        return <DeliveryTab />;
      },
    }),
});

export const deploymentsTab = EntityContentBlueprint.makeWithOverrides({
  name: 'deployments',
  factory: (originalFactory, { apis }) =>
    originalFactory({
      path: '/deployments',
      title: tabTitle(apis, 'deployments.title'),
      group: 'deployment',
      routeRef: deploymentsTabRouteRef,
      filter,
      loader: async () => {
        const { DeploymentsTab } = await import('./deployments/deployments-tab.tsx');
        return <DeploymentsTab />;
      },
    }),
});

export const logsTab = EntityContentBlueprint.makeWithOverrides({
  name: 'logs',
  factory: (originalFactory, { apis }) =>
    originalFactory({
      path: '/logs',
      title: tabTitle(apis, 'logs.title'),
      group: 'observability',
      routeRef: logsTabRouteRef,
      filter,
      loader: async () => {
        const { LogsTab } = await import('./logs/logs-tab.tsx');
        return <LogsTab />;
      },
    }),
});

/** The overview begins with how the service fares; its alerts stand there, and need no card. */
export const serviceLayout = EntityContentLayoutBlueprint.make({
  name: 'service',
  params: {
    filter,
    loader: async () => {
      const { ServiceLayout } = await import('./service/service-layout.tsx');
      return ServiceLayout;
    },
  },
});

export const gpuCard = EntityCardBlueprint.make({
  name: 'gpu',
  params: {
    filter,
    loader: async () => {
      const { CapacityCard } = await import('./capacity/capacity-card.tsx');
      return <CapacityCard />;
    },
  },
});
