import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Alert, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { onEntity, renderView } from '../testing/render-view.tsx';
import { AlertsCard } from './alerts-card.tsx';
import { AlertsPage } from './alerts-page.tsx';
import { Alerts } from './alerts.tsx';
import { groupsOf } from './groups.ts';
import { runbookText } from './runbook-text.ts';

const watching: ResponseOf<'alerts'> = {
  sources: [{ name: 'east', clusters: ['east'], state: 'live' }],
  unwatched: [],
  items: [],
};

const slow: Alert = {
  source: 'east',
  cluster: 'east',
  fingerprint: 'f1',
  name: 'SlowFirstToken',
  service: 'hello-llm',
  namespace: 'hello-llm',
  severity: 'page',
  objective: 'time-to-first-token',
  summary: 'hello-llm answers too late.',
  runbookUrl: 'https://example.test/runbooks/slow',
  since: '2026-11-25T09:00:00.000Z',
  state: 'active',
  silencedBy: [],
};

test('an alert shows severity, objective, since when, service and runbook', async () => {
  renderView(<AlertsPage />, { alerts: () => ({ ...watching, items: [slow] }) });
  const row = within(await screen.findByRole('grid', { name: 'Alerts' })).getByRole('row', { name: /SlowFirstToken/ });
  expect(row).toHaveTextContent('hello-llm answers too late.');
  expect(row).toHaveTextContent('Burns the objective time to first token');
  expect(within(row).getByText('page')).toBeInTheDocument();
  expect(within(row).getByText('firing')).toBeInTheDocument();
  expect(within(row).getByRole('link', { name: 'hello-llm' })).toBeInTheDocument();
  expect(within(row).getByRole('link', { name: /Runbook of SlowFirstToken/ })).toHaveAttribute('href', slow.runbookUrl);
  expect(row.querySelector('time')).toHaveAttribute('datetime', slow.since);
});

test('a runbook that is a path of a repository is named, not linked', async () => {
  renderView(<AlertsPage />, {
    alerts: () => ({ ...watching, items: [{ ...slow, runbookUrl: 'docs/runbooks/slow.md' }] }),
  });
  expect(await screen.findByText('docs/runbooks/slow.md')).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: /Runbook/ })).not.toBeInTheDocument();
});

test('a new alert appears by signal', async () => {
  const { fairway, signals } = renderView(<AlertsPage />, { alerts: () => watching });
  expect(await screen.findByText('No alert is firing')).toBeInTheDocument();
  fairway.answers = { alerts: () => ({ ...watching, items: [slow] }) };
  act(() => signals.tell('alerts'));
  expect(await screen.findByText('SlowFirstToken')).toBeInTheDocument();
});

test('an alert is acknowledged, and a refusal is told', async () => {
  const { fairway } = renderView(<AlertsPage />, {
    alerts: () => ({ ...watching, items: [slow] }),
    acknowledge: () => Promise.reject(new Error('The database is read-only.')),
  });
  const acknowledge = { name: 'Acknowledge SlowFirstToken' };
  await userEvent.click(await screen.findByRole('button', acknowledge));
  expect(await screen.findByText('That did not work: The database is read-only.')).toBeInTheDocument();
  const acknowledged = { by: 'user:default/ada', at: '2026-11-25T09:05:00.000Z' };
  fairway.answers = {
    alerts: () => ({ ...watching, items: [{ ...slow, acknowledged }] }),
    acknowledge: () => acknowledged,
  };
  await userEvent.click(screen.getByRole('button', acknowledge));
  expect(await screen.findByText(/acknowledged by user:default\/ada/)).toBeInTheDocument();
  expect(screen.queryByRole('button', acknowledge)).not.toBeInTheDocument();
  expect(fairway.asked).toContainEqual({
    name: 'acknowledge',
    request: { path: { source: 'east', fingerprint: 'f1' }, body: {} },
  });
});

