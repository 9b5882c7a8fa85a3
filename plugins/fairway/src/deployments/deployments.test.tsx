import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { DeploymentView, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { onEntity, renderView } from '../testing/render-view.tsx';
import { DeploymentsPage } from './deployments-page.tsx';
import { DeploymentsTab } from './deployments-tab.tsx';

const pod = { phase: 'Running', restarts: 0, startedAt: '2026-11-25T09:00:00.000Z' };

const canary: DeploymentView = {
  cluster: 'east',
  namespace: 'hello-llm',
  service: 'hello-llm',
  versions: [
    {
      revision: 'adb99f1d',
      image: 'hello-llm@sha256:5c62',
      replicas: 2,
      readyReplicas: 0,
      weight: 25,
      createdAt: '2026-11-25T09:00:00.000Z',
      state: 'failing',
      cause: 'No node has a free GPU of the class nvidia-l4-24gb.',
      pods: [{ ...pod, name: 'new-1', phase: 'Pending', state: 'failing', reason: '0/3 nodes have a free GPU.' }],
    },
    {
      revision: '11223344',
      image: 'hello-llm@sha256:1122',
      replicas: 1,
      readyReplicas: 1,
      weight: 75,
      createdAt: '2026-11-24T09:00:00.000Z',
      state: 'ready',
      pods: [{ ...pod, name: 'old-1', state: 'ready', node: 'node-1', restarts: 3 }],
    },
  ],
};

/** Opens the table of every version. */
async function openTables(): Promise<void> {
  for (const button of await screen.findAllByRole('button', { name: 'Pods as a table' })) await userEvent.click(button);
}

const answer: ResponseOf<'deployments'> = { clusters: [{ name: 'east', state: 'live' }], items: [canary] };

test('versions with their share of the traffic, pods, and the real reason why one is not ready', async () => {
  renderView(<DeploymentsPage />, { deployments: () => answer });
  expect(await screen.findByRole('region', { name: 'hello-llm in hello-llm on east' })).toBeInTheDocument();
  const traffic = within(screen.getByRole('list', { name: 'Traffic' })).getAllByRole('listitem');
  expect(traffic.map(item => item.textContent)).toEqual([
    'adb99f1d gets 25 % of the traffic',
    '11223344 gets 75 % of the traffic',
  ]);
  expect(screen.getByText('0 of 2 replicas ready')).toBeInTheDocument();
  expect(screen.getByText('No node has a free GPU of the class nvidia-l4-24gb.')).toBeInTheDocument();
  await openTables();
  const waiting = within(await screen.findByRole('grid', { name: 'Pods of adb99f1d' })).getByRole('row', {
    name: /new-1/,
  });
  expect(waiting).toHaveTextContent('0/3 nodes have a free GPU.');
  const serving = within(screen.getByRole('grid', { name: 'Pods of 11223344' })).getByRole('row', { name: /old-1/ });
  expect(
    within(serving)
      .getAllByRole('gridcell')
      .slice(0, 3)
      .map(cell => cell.textContent),
  ).toEqual(['ready', 'node-1', '3']);
});

test('the cause of a version that stands beside its pods is said once', async () => {
  const [version] = canary.versions;
  if (!version) throw new Error('The canary has no version.');
  const pods = version.pods.map(one => ({ ...one, reason: version.cause }));
  renderView(<DeploymentsPage />, {
    deployments: () => ({ ...answer, items: [{ ...canary, versions: [{ ...version, pods }] }] }),
  });
  expect(await screen.findAllByText(/No node has a free GPU of the class nvidia-l4-24gb/)).toHaveLength(1);
});

test('the tab of an entity follows its service live', async () => {
  const { fairway, signals } = renderView(onEntity(<DeploymentsTab />), {
    deployments: () => ({ clusters: [{ name: 'east', state: 'connecting' }], items: [] }),
  });
  expect(await screen.findByText(/The cluster east is being connected/)).toBeInTheDocument();
  expect(screen.getByText('Nobody knows what runs: no cluster answers')).toBeInTheDocument();
  expect(screen.queryByText(/^Nothing runs/)).not.toBeInTheDocument();
  fairway.answers = { deployments: () => answer };
  act(() => signals.tell('cluster'));
  expect(await screen.findByText('1 of 1 replicas ready')).toBeInTheDocument();
  expect(screen.queryByText(/is being connected/)).not.toBeInTheDocument();
  expect(fairway.asked[0]).toEqual({ name: 'deployments', request: { query: { service: 'hello-llm' } } });
});

test('a version that no route names and that has no pods says so', async () => {
  const [version] = canary.versions;
  if (!version) throw new Error('The canary has no version.');
  const bare = { ...canary, versions: [{ ...version, weight: undefined, cause: undefined, pods: [] }] };
  renderView(<DeploymentsPage />, { deployments: () => ({ ...answer, items: [bare] }) });
  expect(await screen.findByText('No route sends traffic here.')).toBeInTheDocument();
  expect(screen.getByText('No pod runs for this version.')).toBeInTheDocument();
});

test('that pods are ready and not seen is not said to be none', async () => {
  const [version] = canary.versions;
  if (!version) throw new Error('The canary has no version.');
  const unseen = { ...canary, versions: [{ ...version, replicas: 2, readyReplicas: 2, cause: undefined, pods: [] }] };
  renderView(<DeploymentsPage />, { deployments: () => ({ ...answer, items: [unseen] }) });
  expect(await screen.findByText('The portal does not see the pods of this version.')).toBeInTheDocument();
  expect(screen.queryByText('No pod runs for this version.')).not.toBeInTheDocument();
});

test('what starts is shown as progress, what fails as a failure', async () => {
  const [version] = canary.versions;
  if (!version) throw new Error('The canary has no version.');
  const pods = (['starting', 'failing', 'ending'] as const).map(state => ({
    ...{ name: state, phase: 'Running', restarts: 0, state, reason: `It is ${state}.` },
  }));
  renderView(<DeploymentsPage />, {
    deployments: () => ({ ...answer, items: [{ ...canary, versions: [{ ...version, state: 'starting', pods }] }] }),
  });
  await openTables();
  const signOf = (element: HTMLElement) => element.querySelector('svg')?.getAttribute('class');
  const sign = async (text: string) => signOf(await screen.findByText(text, { selector: '[role=gridcell] *' }));
  expect([await sign('It is starting.'), await sign('It is failing.'), await sign('It is ending.')]).toEqual([
    expect.stringContaining('running'),
    expect.stringContaining('fail'),
    expect.stringContaining('none'),
  ]);
  expect(signOf(screen.getByText('0 of 2 replicas ready'))).toContain('running');
});

describe('many deployments', () => {
  const [failing, ready] = canary.versions;
  const named = (service: string, more: Partial<DeploymentView> = {}) => ({
    ...canary,
    service,
    namespace: service,
    ...more,
  });
  const of = (name: string, owner: string, environment: string) => ({
    ...{ name, namespace: name, owner, engine: 'vllm' as const, model: name, state: 'serving' as const },
    places: [{ cluster: 'east', environment, state: 'serving' as const, versions: [] }],
    lastDelivery: { id: 'd', verdict: 'pass' as const, finishedAt: '2026-11-25T10:00:00.000Z' },
  });
  const titles = () =>
    screen.findAllByRole('heading', { level: 2, name: / in .* on / }).then(all => all.map(one => one.textContent));
  const choose = async (filter: RegExp, option: string) => {
    await userEvent.click(screen.getByRole('button', { name: filter }));
    await userEvent.click(await screen.findByRole('option', { name: option }));
  };

  test('are narrowed by name, team, environment and state', async () => {
    renderView(<DeploymentsPage />, {
      deployments: () => ({
        ...answer,
        items: [named('chat'), named('code', { versions: [ready!] }), named('embeddings', { versions: [failing!] })],
      }),
      services: () => ({ items: [of('chat', 'team-chat', 'production'), of('code', 'team-code', 'staging')] }),
    });
    expect(await titles()).toHaveLength(3);
    await choose(/Team/, 'team-code');
    expect(await titles()).toEqual([expect.stringContaining('code')]);
    await choose(/Environment/, 'production');
    expect(screen.getByText('No deployment matches')).toBeInTheDocument();
    await choose(/Environment/, 'All');
    await choose(/Team/, 'All');
    // the worst version says how a deployment is
    await choose(/State/, 'failing');
    expect(await titles()).toEqual([expect.stringContaining('chat'), expect.stringContaining('embeddings')]);
    await userEvent.type(screen.getByRole('searchbox'), 'EMBED');
    expect(await titles()).toEqual([expect.stringContaining('embeddings')]);
  });

  test('come in pages, and a narrower choice begins at the first', async () => {
    const items = Array.from({ length: 45 }, (_, at) => named(`service-${at + 1}`, { versions: [ready!] }));
    renderView(<DeploymentsPage />, { deployments: () => ({ ...answer, items }) });
    expect(await screen.findByText('1 to 20 of 45')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    await userEvent.click(screen.getByRole('button', { name: 'Next' }));
    expect(screen.getByText('41 to 45 of 45')).toBeInTheDocument();
    expect(await titles()).toHaveLength(5);
    await userEvent.type(screen.getByRole('searchbox'), 'service-1');
    expect(await titles()).toContainEqual(expect.stringMatching(/^service-1 /));
  });
});

test.each([
  ['no cluster', [], 'No cluster is configured'],
  [
    'none that answers',
    [{ name: 'east', state: 'unreachable' as const, message: 'Its certificate has expired.' }],
    'Nobody knows what runs: no cluster answers',
  ],
  [
    'one that does not answer',
    [
      { name: 'east', state: 'live' as const },
      { name: 'west', state: 'unreachable' as const },
    ],
    'Nothing runs in the clusters that answer: east',
  ],
  ['all that answer', [{ name: 'east', state: 'live' as const }], 'Nothing runs in the connected clusters'],
])('with %s the page says no more than is known', async (_what, clusters, sentence) => {
  renderView(<DeploymentsPage />, { deployments: () => ({ clusters, items: [] }), services: () => ({ items: [] }) });
  expect(await screen.findByText(sentence)).toBeInTheDocument();
});

test('what broke off or fails stands first, then what is released, then what starts', async () => {
  const [version] = canary.versions;
  if (!version) throw new Error('The canary has no version.');
  const of = (service: string, state: 'failing' | 'starting' | 'ready', more: object = {}) => ({
    ...{ ...canary, service, versions: [{ ...version, state, pods: [] }] },
    ...more,
  });
  const brokenOff = {
    holder: 'run',
    since: version.createdAt,
    renewed: version.createdAt,
    released: 'a',
    candidates: [],
  };
  const items = [of('a', 'ready'), of('b', 'starting'), of('c', 'failing'), of('d', 'ready', { brokenOff })];
  renderView(<DeploymentsPage />, { deployments: () => ({ ...answer, items }), services: () => ({ items: [] }) });
  expect(await screen.findByRole('heading', { name: '4 deployments, those that fail first' })).toBeInTheDocument();
  const regions = screen.getAllByRole('region', { name: / in hello-llm on east/ });
  expect(regions.map(region => within(region).getAllByRole('link')[0]?.textContent)).toEqual(['d', 'c', 'b', 'a']);
});
