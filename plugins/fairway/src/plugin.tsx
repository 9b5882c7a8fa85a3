import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { RiShipLine } from '@remixicon/react';
import { fairwayApi } from './client/fairway-api-extension.ts';
import { deliveryTab } from './entity-contents.tsx';
import { fairwayPage, servicesPage } from './pages.tsx';
import { deliveryTabRouteRef, rootRouteRef, servicesRouteRef } from './routes.ts';

/** Fairway for the new frontend system. */
export const fairwayPlugin = createFrontendPlugin({
  pluginId: 'fairway',
  title: 'Fairway',
  icon: <RiShipLine fontSize="inherit" />,
  info: { packageJson: () => import('../package.json') },
  routes: { root: rootRouteRef, services: servicesRouteRef, delivery: deliveryTabRouteRef },
  extensions: [fairwayApi, fairwayPage, servicesPage, deliveryTab],
});
