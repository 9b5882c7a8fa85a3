import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { renderTestApp } from '@backstage/frontend-test-utils';
import { fairwayApiRef } from './client/fairway-api.ts';
import fairwayPlugin from './index.ts';
import { FakeFairway } from './testing/fake-fairway.ts';
import { noHome } from './testing/no-home.ts';

test('the address of the plugin leads to the first page, and its tabs to the other pages', async () => {
  const fairway = new FakeFairway({
    home: () => noHome,
    services: () => ({ items: [] }),
    comparisons: () => ({ items: [] }),
  });
  renderTestApp({
    features: [fairwayPlugin],
    initialRouteEntries: ['/fairway'],
    apis: [[fairwayApiRef, fairway]],
  });
  expect(await screen.findByText('You are in no group, so nothing is yours.')).toBeInTheDocument();
  expect(screen.getAllByRole('tab').map(tab => tab.textContent)).toEqual([
    ...['Home', 'Services', 'Deployments', 'GPU capacity', 'Alerts', 'Usage', 'Engines'],
  ]);
  await userEvent.click(screen.getByRole('tab', { name: 'Engines' }));
  expect(await screen.findByText('No engines were compared yet')).toBeInTheDocument();
});

test('in a Chinese portal the tabs are Chinese; a title that the portal configures stays', async () => {
  // as the reader has chosen it in the settings
  localStorage.setItem('language', 'zh');
  renderTestApp({
    features: [fairwayPlugin],
    initialRouteEntries: ['/fairway/services'],
    apis: [[fairwayApiRef, new FakeFairway({ services: () => ({ items: [] }) })]],
    config: {
      app: {
        extensions: [
          { 'api:app/app-language': { config: { availableLanguages: ['en', 'zh'] } } },
          { 'sub-page:fairway/gpu': { config: { title: 'Accelerators' } } },
        ],
      },
    },
  });
  expect(await screen.findByText('尚未交付任何服务')).toBeInTheDocument();
  expect(screen.getAllByRole('tab').map(tab => tab.textContent)).toEqual([
    // what the configuration names comes first
    ...['Accelerators', '首页', '服务', '部署', '告警', '用量', '引擎'],
  ]);
});
