import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Alert, DeploymentView, ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import { AlertsPage } from '../alerts/alerts-page.tsx';
import { DeploymentsPage } from '../deployments/deployments-page.tsx';
import { DeploymentsTab } from '../deployments/deployments-tab.tsx';
import { onEntity, renderView } from '../testing/render-view.tsx';

const brokenOff = {
  holder: 'bc67e68a on runner-7',
  since: '2026-11-26T09:00:00.000000Z',
  renewed: '2026-11-26T09:04:30.000000Z',
  released: 'def',
  candidates: [{ revision: 'abc', weight: 25 }],
};
const goBack = { from: ['abc'], to: 'def' };
const version = {
  image: 'i',
  replicas: 1,
  readyReplicas: 1,
  createdAt: '2026-11-26T08:00:00Z',
  state: 'ready',
  pods: [],
};
const stopped: DeploymentView = {
  cluster: 'east',
  namespace: 'models',
  service: 'hello-llm',
  versions: [
    { ...version, state: 'ready', revision: 'abc', weight: 25 },
    { ...version, state: 'ready', revision: 'def', weight: 75 },
  ],
  brokenOff,
  goBack,
};
const answer = (item: DeploymentView, actions = true): ResponseOf<'deployments'> => ({
  clusters: [{ name: 'east', state: 'live', actions }],
  items: [item],
});
const button = { name: 'Go back to def in models on east' };

test('a release that broke off is shown with who held it, since when, and what its candidate has', async () => {
  renderView(<DeploymentsPage />, { deployments: () => answer(stopped) });
  const notice = await screen.findByRole('alert');
  expect(notice).toHaveTextContent('A release of hello-llm broke off: abc gets 25 % of the traffic');
  expect(notice).toHaveTextContent(/bc67e68a on runner-7 took the lease .* and renewed it last .*\./);
  expect(notice).toHaveTextContent('Released is def.');
});

test('going back says what it will do, does it, and shows what came of it', async () => {
  const { fairway, signals } = renderView(<DeploymentsPage />, {
    deployments: () => answer(stopped),
    rollback: () => Promise.reject(new Error('A release is moving the traffic.')),
  });
  await userEvent.click(await screen.findByRole('button', button));
  const dialog = screen.getByRole('dialog');
  expect(dialog).toHaveTextContent('hello-llm in models on east goes from abc to def for all users.');
  const confirm = within(dialog).getByRole('button', { name: 'Go back to def' });
  await userEvent.click(confirm);
  expect(await within(dialog).findByText('A release is moving the traffic.')).toBeInTheDocument();
  const [candidate, released] = stopped.versions;
  const back = { ...stopped, brokenOff: undefined, goBack: undefined };
  const versions = [
    { ...candidate!, weight: 0 },
    { ...released!, weight: 100 },
  ];
  fairway.answers = {
    deployments: () => answer({ ...back, versions }),
    rollback: () => ({ revision: 'def', from: ['abc'] }),
  };
  await userEvent.click(confirm);
  expect(await screen.findByText('def has all traffic, abc has none.')).toBeInTheDocument();
  act(() => signals.tell('cluster'));
  expect(await screen.findByText('def gets 100 % of the traffic')).toBeInTheDocument();
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  expect(screen.queryByRole('button', button)).not.toBeInTheDocument();
  expect(fairway.asked).toContainEqual({
    name: 'rollback',
    request: { path: { cluster: 'east', namespace: 'models', service: 'hello-llm' }, body: goBack },
  });
});

test('what is confirmed is what was shown, whatever the cluster does meanwhile', async () => {
  const { fairway, signals } = renderView(<DeploymentsPage />, {
    deployments: () => answer(stopped),
    rollback: () => ({ revision: 'def', from: ['abc'] }),
  });
  await userEvent.click(await screen.findByRole('button', button));
  fairway.answers = {
    ...fairway.answers,
    deployments: () => answer({ ...stopped, goBack: { from: ['other'], to: 'third' } }),
  };
  act(() => signals.tell('cluster'));
  const dialog = screen.getByRole('dialog');
  expect(dialog).toHaveTextContent('from abc to def');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Go back to def' }));
  expect(fairway.asked).toContainEqual(
    expect.objectContaining({ name: 'rollback', request: expect.objectContaining({ body: goBack }) }),
  );
});

test('who may not go back has no button, and reads which permission it takes', async () => {
  renderView(<DeploymentsPage />, { deployments: () => answer(stopped) }, { denied: ['fairway.release.rollback'] });
  expect(await screen.findByText(/needs the permission fairway\.release\.rollback/)).toBeInTheDocument();
  expect(screen.queryByRole('button', button)).not.toBeInTheDocument();
});

