import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { NotAllowedError } from '@backstage/errors';
import type { ServicePlace, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { renderView } from '../testing/render-view.tsx';
import { ServicesPage } from './services-page.tsx';

const hello: ServiceSummary = {
  name: 'hello-llm',
  namespace: 'hello-llm',
  owner: 'team-hello',
  engine: 'llamacpp',
  model: 'hello-tiny',
  state: 'serving',
  places: [
    {
      cluster: 'east',
      environment: 'production',
      state: 'serving',
      versions: [{ revision: 'adb99f1d', weight: 100, readyReplicas: 2 }],
    },
  ],
  released: { revision: 'adb99f1d', digest: 'sha256:5c62f7465b95eef8', since: '2026-11-25T09:24:53.000Z' },
  lastDelivery: { id: 'd2', verdict: 'fail', finishedAt: '2026-11-25T10:00:00.000Z' },
  objectives: { verdict: 'pass', reason: '30 requests meet the objectives.' },
  firingAlerts: 2,
};

test('a service is shown with engine, model, version, last delivery, objectives and alerts, and leads to its entity', async () => {
  renderView(<ServicesPage />, { services: () => ({ items: [hello] }) });
  const table = await screen.findByRole('grid', { name: 'Services' });
  const row = within(table).getByRole('row', { name: /hello-llm/ });
  for (const text of ['llamacpp', 'hello-tiny', 'failed', 'passed', '2 firing', '30 requests meet the objectives.'])
    expect(within(row).getByText(text)).toBeInTheDocument();
  expect(row).toHaveTextContent('adb99f1d on east (production)');
  expect(within(row).getByRole('link', { name: 'hello-llm' })).toHaveAttribute(
    'href',
    '/catalog/default/component/hello-llm',
  );
});

test('a service that was never released or measured says so', async () => {
  const bare = { ...hello, state: 'unknown' as const, places: [], released: undefined, objectives: undefined };
  renderView(<ServicesPage />, { services: () => ({ items: [{ ...bare, firingAlerts: 0 }] }) });
  expect(await screen.findByText('not released')).toBeInTheDocument();
  expect(screen.getByText('not measured')).toBeInTheDocument();
  expect(screen.getByText('none')).toBeInTheDocument();
});

test('without an Alertmanager nobody reads that no alert fires', async () => {
  renderView(<ServicesPage />, { services: () => ({ items: [{ ...hello, firingAlerts: undefined }] }) });
  expect(await screen.findByText('nobody watches')).toBeInTheDocument();
  expect(screen.queryByText('none')).not.toBeInTheDocument();
});

test('a signal brings a new delivery in without a reload', async () => {
  const { fairway, signals } = renderView(<ServicesPage />, { services: () => ({ items: [] }) });
  expect(await screen.findByText('No service was delivered yet')).toBeInTheDocument();
  fairway.answers = { services: () => ({ items: [hello] }) };
  act(() => signals.tell('deliveries'));
  expect(await screen.findByText('hello-tiny')).toBeInTheDocument();
  expect(fairway.asked).toHaveLength(2);
});

test('a failure is told with a way to try again, and the last state stays', async () => {
  const { fairway, signals } = renderView(<ServicesPage />, {
    services: () => Promise.reject(new Error('The database is not reachable.')),
  });
  expect(await screen.findByText('The database is not reachable.')).toBeInTheDocument();
  fairway.answers = { services: () => ({ items: [hello] }) };
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('hello-tiny')).toBeInTheDocument();
  fairway.answers = { services: () => Promise.reject(new Error('Gone again.')) };
  act(() => signals.tell('alerts'));
  expect(await screen.findByText('Gone again.')).toBeInTheDocument();
  expect(screen.getByText('hello-tiny')).toBeInTheDocument();
});

