import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { NotAllowedError } from '@backstage/errors';
import { namespaceAnnotation, serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import type { FitAnswer, GpuPool, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { onEntity, renderView } from '../testing/render-view.tsx';
import { CapacityCard } from './capacity-card.tsx';
import { CapacityPage } from './capacity-page.tsx';

const h100: GpuPool = {
  cluster: 'east',
  class: 'nvidia-h100-80gb',
  resource: 'nvidia.com/gpu',
  source: 'device-plugin',
  nodes: 4,
  installed: 32,
  allocatable: 31,
  requested: 20,
  free: 11,
  largestFree: 4,
  fragmentation: 0.636,
  waiting: [
    {
      namespace: 'hello-llm',
      name: 'hello-llm-1',
      gpus: 8,
      since: '2026-11-25T09:00:00.000Z',
      reason: 'No node has 8 free GPUs of this class; the most on one node is 4.',
    },
  ],
  utilisation: 71.6,
};

const capacity: ResponseOf<'capacity'> = {
  clusters: [
    { name: 'east', state: 'live' },
    { name: 'west', state: 'unreachable', message: 'The address does not answer.' },
  ],
  pools: [h100],
  saturation: [{ cluster: 'east', namespace: 'hello-llm', service: 'hello-llm', waiting: 7 }],
};

const fits: FitAnswer = {
  memoryFits: true,
  fits: true,
  sentence: 'weights 15.0 GiB + KV cache 16.0 GiB fit into 71.7 GiB.',
  places: [{ cluster: 'east', replicas: 2, nodes: ['gpu-1', 'gpu-2'] }],
};

test('capacity, what waits and why, the queues, and the cluster that cannot be reached', async () => {
  renderView(<CapacityPage />, { capacity: () => capacity });
  const table = await screen.findByRole('grid', { name: 'GPU capacity' });
  const cells = within(within(table).getByRole('row', { name: /nvidia-h100-80gb/ })).getAllByRole('gridcell');
  expect(cells.map(cell => cell.textContent)).toEqual([
    'east',
    '4',
    '32',
    '31',
    '20',
    '11',
    '4',
    '64 %',
    '72 %',
    'unknown',
  ]);
  expect(screen.getByText(/hello-llm-1 waits for 8 GPUs.*No node has 8 free GPUs/)).toBeInTheDocument();
  expect(screen.getByText('hello-llm in hello-llm on east: 7 requests wait')).toBeInTheDocument();
  expect(screen.getByText('The cluster west cannot be reached.')).toBeInTheDocument();
  expect(screen.getByText('The address does not answer.')).toBeInTheDocument();
});

test('a change in a cluster is shown by signal', async () => {
  const { fairway, signals } = renderView(<CapacityPage />, {
    capacity: () => ({ clusters: [], pools: [], saturation: [] }),
  });
  expect(await screen.findByText('No cluster has GPUs')).toBeInTheDocument();
  fairway.answers = { capacity: () => capacity };
  act(() => signals.tell('cluster'));
  expect(await screen.findByRole('grid', { name: 'GPU capacity' })).toBeInTheDocument();
});

test('the question is asked while it is typed, once it is whole', async () => {
  const { fairway } = renderView(<CapacityPage />, { capacity: () => capacity, fit: () => fits });
  expect(await screen.findByRole('heading', { name: 'Would a model fit?' })).toBeInTheDocument();
  expect(screen.getByText(/Fill in every field/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: /GPU class/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'nvidia-h100-80gb' }));
  expect(await screen.findByText('It fits')).toBeInTheDocument();
  expect(screen.getByText(/weights 15.0 GiB/)).toBeInTheDocument();
  expect(screen.getByText('east has room for 2 replicas (1 wanted) on gpu-1, gpu-2')).toBeInTheDocument();
  fairway.answers = {
    ...fairway.answers,
    fit: () => ({ ...fits, fits: false, places: [{ cluster: 'east', replicas: 0, nodes: [] }] }),
  };
  await userEvent.type(screen.getByRole('textbox', { name: 'Replicas' }), '2');
  expect(await screen.findByText(/no room for all replicas/)).toBeInTheDocument();
  expect(screen.getByText('east has no room for a replica')).toBeInTheDocument();
  expect(fairway.asked.filter(({ name }) => name === 'fit').map(({ request }) => request)).toEqual([
    { body: expect.objectContaining({ replicas: 1, gpuClass: 'nvidia-h100-80gb' }) },
    { body: expect.objectContaining({ replicas: 12 }) },
  ]);
  await userEvent.clear(screen.getByRole('textbox', { name: 'Replicas' }));
  expect(await screen.findByText(/Fill in every field/)).toBeInTheDocument();
});

test('who may not see capacity sees none', async () => {
  renderView(<CapacityPage />, { capacity: () => Promise.reject(new NotAllowedError('Unauthorized')) });
  expect(await screen.findByText('You may not see this')).toBeInTheDocument();
});

test('the card of an entity shows what is free and only what of its service waits', async () => {
  const annotations = { [serviceAnnotation]: 'other', [namespaceAnnotation]: 'other' };
  renderView(onEntity(<CapacityCard />, annotations), { capacity: () => capacity });
  expect(await screen.findByText(/nvidia-h100-80gb on east: 11 of 31 free/)).toBeInTheDocument();
  expect(screen.getByText('No pod waits for GPUs.')).toBeInTheDocument();
  expect(screen.getByText('No engine reports waiting requests.')).toBeInTheDocument();
});