test('where the portal only looks, the page of the service says how to switch it on', async () => {
  renderView(onEntity(<DeploymentsTab />), { deployments: () => answer({ ...stopped, brokenOff: undefined }, false) });
  expect(await screen.findByText(/actions: true.*actions-role\.yaml.*fairway rollback/)).toBeInTheDocument();
  expect(screen.queryByRole('button', button)).not.toBeInTheDocument();
});

test('without a ready version to go back to, the page says so', async () => {
  renderView(<DeploymentsPage />, { deployments: () => answer({ ...stopped, goBack: undefined }) });
  expect(await screen.findByText('No ready version is left to go back to: deliver again.')).toBeInTheDocument();
});

test('the alert of a release that broke off is ended by going back, and has no silence', async () => {
  const alert: Alert = {
    ...{ source: 'portal', fingerprint: 'f9', cluster: 'east', name: 'ReleaseBrokeOff', service: 'hello-llm' },
    ...{ namespace: 'models', severity: 'page', summary: 'In English.', since: brokenOff.renewed, state: 'active' },
    silencedBy: [],
    brokenOff: { ...brokenOff, goBack, actions: true },
  };
  const sources: ResponseOf<'alerts'>['sources'] = [{ name: 'east', clusters: ['east'], state: 'live' }];
  const { fairway } = renderView(<AlertsPage />, {
    alerts: () => ({ sources, unwatched: [], items: [alert] }),
    rollback: () => ({ revision: 'def', from: ['abc'] }),
  });
  const row = await screen.findByRole('row', { name: /ReleaseBrokeOff/ });
  expect(row).toHaveTextContent('A release of hello-llm broke off: abc gets 25 % of the traffic');
  expect(within(row).queryByRole('button', { name: /Silence/ })).not.toBeInTheDocument();
  await userEvent.click(within(row).getByRole('button', button));
  fairway.answers = { ...fairway.answers, alerts: () => ({ sources, unwatched: [], items: [] }) };
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Go back to def' }));
  expect(await screen.findByText('No alert is firing')).toBeInTheDocument();
});

test.each([
  ['who may go back and not silence does so from the alert', goBack, ['fairway.alert.update'], 'read only', true],
  [
    'who may silence and not go back reads why',
    goBack,
    ['fairway.release.rollback'],
    /fairway\.release\.rollback/,
    false,
  ],
  ['without a way back the alert says so', undefined, [], /No ready version is left/, false],
] as const)('%s', async (_who, way, denied, text, offered) => {
  const alert: Alert = {
    ...{ source: 'portal', fingerprint: 'f9', cluster: 'east', name: 'ReleaseBrokeOff', service: 'hello-llm' },
    ...{ namespace: 'models', severity: 'page', summary: 'In English.', since: brokenOff.renewed, state: 'active' },
    silencedBy: [],
    brokenOff: { ...brokenOff, ...(way && { goBack: { from: [...way.from], to: way.to } }), actions: true },
  };
  const sources: ResponseOf<'alerts'>['sources'] = [{ name: 'east', clusters: ['east'], state: 'live' }];
  const answers = { alerts: () => ({ sources, unwatched: [], items: [alert] }) };
  renderView(<AlertsPage />, answers, { denied });
  expect(await screen.findByText(text)).toBeInTheDocument();
  expect(screen.queryAllByRole('button', button)).toHaveLength(offered ? 1 : 0);
});

const running = {
  ...{ holder: 'bc67e68a on runner-7', candidate: 'abc', stable: 'def', weight: 25, step: 1, steps: 3 },
  state: 'judging' as const,
};
const releasing: DeploymentView = { ...stopped, brokenOff: undefined, release: running };
const ann = { by: 'user:default/ann', at: '2026-11-26T09:05:00.000Z' };
const path = { cluster: 'east', namespace: 'models', service: 'hello-llm' };

test('a release in its steps is paused and resumed by a button, with who paused it', async () => {
  const paused = { ...running, state: 'paused' as const, paused: ann };
  const { fairway, signals } = renderView(<DeploymentsPage />, {
    deployments: () => answer(releasing),
    pauseRelease: () => paused,
    resumeRelease: () => Promise.reject(new Error('The release has not answered.')),
  });
  expect(await screen.findByText('abc is being released: step 1 of 3, 25 % of the traffic')).toBeInTheDocument();
  fairway.answers = { ...fairway.answers, deployments: () => answer({ ...releasing, release: paused }) };
  await userEvent.click(screen.getByRole('button', { name: 'Pause the release of abc in models on east' }));
  expect(fairway.asked).toContainEqual({ name: 'pauseRelease', request: { path, body: { candidate: 'abc' } } });
  act(() => signals.tell('cluster'));
  expect(await screen.findByText(/user:default\/ann paused it/)).toBeInTheDocument();
  expect(screen.queryByText(/has not heard/)).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Resume the release of abc in models on east' }));
  expect(await screen.findByText('The release has not answered.')).toBeInTheDocument();
});