test('who may not see services is told which permission is missing', async () => {
  renderView(<ServicesPage />, { services: () => Promise.reject(new NotAllowedError('Unauthorized')) });
  expect(await screen.findByText('You may not see this')).toBeInTheDocument();
  expect(screen.getByText(/fairway\.read/)).toBeInTheDocument();
});

test('what is wrong with a record is said beside its service', async () => {
  renderView(<ServicesPage />, { services: () => ({ items: [{ ...hello, problems: ['The owner "" is no name.'] }] }) });
  const row = await screen.findByRole('row', { name: /hello-llm/ });
  expect(row).toHaveTextContent('The owner "" is no name.');
});

test('what a delivery said it released is not shown as in production where no cluster serves it', async () => {
  const at = (state: ServicePlace['state'], more: Partial<ServicePlace> = {}): ServicePlace => ({
    ...{ cluster: 'east', state, versions: [], ...more },
  });
  const items: ServiceSummary[] = [
    { ...hello, name: 'silent', state: 'not-serving', places: [at('not-serving')] },
    { ...hello, name: 'elsewhere', state: 'unknown', places: [] },
    { ...hello, name: 'unseen', state: 'unknown', places: [at('unknown', { environment: 'staging' })] },
    {
      ...{ ...hello, name: 'gone', state: 'decommissioned' },
      places: [at('decommissioned', { decommissionedAt: '2026-11-25T11:00:00.000Z' })],
    },
  ];
  renderView(<ServicesPage />, { services: () => ({ items }) });
  const row = async (name: string) => (await screen.findByText(name)).closest('[role="row"]');
  expect(await row('silent')).toHaveTextContent('nothing serves on east');
  expect(await row('elsewhere')).toHaveTextContent('in no watched cluster');
  expect(await row('gone')).toHaveTextContent(/decommissioned on east (now|.* ago|in .*)/);
  expect(await row('unseen')).toHaveTextContent('not seen on east (staging)');
  expect(screen.queryByText(/adb99f1d on east/)).not.toBeInTheDocument();
});

test('a decommissioned service is removed by who may, and a refusal is told', async () => {
  const gone: ServiceSummary = {
    ...hello,
    state: 'decommissioned',
    places: [{ cluster: 'east', state: 'decommissioned', versions: [], decommissionedAt: '2026-11-25T11:00:00.000Z' }],
  };
  const { fairway } = renderView(<ServicesPage />, {
    services: () => ({ items: [gone] }),
    removeService: () => Promise.reject(new Error('It has objects in east.')),
  });
  const button = { name: 'Remove hello-llm in hello-llm with its deliveries' };
  await userEvent.click(await screen.findByRole('button', button));
  const dialog = screen.getByRole('dialog');
  expect(dialog).toHaveTextContent('with all its deliveries and their evidence, for good');
  const confirm = within(dialog).getByRole('button', { name: 'Remove' });
  await userEvent.click(confirm);
  expect(await within(dialog).findByText('It has objects in east.')).toBeInTheDocument();
  fairway.answers = { services: () => ({ items: [] }), removeService: () => ({ deliveries: 3 }) };
  await userEvent.click(confirm);
  expect(await screen.findByText('No service was delivered yet')).toBeInTheDocument();
  expect(fairway.asked).toContainEqual({
    name: 'removeService',
    request: { path: { namespace: 'hello-llm', service: 'hello-llm' }, body: {} },
  });
});

test('who may not remove a service has no button for it', async () => {
  const gone: ServiceSummary = {
    ...hello,
    state: 'decommissioned',
    places: [{ cluster: 'east', state: 'decommissioned', versions: [] }],
  };
  renderView(<ServicesPage />, { services: () => ({ items: [gone] }) }, { denied: ['fairway.service.remove'] });
  expect(await screen.findByText(/^decommissioned on east/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^Remove/ })).not.toBeInTheDocument();
});

