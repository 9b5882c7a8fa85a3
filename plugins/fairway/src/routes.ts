import { createRouteRef } from '@backstage/frontend-plugin-api';

export const rootRouteRef = createRouteRef();
export const homeRouteRef = createRouteRef();
export const servicesRouteRef = createRouteRef();
export const deploymentsRouteRef = createRouteRef();
export const gpuRouteRef = createRouteRef();
export const alertsRouteRef = createRouteRef();
export const usageRouteRef = createRouteRef();
export const enginesRouteRef = createRouteRef();
export const deliveryTabRouteRef = createRouteRef();
export const deploymentsTabRouteRef = createRouteRef();
export const logsTabRouteRef = createRouteRef();
