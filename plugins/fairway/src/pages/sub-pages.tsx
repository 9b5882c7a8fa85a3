import { SubPageBlueprint } from '@backstage/frontend-plugin-api';
import {
  alertsRouteRef,
  deploymentsRouteRef,
  enginesRouteRef,
  gpuRouteRef,
  homeRouteRef,
  servicesRouteRef,
  usageRouteRef,
} from '../routes.ts';
import { english } from '../translation/english.ts';
import { homeEnglish } from '../translation/home-english.ts';
import { titlesEnglish } from '../translation/titles-english.ts';
import { usageEnglish } from '../translation/usage-english.ts';

const attachTo = { id: 'page:fairway', input: 'pages' } as const;

export const homePage = SubPageBlueprint.make({
  attachTo,
  name: 'home',
  params: {
    path: 'home',
    title: homeEnglish['home.title'],
    routeRef: homeRouteRef,
    loader: async () => {
      const { HomePage } = await import('../home/home-page.tsx');
      return <HomePage />;
    },
  },
});

export const servicesPage = SubPageBlueprint.make({
  attachTo,
  name: 'services',
  params: {
    path: 'services',
    title: english['services.title'],
    routeRef: servicesRouteRef,
    loader: async () => {
      const { ServicesPage } = await import('../services/services-page.tsx');
      return <ServicesPage />;
    },
  },
});

export const deploymentsPage = SubPageBlueprint.make({
  attachTo,
  name: 'deployments',
  params: {
    path: 'deployments',
    title: titlesEnglish['deployments.title'],
    routeRef: deploymentsRouteRef,
    loader: async () => {
      const { DeploymentsPage } = await import('../deployments/deployments-page.tsx');
      return <DeploymentsPage />;
    },
  },
});

export const gpuPage = SubPageBlueprint.make({
  attachTo,
  name: 'gpu',
  params: {
    path: 'gpu',
    title: english['gpu.title'],
    routeRef: gpuRouteRef,
    loader: async () => {
      const { CapacityPage } = await import('../capacity/capacity-page.tsx');
      return <CapacityPage />;
    },
  },
});

export const alertsPage = SubPageBlueprint.make({
  attachTo,
  name: 'alerts',
  params: {
    path: 'alerts',
    title: english['alerts.title'],
    routeRef: alertsRouteRef,
    loader: async () => {
      const { AlertsPage } = await import('../alerts/alerts-page.tsx');
      return <AlertsPage />;
    },
  },
});

export const usagePage = SubPageBlueprint.make({
  attachTo,
  name: 'usage',
  params: {
    path: 'usage',
    title: usageEnglish['usage.title'],
    routeRef: usageRouteRef,
    loader: async () => {
      const { UsagePage } = await import('../usage/usage-page.tsx');
      return <UsagePage />;
    },
  },
});

export const enginesPage = SubPageBlueprint.make({
  attachTo,
  name: 'engines',
  params: {
    path: 'engines',
    title: english['engines.title'],
    routeRef: enginesRouteRef,
    loader: async () => {
      const { EnginesPage } = await import('../engines/engines-page.tsx');
      return <EnginesPage />;
    },
  },
});
