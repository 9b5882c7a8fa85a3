import { useRouteRef } from '@backstage/frontend-plugin-api';
import { HomePageWidgetBlueprint } from '@backstage/plugin-home-react/alpha';
import { rootRouteRef } from '../routes.ts';
import { homeCard } from './home-card-settings.ts';

/** Card of the home page that `@backstage/plugin-home` brings; without that plugin it stands nowhere. */
export const homeWidget = HomePageWidgetBlueprint.make({
  name: 'home',
  params: {
    ...homeCard,
    components: async () => {
      const { homeCardParts } = await import('./home-card.tsx');
      return homeCardParts(() => useRouteRef(rootRouteRef)?.() ?? '');
    },
  },
});
