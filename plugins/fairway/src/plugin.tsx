import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { RiShipLine } from '@remixicon/react';
import { fairwayApi } from './client/fairway-api-extension.ts';
import { deliveryTab, deploymentsTab, gpuCard, logsTab, serviceLayout } from './entity-extensions.tsx';
import { gpuFitFormField } from './form-field/gpu-fit-form-field.ts';
import { modelFormField } from './form-field/model-form-field.ts';
import { homeWidget } from './home/home-widget.tsx';
import { fairwayPage } from './pages/fairway-page.tsx';
import {
  alertsPage,
  deploymentsPage,
  enginesPage,
  gpuPage,
  homePage,
  servicesPage,
  usagePage,
} from './pages/sub-pages.tsx';
import {
  alertsRouteRef,
  deliveryTabRouteRef,
  deploymentsRouteRef,
  deploymentsTabRouteRef,
  enginesRouteRef,
  gpuRouteRef,
  homeRouteRef,
  logsTabRouteRef,
  rootRouteRef,
  servicesRouteRef,
  usageRouteRef,
} from './routes.ts';

/** Fairway for the new frontend system. @public */
export const fairwayPlugin = createFrontendPlugin({
  pluginId: 'fairway',
  title: 'Fairway',
  icon: <RiShipLine fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  routes: {
    root: rootRouteRef,
    home: homeRouteRef,
    services: servicesRouteRef,
    deployments: deploymentsRouteRef,
    gpu: gpuRouteRef,
    alerts: alertsRouteRef,
    usage: usageRouteRef,
    engines: enginesRouteRef,
    deliveryTab: deliveryTabRouteRef,
    deploymentsTab: deploymentsTabRouteRef,
    logsTab: logsTabRouteRef,
  },
  extensions: [
    fairwayApi,
    // the tabs of the page in this order
    ...[fairwayPage, homePage, servicesPage, deploymentsPage, gpuPage, alertsPage, usagePage, enginesPage],
    ...[serviceLayout, deliveryTab, deploymentsTab, logsTab, gpuCard],
    ...[gpuFitFormField, modelFormField, homeWidget],
  ],
});
