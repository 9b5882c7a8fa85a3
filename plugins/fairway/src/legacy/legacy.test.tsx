import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { EntityProvider, entityRouteRef } from '@backstage/plugin-catalog-react';
import { permissionApiRef } from '@backstage/plugin-permission-react';
import { mockApis, renderInTestApp, TestApiProvider } from '@backstage/test-utils';
import { serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import type { JSX } from 'react';
import { Route, Routes } from 'react-router-dom';
import {
  EntityFairwayAlertsCard,
  EntityFairwayCapacityCard,
  EntityFairwayDeliveryContent,
  EntityFairwayDeploymentsContent,
  FairwayPage,
  fairwayApiRef,
  fairwayPlugin,
  isFairwayServiceAvailable,
} from '../legacy.ts';
import { FakeFairway } from '../testing/fake-fairway.ts';
import { noHome } from '../testing/no-home.ts';
import { deliveryAnswers, helloDelivery } from '../testing/hello-delivery.ts';

const answers = {
  ...deliveryAnswers([helloDelivery()]),
  home: () => noHome,
  services: () => ({ items: [] }),
  alerts: () => ({ sources: [], unwatched: [], items: [] }),
  capacity: () => ({ clusters: [], pools: [], saturation: [] }),
  deployments: () => ({ clusters: [], items: [] }),
};

const entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'hello-llm', annotations: { [serviceAnnotation]: 'hello-llm' } },
};

/** Renders something in a portal on the old frontend system. */
function renderInOldPortal(view: JSX.Element) {
  return renderInTestApp(
    <TestApiProvider
      apis={[
        [fairwayApiRef, new FakeFairway(answers)],
        [permissionApiRef, mockApis.permission()],
      ]}
    >
      <EntityProvider entity={entity}>
        <Routes>
          <Route path="/*" element={view} />
        </Routes>
      </EntityProvider>
    </TestApiProvider>,
    { mountedRoutes: { '/catalog/:namespace/:kind/:name': entityRouteRef } },
  );
}

test('the page shows all views as tabs', async () => {
  await renderInOldPortal(<FairwayPage />);
  expect(await screen.findByText('You are in no group, so nothing is yours.')).toBeInTheDocument();
  expect(screen.getAllByRole('tab').map(tab => tab.textContent)).toEqual([
    ...['Home', 'Services', 'Deployments', 'GPU capacity', 'Alerts', 'Usage', 'Engines'],
  ]);
  await userEvent.click(screen.getByRole('tab', { name: 'Alerts' }));
  expect(await screen.findByText('Nobody watches')).toBeInTheDocument();
});

test.each([
  ['the delivery', <EntityFairwayDeliveryContent />, 'adb99f1d has all traffic.'],
  ['the deployments', <EntityFairwayDeploymentsContent />, 'No cluster is configured'],
  ['the capacity', <EntityFairwayCapacityCard />, 'No cluster is configured'],
  ['the alerts', <EntityFairwayAlertsCard />, 'Nobody watches'],
])('on the page of an entity: %s', async (_what, view, text) => {
  await renderInOldPortal(view);
  expect((await screen.findAllByText(text))[0]).toBeInTheDocument();
});

test('the plugin brings its client, and says for which entities it is', () => {
  expect(fairwayPlugin.getId()).toBe('fairway');
  expect([...fairwayPlugin.getApis()].map(({ api }) => api.id)).toEqual([fairwayApiRef.id]);
  expect(isFairwayServiceAvailable(entity)).toBe(true);
  expect(isFairwayServiceAvailable({ ...entity, metadata: { name: 'other' } })).toBe(false);
});
