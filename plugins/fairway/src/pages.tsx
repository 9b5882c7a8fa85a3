import type { JSX } from 'react';
import { PageBlueprint, SubPageBlueprint } from '@backstage/frontend-plugin-api';
import {
  alertsRouteRef,
  deploymentsRouteRef,
  enginesRouteRef,
  gpuRouteRef,
  rootRouteRef,
  servicesRouteRef,
} from './routes.ts';

/** The page that holds the others as its tabs; its address leads to the first. */
export const fairwayPage = PageBlueprint.make({ params: { path: '/fairway', routeRef: rootRouteRef } });

/** The landmark by which a screen reader jumps to the content; the portal puts only its header around a page. */
function inMain(page: JSX.Element) {
  return <main>{page}</main>;
}

const attachTo = { id: 'page:fairway', input: 'pages' } as const;

export const servicesPage = SubPageBlueprint.make({
  attachTo,
  name: 'services',
  params: {
    path: 'services',
    title: 'Services',
    routeRef: servicesRouteRef,
    loader: async () => {
      const { ServicesPage } = await import('./services/services-page.tsx');
      return inMain(<ServicesPage />);
    },
  },
});

export const deploymentsPage = SubPageBlueprint.make({
  attachTo,
  name: 'deployments',
  params: {
    path: 'deployments',
    title: 'Deployments',
    routeRef: deploymentsRouteRef,
    loader: async () => {
      const { DeploymentsPage } = await import('./deployments/deployments-page.tsx');
      return inMain(<DeploymentsPage />);
    },
  },
});

export const gpuPage = SubPageBlueprint.make({
  attachTo,
  name: 'gpu',
  params: {
    path: 'gpu',
    title: 'GPU capacity',
    routeRef: gpuRouteRef,
    loader: async () => {
      const { CapacityPage } = await import('./capacity/capacity-page.tsx');
      return inMain(<CapacityPage />);
    },
  },
});

export const alertsPage = SubPageBlueprint.make({
  attachTo,
  name: 'alerts',
  params: {
    path: 'alerts',
    title: 'Alerts',
    routeRef: alertsRouteRef,
    loader: async () => {
      const { AlertsPage } = await import('./alerts/alerts-page.tsx');
      return inMain(<AlertsPage />);
    },
  },
});

export const enginesPage = SubPageBlueprint.make({
  attachTo,
  name: 'engines',
  params: {
    path: 'engines',
    title: 'Engines',
    routeRef: enginesRouteRef,
    loader: async () => {
      const { EnginesPage } = await import('./engines/engines-page.tsx');
      return inMain(<EnginesPage />);
    },
  },
});
