import { coreExtensionData, PageBlueprint } from '@backstage/frontend-plugin-api';
import { rootRouteRef } from '../routes.ts';
import { TabbedPage } from './tabbed-page.tsx';

/** The page that holds the others as its tabs; its address leads to the first. */
export const fairwayPage = PageBlueprint.makeWithOverrides({
  factory: (originalFactory, { inputs }) => {
    const tabs = inputs.pages.map(page => ({
      path: page.get(coreExtensionData.routePath),
      title: page.get(coreExtensionData.title) ?? '',
      icon: page.get(coreExtensionData.icon),
      element: page.get(coreExtensionData.reactElement),
    }));
    return originalFactory({
      path: '/fairway',
      routeRef: rootRouteRef,
      noHeader: true,
      loader: async () => <TabbedPage tabs={tabs} />,
    });
  },
});