test('a pause that the release has not heard of says so', async () => {
  renderView(<DeploymentsPage />, {
    deployments: () => answer({ ...releasing, release: { ...running, paused: ann } }),
  });
  expect(await screen.findByText(/The release has not heard of it yet\./)).toBeInTheDocument();
});

test('promoting says what it will do and sends what was shown', async () => {
  const { fairway, signals } = renderView(<DeploymentsPage />, {
    deployments: () => answer(releasing),
    promoteRelease: () => ({ ...running, state: 'promoted' as const, promoted: ann }),
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Promote abc in models on east' }));
  const dialog = screen.getByRole('dialog');
  expect(dialog).toHaveTextContent('All users of hello-llm in models on east get abc, which has 25 % of them now.');
  expect(dialog).toHaveTextContent('The delivery ends as inconclusive, with your name.');
  fairway.answers = {
    ...fairway.answers,
    deployments: () => answer({ ...releasing, release: { ...running, candidate: 'other' } }),
  };
  act(() => signals.tell('cluster'));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Promote abc' }));
  expect(fairway.asked).toContainEqual({ name: 'promoteRelease', request: { path, body: { candidate: 'abc' } } });
});

const abort = { name: 'Abort the release of abc in models on east: back to def' };

test('aborting says what it will do, and takes the place of going back, which a release in its steps forbids', async () => {
  const aborted = { ...running, state: 'aborted' as const, aborted: ann };
  const { fairway, signals } = renderView(<DeploymentsPage />, {
    deployments: () => answer(releasing),
    abortRelease: () => Promise.reject(new Error('The release of hello-llm by bc67e68a ended meanwhile; look again.')),
  });
  await userEvent.click(await screen.findByRole('button', abort));
  expect(screen.queryByRole('button', button)).not.toBeInTheDocument();
  const dialog = screen.getByRole('dialog');
  expect(dialog).toHaveTextContent('abc loses its 25 % of the users, and def gets all of them.');
  expect(dialog).toHaveTextContent('The delivery of abc ends as inconclusive, with your name');
  const confirm = within(dialog).getByRole('button', { name: 'Abort: back to def' });
  await userEvent.click(confirm);
  expect(await within(dialog).findByText(/ended meanwhile; look again/)).toBeInTheDocument();
  fairway.answers = {
    deployments: () => answer({ ...releasing, release: aborted }),
    abortRelease: () => aborted,
  };
  await userEvent.click(confirm);
  act(() => signals.tell('cluster'));
  expect(await screen.findByText(/user:default\/ann aborted it/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^(Pause|Promote|Abort)/ })).not.toBeInTheDocument();
  expect(fairway.asked).toContainEqual({ name: 'abortRelease', request: { path, body: { candidate: 'abc' } } });
});

test('why an attempt failed is forgotten when the dialog is opened again', async () => {
  renderView(<DeploymentsPage />, {
    deployments: () => answer(releasing),
    abortRelease: () => Promise.reject(new Error('The release has not answered.')),
  });
  await userEvent.click(await screen.findByRole('button', abort));
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Abort: back to def' }));
  expect(await screen.findByText('The release has not answered.')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await userEvent.click(await screen.findByRole('button', abort));
  expect(screen.queryByText('The release has not answered.')).not.toBeInTheDocument();
});

test('without a ready pod to go back to there is nothing to abort to, and the page says so', async () => {
  const versions = releasing.versions.map(one => (one.revision === 'def' ? { ...one, readyReplicas: 0 } : one));
  renderView(<DeploymentsPage />, { deployments: () => answer({ ...releasing, versions }) });
  expect(await screen.findByText(/^def has no ready pod/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^Abort/ })).not.toBeInTheDocument();
});

test.each([
  ['fairway.release.pause', ['Promote abc in models on east', abort.name]],
  ['fairway.release.promote', ['Pause the release of abc in models on east', abort.name]],
  ['fairway.release.rollback', ['Promote abc in models on east', 'Pause the release of abc in models on east']],
])('who lacks the permission %s sees no button for it', async (permission, left) => {
  renderView(<DeploymentsPage />, { deployments: () => answer(releasing) }, { denied: [permission] });
  for (const name of left) expect(await screen.findByRole('button', { name })).toBeInTheDocument();
  expect(screen.getAllByRole('button', { name: /^(Pause|Promote|Abort)/ })).toHaveLength(2);
});

test('a portal that only looks shows the release and asks nothing of it', async () => {
  renderView(<DeploymentsPage />, { deployments: () => answer(releasing, false) });
  expect(await screen.findByText(/abc is being released/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^(Pause|Promote|Abort)/ })).not.toBeInTheDocument();
});
