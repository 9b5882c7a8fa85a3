import { screen, within } from '@testing-library/react';
import type { TeamCapacity } from '@fairway/backstage-plugin-fairway-common';
import { renderView } from '../../testing/render-view.tsx';
import { Teams } from './teams.tsx';

const quotas = [{ resource: 'nvidia.com/gpu', hard: 16, used: 12 }];
const answer: TeamCapacity = {
  currency: 'EUR',
  items: [
    {
      ...{ team: 'team-chat', cluster: 'east', namespace: 'models', quotas },
      ...{ held: [{ class: 'nvidia-h100-80gb', gpus: 8 }], perHour: 24 },
    },
    {
      ...{ team: 'team-chat', cluster: 'west', namespace: 'chat', quotas: [] },
      ...{ held: [{ class: 'nvidia-l4-24gb', gpus: 0.5 }], perHour: 0, unpriced: 0.5 },
    },
    {
      ...{ team: 'team-search', cluster: 'east', namespace: 'models', quotas },
      ...{ held: [{ class: 'nvidia-h100-80gb', gpus: 4 }], perHour: 12 },
    },
    { cluster: 'east', namespace: 'batch', quotas, held: [], perHour: 0 },
  ],
};

const texts = async () =>
  within(await screen.findByRole('grid', { name: 'By team: quota, held, cost' }))
    .getAllByRole('row')
    .slice(1)
    .map(row => [...row.querySelectorAll('[role=rowheader], [role=gridcell]')].map(cell => cell.textContent));

test('each team has its sum, and each of its namespaces quota, what is held and what it costs', async () => {
  renderView(<Teams />, { teamCapacity: () => answer });
  expect(await texts()).toEqual([
    ['team-chat GPUs held: 8.5, 24.00 EUR an hour'],
    [
      ...['team-chat', 'models', 'east', 'nvidia.com/gpu: 12 of 16shared with team-search'],
      ...['nvidia-h100-80gb: 8', '24.00', '17,280.00'],
    ],
    [
      ...['team-chat', 'chat', 'west', 'none', 'nvidia-l4-24gb: 0.5'],
      ...['0.5 without a price', '0.5 without a price'],
    ],
    ['team-search GPUs held: 4, 12.00 EUR an hour'],
    [
      ...['team-search', 'models', 'east', 'nvidia.com/gpu: 12 of 16shared with team-chat'],
      ...['nvidia-h100-80gb: 4', '12.00', '8,640.00'],
    ],
    ['no service known GPUs held: 0, 0.00 EUR an hour'],
    ['no service known', 'batch', 'east', 'nvidia.com/gpu: 12 of 16', '0', '0.00', '0.00'],
  ]);
});

test('without prices there is no cost, and what is missing is said', async () => {
  renderView(<Teams />, {
    teamCapacity: () => ({ items: answer.items.map(({ perHour: _cost, unpriced: _none, ...item }) => item) }),
  });
  expect((await texts())[0]).toEqual(['team-chat GPUs held: 8.5']);
  expect(screen.getByText(/No price of GPUs is configured/)).toBeInTheDocument();
  expect(screen.queryByRole('columnheader', { name: /an hour/ })).not.toBeInTheDocument();
});

test('where nobody has GPUs and nobody may, that is what the page says', async () => {
  renderView(<Teams />, { teamCapacity: () => ({ items: [] }) });
  expect(await screen.findByText(/Nobody holds GPUs/)).toBeInTheDocument();
});
