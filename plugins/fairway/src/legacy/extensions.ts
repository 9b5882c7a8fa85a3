import type { JSX } from 'react';
import { createComponentExtension, createRoutableExtension, useRouteRef } from '@backstage/core-plugin-api';
import { createCardExtension } from '@backstage/plugin-home-react';
import { createScaffolderFieldExtension } from '@backstage/plugin-scaffolder-react';
import type { GpuFitValue } from '@fairway/backstage-plugin-fairway-common';
import { gpuFitFieldName, modelFieldName } from '../form-field/field-name.ts';
import { GpuFitField } from '../form-field/gpu-fit-field.tsx';
import { ModelField } from '../form-field/model-field.tsx';
import { homeCard } from '../home/home-card-settings.ts';
import {
  deliveryRouteRef,
  deploymentsRouteRef,
  fairwayPlugin,
  logsRouteRef,
  rootRouteRef,
  serviceRouteRef,
} from './plugin.ts';

/** Services, deployments, GPU capacity, alerts and engines: `<Route path="/fairway" element={<FairwayPage />} />`. @public */
export const FairwayPage: () => JSX.Element = fairwayPlugin.provide(
  createRoutableExtension({
    name: 'FairwayPage',
    mountPoint: rootRouteRef,
    component: () => import('./fairway-page.tsx').then(({ FairwayPage: Page }) => Page),
  }),
);

/** How the service fares; content of an `EntityLayout.Route`, the first one or a part of it. @public */
export const EntityFairwayServiceContent: () => JSX.Element = fairwayPlugin.provide(
  createRoutableExtension({
    name: 'EntityFairwayServiceContent',
    mountPoint: serviceRouteRef,
    component: () => import('../service/service-overview.tsx').then(({ ServiceOverview }) => ServiceOverview),
  }),
);

/** Content of an `EntityLayout.Route`. @public */
export const EntityFairwayDeliveryContent: () => JSX.Element = fairwayPlugin.provide(
  createRoutableExtension({
    name: 'EntityFairwayDeliveryContent',
    mountPoint: deliveryRouteRef,
    component: () => import('../delivery/delivery-tab.tsx').then(({ DeliveryTab }) => DeliveryTab),
  }),
);

/** Content of an `EntityLayout.Route`. @public */
export const EntityFairwayDeploymentsContent: () => JSX.Element = fairwayPlugin.provide(
  createRoutableExtension({
    name: 'EntityFairwayDeploymentsContent',
    mountPoint: deploymentsRouteRef,
    component: () => import('../deployments/deployments-tab.tsx').then(({ DeploymentsTab }) => DeploymentsTab),
  }),
);

/** Content of an `EntityLayout.Route`. @public */
export const EntityFairwayLogsContent: () => JSX.Element = fairwayPlugin.provide(
  createRoutableExtension({
    name: 'EntityFairwayLogsContent',
    mountPoint: logsRouteRef,
    component: () => import('../logs/logs-tab.tsx').then(({ LogsTab }) => LogsTab),
  }),
);

/** Card of an entity's overview. @public */
export const EntityFairwayCapacityCard: () => JSX.Element = fairwayPlugin.provide(
  createComponentExtension({
    name: 'EntityFairwayCapacityCard',
    component: { lazy: () => import('../capacity/capacity-card.tsx').then(({ CapacityCard }) => CapacityCard) },
  }),
);

/** Card of an entity's overview. @public */
export const EntityFairwayAlertsCard: () => JSX.Element = fairwayPlugin.provide(
  createComponentExtension({
    name: 'EntityFairwayAlertsCard',
    component: { lazy: () => import('../alerts/alerts-card.tsx').then(({ AlertsCard }) => AlertsCard) },
  }),
);

/** Card of a home page of `@backstage/plugin-home`. @public */
export const FairwayHomeCard = fairwayPlugin.provide(
  createCardExtension({
    ...homeCard,
    components: async () => {
      const { homeCardParts } = await import('../home/home-card.tsx');
      return homeCardParts(() => useRouteRef(rootRouteRef)());
    },
  }),
);

/** Child of `<ScaffolderFieldExtensions>`. @public */
export const FairwayGpuFitFieldExtension = fairwayPlugin.provide(
  createScaffolderFieldExtension<GpuFitValue>({ name: gpuFitFieldName, component: GpuFitField }),
);

/** Child of `<ScaffolderFieldExtensions>`. @public */
export const FairwayModelFieldExtension = fairwayPlugin.provide(
  createScaffolderFieldExtension<string>({ name: modelFieldName, component: ModelField }),
);
