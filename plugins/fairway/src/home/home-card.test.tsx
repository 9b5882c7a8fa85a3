import { screen, within } from '@testing-library/react';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import { createExtensionInput, createFrontendPlugin, PageBlueprint } from '@backstage/frontend-plugin-api';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { homePageWidgetDataRef } from '@backstage/plugin-home-react/alpha';
import { mockApis, renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import type { Home } from '@fairway/backstage-plugin-fairway-common';
import { Route, Routes } from 'react-router-dom';
import { fairwayApiRef } from '../client/fairway-api.ts';
import fairwayPlugin from '../index.ts';
import { FairwayHomeCard, FairwayPage } from '../legacy.ts';
import { rootRouteRef as legacyRoot } from '../legacy/plugin.ts';
import { FakeFairway } from '../testing/fake-fairway.ts';
import { helloSummary } from '../testing/hello-indicators.ts';
import { noHome } from '../testing/no-home.ts';

/** Where `@backstage/plugin-home` puts the widgets of other plugins, without its grid. */
const homePlugin = createFrontendPlugin({
  pluginId: 'home',
  extensions: [
    PageBlueprint.makeWithOverrides({
      inputs: { widgets: createExtensionInput([homePageWidgetDataRef]) },
      factory: (original, { inputs: { widgets } }) =>
        original({
          path: '/home',
          title: 'Home of the company',
          loader: async () => (
            <>
              {widgets.map(widget => {
                const { name, component } = widget.get(homePageWidgetDataRef);
                return <div key={name}>{component}</div>;
              })}
            </>
          ),
        }),
    }),
  ],
});

const services = ['a', 'b', 'c', 'd', 'e', 'f'].map(name => helloSummary({ name, namespace: name }));
const home: Home = {
  ...noHome,
  burning: { ...noHome.burning, sources: [{ name: 'east', clusters: ['east'], state: 'live' }] },
  mine: { owners: ['group:default/team-hello'], items: services, total: 20 },
};

async function look() {
  expect(await screen.findByText(/^Nothing burns: the Alertmanager of east answers/)).toBeInTheDocument();
  expect(screen.getByText('No delivery runs.')).toBeInTheDocument();
  const mine = within(screen.getByRole('region', { name: 'Mine: 20' }));
  expect(mine.getAllByRole('row').length).toBe(1 + 5);
  // leads to the pages of Fairway and not to some beside the home page
  expect(mine.getByRole('link', { name: 'All services' })).toHaveAttribute('href', '/fairway/services');
  expect(screen.getByRole('link', { name: 'All alerts' })).toHaveAttribute('href', '/fairway/alerts');
}

test('the home page of a portal shows what burns, what is delivered and what is mine', async () => {
  renderTestApp({
    features: [homePlugin, fairwayPlugin],
    initialRouteEntries: ['/home'],
    mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef },
    apis: [[fairwayApiRef, new FakeFairway({ home: () => home })]],
  });
  await look();
});

test('so does that of a portal on the legacy frontend', async () => {
  await renderInTestApp(
    <TestApiProvider
      apis={[
        [fairwayApiRef, new FakeFairway({ home: () => home })],
        [permissionApiRef, mockApis.permission()],
      ]}
    >
      <Routes>
        <Route path="/fairway" element={<FairwayPage />} />
        <Route path="/*" element={<FairwayHomeCard />} />
      </Routes>
    </TestApiProvider>,
    { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef, '/fairway': legacyRoot } },
  );
  await look();
});