test('an alert is silenced for a time and with a reason', async () => {
  const { fairway } = renderView(<AlertsPage />, {
    alerts: () => ({ ...watching, items: [slow] }),
    silence: () => ({ silenceId: 's1' }),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Silence SlowFirstToken' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Silence SlowFirstToken' }));
  const submit = () => dialog.getByRole('button', { name: 'Silence' });
  expect(submit()).toBeDisabled();
  const minutes = dialog.getByRole('textbox', { name: /For how many minutes/ });
  await userEvent.clear(minutes);
  await userEvent.type(minutes, '90');
  await userEvent.type(dialog.getByRole('textbox', { name: /Why/ }), 'Node is being replaced.');
  fairway.answers = {
    ...fairway.answers,
    alerts: () => ({ ...watching, items: [{ ...slow, state: 'suppressed', silencedBy: ['s1'] }] }),
  };
  await userEvent.click(submit());
  expect(await screen.findByText('silenced', { selector: '[role=gridcell] *' })).toBeInTheDocument();
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  expect(fairway.asked).toContainEqual({
    name: 'silence',
    request: { path: { source: 'east', fingerprint: 'f1' }, body: { minutes: 90, comment: 'Node is being replaced.' } },
  });
});

test('without the permission there is no action, and why is said', async () => {
  renderView(<AlertsPage />, { alerts: () => ({ ...watching, items: [slow] }) }, { denied: ['fairway.alert.update'] });
  expect(await screen.findByTitle(/needs the permission fairway\.alert\.update/)).toHaveTextContent('read only');
  expect(screen.queryByRole('button', { name: /Silence|Acknowledge/ })).not.toBeInTheDocument();
});

test('the card of an entity asks for the alerts of its service only', async () => {
  const { fairway } = renderView(onEntity(<AlertsCard />), { alerts: () => ({ ...watching, items: [slow] }) });
  expect(await screen.findByText('SlowFirstToken')).toBeInTheDocument();
  expect(fairway.asked[0]).toEqual({ name: 'alerts', request: { query: { service: 'hello-llm' } } });
});

test('the same alert of two clusters is two rows', async () => {
  const west = { ...slow, source: 'west', cluster: 'west' };
  renderView(<AlertsPage />, { alerts: () => ({ ...watching, items: [slow, west] }) });
  const rows = within(await screen.findByRole('grid', { name: 'Alerts' })).getAllByRole('row', {
    name: /SlowFirstToken/,
  });
  expect(rows.map(row => /east|west/.exec(row.textContent ?? '')?.[0])).toEqual(['east', 'west']);
});

test.each([
  ['no Alertmanager is configured', { ...watching, sources: [] }, 'Nobody watches'],
  [
    'none answers',
    { ...watching, sources: [{ name: 'east', clusters: ['east'], state: 'unreachable' as const, message: 'refused' }] },
    'Nobody watches',
  ],
  [
    'none was asked yet',
    { ...watching, sources: [{ name: 'east', clusters: ['east'], state: 'connecting' as const }] },
    'The alerts are being asked for',
  ],
])('where %s, nobody reads that all is well', async (_case, answer, text) => {
  renderView(<AlertsPage />, { alerts: () => answer });
  expect(await screen.findByText(text)).toBeInTheDocument();
  expect(screen.queryByText('No alert is firing')).not.toBeInTheDocument();
});

test('a cluster that nobody watches and one whose Alertmanager is silent are named beside the others', async () => {
  const silent = { name: 'west', clusters: ['west'], state: 'unreachable' as const, message: 'It ended with 500.' };
  renderView(<AlertsPage />, {
    alerts: () => ({ sources: [...watching.sources, silent], unwatched: ['north'], items: [] }),
  });
  expect(await screen.findByText(/alerts of west are not known/)).toBeInTheDocument();
  expect(screen.getByText('It ended with 500.')).toBeInTheDocument();
  expect(screen.getByText(/Nobody watches north/)).toBeInTheDocument();
  expect(screen.getByText('The Alertmanager of east answers and has no alert.')).toBeInTheDocument();
});