const places: ServicePlace[] = [
  { cluster: 'east', environment: 'production', state: 'serving', versions: [{ revision: 'abc', readyReplicas: 1 }] },
  {
    cluster: 'west',
    environment: 'staging',
    state: 'decommissioned',
    versions: [],
    decommissionedAt: '2026-11-25T11:00:00Z',
  },
];

test('a service is one row with all its places, and one that is gone there can be removed there', async () => {
  const { fairway } = renderView(<ServicesPage />, {
    services: () => ({ items: [{ ...hello, places }] }),
    removeService: () => ({ deliveries: 1 }),
  });
  const row = await screen.findByRole('row', { name: /hello-llm/ });
  expect(row).toHaveTextContent('abc on east (production)');
  expect(row).toHaveTextContent('decommissioned on west (staging)');
  const name = 'Remove hello-llm in hello-llm on west with its deliveries there';
  await userEvent.click(within(row).getByRole('button', { name }));
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Remove' }));
  expect(fairway.asked).toContainEqual({
    name: 'removeService',
    request: { path: { namespace: 'hello-llm', service: 'hello-llm' }, body: { cluster: 'west' } },
  });
});

test('the page is narrowed by team, environment, cluster and state', async () => {
  const items: ServiceSummary[] = [
    { ...hello, name: 'both', places },
    { ...hello, name: 'chat', namespace: 'models', owner: 'team-chat', places: places.slice(0, 1) },
  ];
  renderView(<ServicesPage />, { services: () => ({ items }) });
  const names = () => screen.getAllByRole('row').flatMap(row => within(row).queryByRole('link')?.textContent ?? []);
  const choose = async (label: RegExp, option: string) => {
    await userEvent.click(screen.getByRole('button', { name: label }));
    await userEvent.click(await screen.findByRole('option', { name: option }));
  };
  await screen.findByRole('row', { name: /both/ });
  expect(names()).toEqual(['both', 'chat']);
  expect(screen.getByRole('link', { name: 'chat' })).toHaveAttribute('href', '/catalog/models/component/chat');
  await choose(/Cluster/, 'west');
  expect(names()).toEqual(['both']);
  await choose(/State/, 'serving');
  expect(screen.getByText('No service matches')).toBeInTheDocument();
  await choose(/Cluster/, 'All');
  await choose(/Team/, 'team-chat');
  expect(names()).toEqual(['chat']);
});

test('a service is found by a part of its name', async () => {
  const other = { ...hello, name: 'embeddings', namespace: 'search', model: 'bge' };
  renderView(<ServicesPage />, { services: () => ({ items: [hello, other] }) });
  await userEvent.type(await screen.findByRole('searchbox'), 'Search');
  expect(screen.getByRole('row', { name: /embeddings/ })).toBeInTheDocument();
  expect(screen.queryByRole('row', { name: /hello-llm/ })).not.toBeInTheDocument();
});

test('services are sorted by what a column says, whichever page they stand on', async () => {
  const many = Array.from({ length: 120 }, (_, at) => ({
    ...hello,
    name: `llm-${at}`,
    firingAlerts: at === 119 ? 7 : 0,
  }));
  renderView(<ServicesPage />, { services: () => ({ items: many }) });
  const header = await screen.findByRole('columnheader', { name: 'Alerts' });
  const first = () => screen.getAllByRole('rowheader')[0];
  expect(screen.getByRole('heading', { name: '120 services, those that need somebody first' })).toBeInTheDocument();
  expect(first()).toHaveTextContent('llm-119');
  await userEvent.click(header);
  expect(first()).not.toHaveTextContent('llm-119');
  await userEvent.click(header);
  expect(header).toHaveAttribute('aria-sort', 'descending');
  expect(first()).toHaveTextContent('llm-119');
  await userEvent.click(screen.getByRole('columnheader', { name: 'Service' }));
  await userEvent.click(screen.getByRole('button', { name: 'Next' }));
  // as people count, not as computers spell
  expect(first()).toHaveTextContent('llm-100');
});
