import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { NotAllowedError } from '@backstage/errors';
import { namespaceAnnotation, serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import type { FitAnswer, Fleet, GpuPool, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
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

const fleet: Fleet = {
  simulated: false,
  clusters: [],
  measured: true,
  holders: [
    { namespace: 'models', service: 'chat', owner: 'team-chat' },
    { namespace: 'models', service: 'embed', owner: 'team-search' },
  ],
  pools: [
    {
      ...{ cluster: 'east', class: 'nvidia-h100-80gb', resource: 'nvidia.com/gpu', source: 'device-plugin', part: 1 },
      ...{ installed: 16, allocatable: 15, requested: 5, free: 6, nodeCount: 2, waiting: 1 },
      byHolder: [
        { holder: 0, count: 4, idle: 0 },
        { holder: 1, count: 1, idle: 1 },
      ],
      nodes: [
        {
          ...{ name: 'gpu-1', state: 'usable', taints: [], capacity: 8, allocatable: 7 },
          held: [
            { holder: 0, pod: 'models/chat-1', count: 4, idle: false },
            { holder: 1, pod: 'models/embed-1', count: 1, idle: true },
          ],
        },
        {
          ...{ name: 'gpu-2', state: 'cordoned', taints: ['reserved=training:NoSchedule'] },
          capacity: 8,
          allocatable: 8,
          held: [],
        },
      ],
    },
  ],
};

const fits: FitAnswer = {
  memoryFits: true,
  fits: true,
  sentence: 'weights 15.0 GiB + KV cache 16.0 GiB fit into 71.7 GiB.',
  places: [{ cluster: 'east', replicas: 2, nodes: ['gpu-1', 'gpu-2'] }],
};

test('capacity, what waits and why, the queues, and the cluster that cannot be reached', async () => {
  renderView(<CapacityPage />, { fleet: () => fleet, capacity: () => capacity });
  const table = await screen.findByRole('grid', { name: 'GPU capacity' });
  const cells = within(within(table).getByRole('row', { name: /nvidia-h100-80gb/ })).getAllByRole('gridcell');
  expect(cells.map(cell => cell.textContent)).toEqual([
    'east',
    '32nodes: 4, allocatable: 31',
    '20',
    '11',
    '4',
    '64 %',
    '72 %memory unknown',
  ]);
  expect(screen.getByText(/hello-llm-1 asked for 8 GPUs/)).toBeInTheDocument();
  expect(screen.getByText('hello-llm in hello-llm on east: 7 requests wait')).toBeInTheDocument();
  expect(screen.getByText('The cluster west cannot be reached.')).toBeInTheDocument();
  expect(screen.getByText('The address does not answer.')).toBeInTheDocument();
});

test('what waits and may not be seen is counted, and is not said to be nothing', async () => {
  renderView(<CapacityPage />, {
    fleet: () => fleet,
    capacity: () => ({ ...capacity, pools: [{ ...h100, waiting: [], waitingTotal: 3 }] }),
  });
  expect(await screen.findByText('3 more pods wait for nvidia-h100-80gb on east.')).toBeInTheDocument();
  expect(screen.queryByText('No pod waits for GPUs.')).not.toBeInTheDocument();
});

test('of a cluster that does not answer nobody knows whether it has GPUs', async () => {
  renderView(<CapacityPage />, { capacity: () => ({ ...capacity, pools: [] }) });
  expect(await screen.findByText('No cluster that answers has GPUs')).toBeInTheDocument();
});

test('without a cluster nobody reads that there are no GPUs', async () => {
  renderView(<CapacityPage />, { capacity: () => ({ clusters: [], pools: [], saturation: [] }) });
  expect(await screen.findByText('No cluster is configured')).toBeInTheDocument();
  expect(screen.queryByText('No cluster has GPUs')).not.toBeInTheDocument();
});

test('of all that waits the oldest stands first, ten at a time', async () => {
  const [pod] = h100.waiting;
  const waiting = Array.from({ length: 12 }, (_, at) => ({
    ...{ ...pod!, name: `pod-${at}`, since: new Date(Date.UTC(2026, 10, 26, 12 - at)).toISOString() },
  }));
  renderView(<CapacityPage />, {
    fleet: () => fleet,
    capacity: () => ({ ...capacity, pools: [{ ...h100, waiting }] }),
  });
  const list = within(await screen.findByRole('list', { name: 'Pods that wait for GPUs' }));
  const rows = list.getAllByRole('listitem');
  expect(rows).toHaveLength(10);
  expect(rows[0]).toHaveTextContent('/pod-11 asked for');
});

test('a change in a cluster is shown by signal', async () => {
  const { fairway, signals } = renderView(<CapacityPage />, {
    capacity: () => ({ clusters: [{ name: 'east', state: 'live' }], pools: [], saturation: [] }),
  });
  expect(await screen.findByText('No cluster has GPUs')).toBeInTheDocument();
  fairway.answers = { capacity: () => capacity, fleet: () => fleet };
  act(() => signals.tell('cluster'));
  expect(await screen.findByRole('grid', { name: 'GPU capacity' })).toBeInTheDocument();
});

/** What opens the fields of the question. */
const numbers = 'One GPU class, with numbers of your own';

test('the question is asked while it is typed, once it is whole', async () => {
  const { fairway } = renderView(<CapacityPage />, { fleet: () => fleet, capacity: () => capacity, fit: () => fits });
  expect(await screen.findByRole('heading', { name: 'Would a model fit?' })).toBeInTheDocument();
  expect(screen.getByText(/^Name a model, or paste its config.json/)).toBeInTheDocument();
  await userEvent.click(screen.getByText(numbers));
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

test('a name is enough to learn which classes hold a model and where they are free', async () => {
  const { fairway } = renderView(<CapacityPage />, {
    fleet: () => fleet,
    capacity: () => capacity,
    fit: () => fits,
    model: () => ({
      ...{ reference: 'team/large@0123', bytes: 140e9, contextLength: 4096, sequences: 16 },
      format: 'safetensors',
      fits: [
        { gpuClass: 'nvidia-h100-80gb', gpus: 4, clusters: ['east'] },
        { gpuClass: 'nvidia-h200', gpus: 2, clusters: [] },
      ],
    }),
  });
  await userEvent.type(await screen.findByRole('textbox', { name: 'Model' }), 'team/large');
  const first = (await screen.findByText('4 × nvidia-h100-80gb')).closest('li')!;
  expect(within(first).getByText('room in east now')).toBeInTheDocument();
  expect(screen.getByText('2 × nvidia-h200').closest('li')).toHaveTextContent('no room in any cluster now');
  expect(screen.getByText('With 4096 tokens of context and 16 sequences at once:')).toBeInTheDocument();
  expect(fairway.asked.filter(({ name }) => name === 'model').map(({ request }) => request)).toEqual([
    { query: { reference: 'team/large' } },
  ]);
  // no number was typed
  await userEvent.click(within(first).getByRole('button', { name: 'Ask about nvidia-h100-80gb' }));
  expect(await screen.findByText('It fits')).toBeInTheDocument();
  expect(fairway.asked.findLast(({ name }) => name === 'fit')?.request).toMatchObject({
    body: { model: { reference: 'team/large' }, gpuClass: 'nvidia-h100-80gb', gpusPerReplica: 4, contextLength: 4096 },
  });
});

test('a config.json alone says which classes hold its model', async () => {
  const { fairway } = renderView(<CapacityPage />, {
    fleet: () => fleet,
    capacity: () => capacity,
    fitting: () => ({
      ...{ contextLength: 8192, sequences: 16 },
      fits: [{ gpuClass: 'nvidia-h100-80gb', gpus: 1, clusters: ['east'] }],
    }),
    fit: () => fits,
  });
  const config = '{"model_type":"qwen3"}';
  await userEvent.click(await screen.findByRole('textbox', { name: 'Model' }));
  await userEvent.paste(config);
  expect(await screen.findByText('1 × nvidia-h100-80gb')).toBeInTheDocument();
  expect(fairway.asked.filter(({ name }) => name === 'fitting').map(({ request }) => request)).toEqual([
    { body: { model: { config } } },
  ]);
  expect(fairway.asked.some(({ name }) => name === 'model')).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Ask about nvidia-h100-80gb' }));
  expect(await screen.findByText('It fits')).toBeInTheDocument();
});

test('a model is asked about by its name, and what is not known of it is said', async () => {
  const { fairway } = renderView(<CapacityPage />, {
    fleet: () => fleet,
    capacity: () => capacity,
    fit: () => Promise.reject(new Error('https://huggingface.co knows no hf://team/none@main.')),
  });
  await userEvent.type(await screen.findByRole('textbox', { name: 'Model' }), 'team/none');
  await userEvent.click(screen.getByText(numbers));
  expect(screen.queryByRole('textbox', { name: 'Layers' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: /GPU class/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'nvidia-h100-80gb' }));
  expect(await screen.findByText('The question could not be answered')).toBeInTheDocument();
  expect(screen.getByText(/knows no hf:\/\/team\/none@main/)).toBeInTheDocument();
  expect(fairway.asked.findLast(({ name }) => name === 'fit')?.request).toMatchObject({
    body: { model: { reference: 'team/none' } },
  });
});

const queue = { cluster: 'east', namespace: 'team', name: 'gpus' };

test('a queue is asked too, and says by which quota it does not fit', async () => {
  const { fairway } = renderView(<CapacityPage />, {
    fleet: () => fleet,
    capacity: () => capacity,
    fit: ({ body }) =>
      body.queue
        ? { ...fits, fits: false, queue: { admits: 'later', reason: 'the ClusterQueue all has quota for 0 more now' } }
        : fits,
    queues: () => ({
      sources: [
        { cluster: 'east', state: 'live' },
        { cluster: 'west', state: 'hidden', message: 'localqueues is forbidden' },
      ],
      items: [{ ...queue, clusterQueue: 'all', waiting: 2, services: ['chat'] }],
    }),
  });
  await userEvent.click(await screen.findByText(numbers));
  await userEvent.click(await screen.findByRole('button', { name: /GPU class/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'nvidia-h100-80gb' }));
  expect(await screen.findByText('It fits')).toBeInTheDocument();
  expect(screen.getByText(/cannot read the queues of west.*localqueues is forbidden/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: /Queue/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'gpus in team on east (chat), 2 wait' }));
  expect(await screen.findByText('It would wait in the queue')).toBeInTheDocument();
  expect(screen.getByText('Queue gpus: the ClusterQueue all has quota for 0 more now')).toBeInTheDocument();
  expect(fairway.asked.findLast(({ name }) => name === 'fit')?.request).toMatchObject({ body: { queue } });
});

test.each([
  ['no cluster has any', [{ cluster: 'east', state: 'absent' as const }], 'No cluster has queues of Kueue.'],
  [
    'the reader sees none',
    [{ cluster: 'east', state: 'live' as const }],
    'There is no queue in the namespaces that you see.',
  ],
])('without queues the page says that %s', async (_why, sources, text) => {
  renderView(<CapacityPage />, {
    ...{ fleet: () => fleet, capacity: () => capacity },
    queues: () => ({ sources, items: [] }),
  });
  expect(await screen.findByText(text)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Queue/ })).not.toBeInTheDocument();
});

test('who may not see capacity sees none', async () => {
  renderView(<CapacityPage />, { capacity: () => Promise.reject(new NotAllowedError('Unauthorized')) });
  expect(await screen.findByText('You may not see this')).toBeInTheDocument();
});

test('the card of an entity shows what is free and only what of its service waits', async () => {
  const annotations = { [serviceAnnotation]: 'other', [namespaceAnnotation]: 'other' };
  renderView(onEntity(<CapacityCard />, annotations), { capacity: () => capacity });
  expect(await screen.findByText(/nvidia-h100-80gb on east: 11 of 31 free/)).toBeInTheDocument();
  expect(screen.getByText('No pod of other waits for GPUs.')).toBeInTheDocument();
  expect(screen.getByText('No engine reports waiting requests.')).toBeInTheDocument();
});

test('each GPU is a cell that says who holds it, and the arrow keys go from one to the next', async () => {
  renderView(<CapacityPage />, { capacity: () => capacity, fleet: () => fleet });
  const grid = await screen.findByRole('grid', { name: 'nvidia-h100-80gb on east' });
  const cells = within(grid).getAllByRole('gridcell');
  expect(cells).toHaveLength(16);
  expect(cells[0]).toHaveAccessibleName('gpu-1, GPU 1: held by models/chat-1 of chat (team-chat)');
  expect(cells[4]).toHaveAccessibleName(
    'gpu-1, GPU 5: held by models/embed-1 of embed (team-search), idle for half an hour',
  );
  expect(cells.slice(5, 9).map(cell => cell.getAttribute('aria-label'))).toEqual([
    'gpu-1, GPU 6: free',
    'gpu-1, GPU 7: free',
    'gpu-1, GPU 8: out of order',
    'gpu-2, GPU 1: free, but the node takes no pods',
  ]);
  expect(within(grid).getByText('cordoned, reserved=training:NoSchedule')).toBeInTheDocument();
  expect(cells.filter(cell => cell.tabIndex === 0)).toEqual([cells[0]]);
  act(() => cells[0]?.focus());
  await userEvent.keyboard('{ArrowRight}{ArrowDown}');
  expect(cells[9]).toHaveFocus();
  expect(screen.getByText('gpu-2, GPU 2: free, but the node takes no pods')).toBeInTheDocument();
});

test('a line of the legend shows its GPUs alone; colours are by team or by service', async () => {
  renderView(<CapacityPage />, { capacity: () => capacity, fleet: () => fleet });
  const team = await screen.findByRole('button', { name: 'team-search 1 (1 idle)' });
  await userEvent.click(team);
  expect(team).toHaveAttribute('aria-pressed', 'true');
  await userEvent.click(screen.getByRole('radio', { name: 'Service' }));
  expect(await screen.findByRole('button', { name: 'chat 4' })).toHaveAttribute('aria-pressed', 'false');
});

test('a large pool is a sum until somebody opens it', async () => {
  const [pool] = fleet.pools;
  const { fairway } = renderView(<CapacityPage />, {
    capacity: () => capacity,
    fleet: ({ query }) => ({
      ...fleet,
      pools: query?.class ? fleet.pools : [{ ...pool!, nodes: undefined, nodeCount: 600 }],
    }),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Draw its 600 nodes' }));
  expect(await screen.findByRole('grid', { name: 'nvidia-h100-80gb on east' })).toBeInTheDocument();
  expect(fairway.asked.filter(({ name }) => name === 'fleet').at(-1)?.request).toEqual({
    query: { cluster: 'east', class: 'nvidia-h100-80gb', resource: 'nvidia.com/gpu' },
  });
});

test('a portal without GPUs offers a simulated fleet, which says that it is one', async () => {
  const { fairway } = renderView(<CapacityPage />, {
    capacity: () => ({ clusters: [{ name: 'east', state: 'live' }], pools: [], saturation: [] }),
    fleet: () => ({ ...fleet, simulated: true }),
  });
  expect(await screen.findByText('No cluster has GPUs')).toBeInTheDocument();
  expect(fairway.asked.map(({ name }) => name)).not.toContain('fleet');
  await userEvent.click(screen.getByRole('button', { name: 'Show a simulated fleet' }));
  expect(await screen.findByText('Simulated: none of these GPUs exists')).toBeInTheDocument();
  expect(fairway.asked.at(-1)).toEqual({ name: 'fleet', request: { query: { simulated: 'true' } } });
  await userEvent.click(screen.getByRole('button', { name: 'Back to the clusters' }));
  expect(await screen.findByText('No cluster has GPUs')).toBeInTheDocument();
});