test('alerts that fire together stand together, the most urgent first, by what the reader chose', async () => {
  const items: Alert[] = [
    { ...slow, fingerprint: 'f1', name: 'Saturated', severity: 'ticket', since: '2026-11-25T08:00:00.000Z' },
    { ...slow, fingerprint: 'f2', service: 'code', namespace: 'models', owner: 'team-code' },
    { ...slow, fingerprint: 'f3', since: '2026-11-25T10:00:00.000Z' },
  ];
  const shape = (by: Parameters<typeof groupsOf>[1]) =>
    groupsOf(items, by).map(({ id, alerts }) => [id, alerts.map(({ fingerprint }) => fingerprint)]);
  expect(shape('service')).toEqual([
    ['models/code', ['f2']],
    ['hello-llm', ['f3', 'f1']],
  ]);
  expect(shape('owner')).toEqual([
    ['team-code', ['f2']],
    ['', ['f3', 'f1']],
  ]);
  renderView(<AlertsPage />, { alerts: () => ({ ...watching, items }) });
  const rows = within(await screen.findByRole('grid', { name: 'Alerts' }))
    .getAllByRole('row')
    .slice(1);
  expect(
    rows.map(
      row => /^models\/codealerts: 1|^hello-llmalerts: 2|Saturated|SlowFirstToken/.exec(row.textContent ?? '')?.[0],
    ),
  ).toEqual([...['models/codealerts: 1', 'SlowFirstToken', 'hello-llmalerts: 2', 'SlowFirstToken', 'Saturated']]);
});

test('of many alerts a page is shown, and each heading counts its whole group', async () => {
  const items = Array.from({ length: 120 }, (_, place) => ({ ...slow, fingerprint: `f${place}` }));
  renderView(<AlertsPage />, { alerts: () => ({ ...watching, items }) });
  const rows = () => within(screen.getByRole('grid', { name: 'Alerts' })).getAllByRole('row');
  expect(await screen.findByText(/alerts: 120/)).toBeInTheDocument();
  // with those of the titles and of the group
  expect(rows()).toHaveLength(102);
  await userEvent.click(screen.getByRole('button', { name: 'Next' }));
  expect(rows()).toHaveLength(22);
  expect(screen.getByText(/alerts: 120/)).toBeInTheDocument();
});

test('what is over is shown with how long it lasted and who had it', async () => {
  const endedAt = '2026-11-25T09:25:00.000Z';
  const acknowledged = { by: 'user:default/ada', at: '2026-11-25T09:05:00.000Z' };
  renderView(<AlertsPage />, {
    alerts: () => watching,
    resolvedAlerts: () => ({ days: 7, items: [{ ...slow, endedAt, acknowledged }], total: 120 }),
  });
  const table = within(await screen.findByRole('grid', { name: 'Resolved alerts' }));
  const row = table.getByRole('row', { name: /SlowFirstToken/ });
  expect(row).toHaveTextContent('25 min 0 s');
  expect(row).toHaveTextContent('acknowledged by user:default/ada');
  expect(row.querySelector(`time[datetime="${endedAt}"]`)).not.toBeNull();
  expect(screen.getByText('The newest 1 of 120 that ended in the last 7 days')).toBeInTheDocument();
});

test('the runbook of an own rule opens beside the alert', async () => {
  const runbookUrl = 'https://git.example.com/acme/fairway/blob/main/docs/runbooks/saturated.md';
  renderView(<AlertsPage />, { alerts: () => ({ ...watching, items: [{ ...slow, runbookUrl }] }) });
  await userEvent.click(await screen.findByRole('button', { name: 'Runbook of SlowFirstToken' }));
  const drawer = within(await screen.findByRole('dialog', { name: 'Runbook of SlowFirstToken' }));
  expect(drawer.getByRole('link', { name: /^FairwayTargetDown/ })).toHaveAttribute(
    'href',
    'https://git.example.com/acme/fairway/blob/main/docs/runbooks/target-down.md',
  );
  expect(drawer.getByRole('link', { name: runbookUrl })).toBeInTheDocument();
  // where nobody said where the repository is, a link into it would lead nowhere
  expect(runbookText('docs/runbooks/saturated.md')).toContain('see FairwayTargetDown.');
  expect(runbookText('docs/runbooks/of-somebody-else.md')).toBeUndefined();
});

