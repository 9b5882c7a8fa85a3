import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { fairwayApiRef } from './client/fairway-api.ts';
import fairwayPlugin from './index.ts';
import { FakeFairway } from './testing/fake-fairway.ts';

test('the address of the plugin leads to the services, and its tabs to the other pages', async () => {
  const fairway = new FakeFairway({
    services: () => ({ items: [] }),
    benchmarks: () => ({ items: [] }),
  });
  renderTestApp({
    features: [fairwayPlugin],
    initialRouteEntries: ['/fairway'],
    apis: [[fairwayApiRef, fairway]],
  });
  expect(await screen.findByText('No service was delivered yet')).toBeInTheDocument();
  expect(screen.getAllByRole('tab').map(tab => tab.textContent)).toEqual([
    ...['Services', 'Deployments', 'GPU capacity', 'Alerts', 'Engines'],
  ]);
  await userEvent.click(screen.getByRole('tab', { name: 'Engines' }));
  expect(await screen.findByText('No engine was measured yet')).toBeInTheDocument();
});
