import { PageBlueprint, SubPageBlueprint } from '@backstage/frontend-plugin-api';
import { rootRouteRef, servicesRouteRef } from './routes.ts';

/** The page that holds the others as its tabs; its address leads to the first. */
export const fairwayPage = PageBlueprint.make({ params: { path: '/fairway', routeRef: rootRouteRef } });

export const servicesPage = SubPageBlueprint.make({
  attachTo: { id: 'page:fairway', input: 'pages' },
  name: 'services',
  params: {
    path: 'services',
    title: 'Services',
    routeRef: servicesRouteRef,
    loader: async () => {
      const { ServicesPage } = await import('./services/services-page.tsx');
      return <ServicesPage />;
    },
  },
});