test('alerts are narrowed by team, severity, environment, cluster and state, and the address says so', async () => {
  const of = (name: string, owner: string, environment: string) => ({
    ...{ name, namespace: name, owner, engine: 'vllm' as const, model: name, state: 'serving' as const },
    places: [{ cluster: 'east', environment, state: 'serving' as const, versions: [] }],
    lastDelivery: { id: 'd', verdict: 'pass' as const, finishedAt: '2026-11-25T10:00:00.000Z' },
  });
  const alert = (service: string, more: Partial<Alert>): Alert => ({
    ...slow,
    ...{ fingerprint: service, name: `Slow-${service}`, service, namespace: service, ...more },
  });
  const acknowledged = { by: 'user:default/ada', at: '2026-11-25T09:05:00.000Z' };
  const items = [
    alert('chat', { owner: 'team-chat', acknowledged }),
    // the label of another rule names no owner; deliveries do
    alert('code', { severity: 'ticket' }),
    alert('disk', { severity: 'warning', cluster: 'west', state: 'suppressed' }),
  ];
  const { fairway } = renderView(<AlertsPage />, {
    alerts: () => ({ ...watching, unwatched: ['west'], items }),
    services: () => ({ items: [of('chat', 'team-chat', 'production'), of('code', 'team-code', 'staging')] }),
    resolvedAlerts: () => ({
      days: 7,
      items: [{ ...slow, endedAt: slow.since, name: 'Over', severity: 'ticket' }],
      total: 1,
    }),
  });
  const shown = () => screen.queryAllByText(/^(Slow-|Over)/).map(one => one.textContent);
  const choose = async (filter: RegExp, option: string) => {
    await userEvent.click(screen.getByRole('button', { name: filter }));
    await userEvent.click(await screen.findByRole('option', { name: option }));
  };
  expect(await screen.findByText('Over')).toBeInTheDocument();
  expect(shown()).toEqual(['Slow-chat', 'Slow-code', 'Slow-disk', 'Over']);
  await choose(/Team/, 'team-code');
  expect(shown()).toEqual(['Slow-code']);
  expect(screen.getByText('0 of the newest 1 match; 1 ended in the last 7 days')).toBeInTheDocument();
  await choose(/Environment/, 'production');
  expect(screen.getByText('No alert matches')).toBeInTheDocument();
  await choose(/Team/, 'All');
  expect(shown()).toEqual(['Slow-chat']);
  await choose(/Environment/, 'All');
  await choose(/Severity/, 'ticket');
  expect(shown()).toEqual(['Slow-code', 'Over']);
  await choose(/Severity/, 'All');
  for (const [state, names] of [
    ['firing, nobody has it', ['Slow-code', 'Over']],
    ['firing, acknowledged', ['Slow-chat', 'Over']],
    ['silenced', ['Slow-disk', 'Over']],
  ] as const) {
    await choose(/State/, state);
    expect(shown()).toEqual(names);
  }
  await choose(/State/, 'All');
  await choose(/Cluster/, 'west');
  expect(shown()).toEqual(['Slow-disk']);
  expect(fairway.asked.findLast(({ name }) => name === 'resolvedAlerts')?.request).toEqual({
    query: { cluster: 'west' },
  });
  await userEvent.type(screen.getByRole('searchbox'), 'CHAT');
  expect(screen.getByText('No alert matches')).toBeInTheDocument();
});

test('a narrowed page is opened from its address', async () => {
  renderView(
    <AlertsPage />,
    {
      alerts: () => ({
        ...watching,
        items: [slow, { ...slow, fingerprint: 'f2', name: 'Saturated', severity: 'ticket' }],
      }),
    },
    { address: '/?severity=ticket' },
  );
  expect(await screen.findByText('Saturated')).toBeInTheDocument();
  expect(screen.queryByText('SlowFirstToken')).not.toBeInTheDocument();
});

test('those of one service stand without headings, the most severe first', async () => {
  const items: Alert[] = [
    { ...slow, fingerprint: 'f1', name: 'Saturated', severity: 'ticket', since: '2026-11-25T08:00:00.000Z' },
    { ...slow, fingerprint: 'f2', name: 'Saturated', severity: 'ticket', since: '2026-11-25T07:00:00.000Z' },
    slow,
  ];
  renderView(<Alerts service="hello-llm" namespace="hello-llm" brief />, { alerts: () => ({ ...watching, items }) });
  const rows = within(await screen.findByRole('grid', { name: 'Alerts' })).getAllByRole('row');
  expect(rows.map(row => /SlowFirstToken|Saturated/.exec(row.textContent ?? '')?.[0])).toEqual([
    ...[undefined, 'SlowFirstToken', 'Saturated', 'Saturated'],
  ]);
});
