import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { CapacityTrend } from '@fairway/backstage-plugin-fairway-common';
import { renderView } from '../../testing/render-view.tsx';
import { Trend } from './trend.tsx';

const trend: CapacityTrend = {
  ...{ from: Date.parse('2026-10-29T00:00:00.000Z') / 1000, step: 86_400 },
  clusters: [
    { name: 'east', state: 'live' },
    { name: 'north', state: 'unmonitored' },
    { name: 'west', state: 'unreachable', message: 'It ended with 500.' },
  ],
  classes: [
    { cluster: 'east', class: 'nvidia-h100-80gb', capacity: [32, 32], requested: [20, null], used: [12.34, 15] },
    { cluster: 'west', class: 'nvidia-l4-24gb', capacity: [4, 4], requested: [1, 2], used: [null, null] },
  ],
};

test('each class has a chart whose keys give the day, and days without a figure say so', async () => {
  renderView(<Trend />, { capacityTrend: () => trend });
  const chart = await screen.findByRole('slider', { name: 'nvidia-h100-80gb on east' });
  expect(chart).toHaveAttribute('aria-valuetext', 'Oct 30, 2026: capacity 32, requested no data, used 15');
  chart.focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(chart).toHaveAttribute('aria-valuetext', 'Oct 29, 2026: capacity 32, requested 20, used 12.3');
  expect(screen.getByText(/No Prometheus is configured for north/)).toBeInTheDocument();
  expect(screen.getByText(/The Prometheus of west does not answer/)).toBeInTheDocument();
});

test('one cluster is chosen', async () => {
  renderView(<Trend />, { capacityTrend: () => trend });
  const section = within(await screen.findByRole('region', { name: 'Last 30 days' }));
  await userEvent.click(await section.findByRole('button', { name: /Cluster/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'west' }));
  expect(section.getByRole('slider', { name: 'nvidia-l4-24gb on west' })).toBeInTheDocument();
  expect(section.queryByRole('slider', { name: /east/ })).not.toBeInTheDocument();
});

test('without a history there is no line along zero, but what to do', async () => {
  renderView(<Trend />, { capacityTrend: () => ({ ...trend, classes: [] }) });
  expect(await screen.findByText('No Prometheus has figures of DCGM for a whole day yet')).toBeInTheDocument();
  expect(screen.queryByRole('slider')).not.toBeInTheDocument();
});
