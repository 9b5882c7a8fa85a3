import { screen, within } from '@testing-library/react';
import { NotAllowedError } from '@backstage/errors';
import type { Home } from '@fairway/backstage-plugin-fairway-common';
import { helloSummary } from '../testing/hello-indicators.ts';
import { renderView } from '../testing/render-view.tsx';
import { HomePage } from './home-page.tsx';

const nothing: Home = {
  clusters: [{ name: 'east', state: 'live' }],
  burning: { items: [], total: 0, sources: [{ name: 'east', clusters: ['east'], state: 'live' }], unwatched: [] },
  delivering: { items: [], total: 0 },
  waiting: { items: [], total: 0 },
  mine: { owners: ['user:default/ann', 'group:default/team-hello'], items: [], total: 0 },
};

const show = (home: Partial<Home> = {}) => renderView(<HomePage />, { home: () => ({ ...nothing, ...home }) });
const section = async (name: string) => within(await screen.findByRole('region', { name }));

test('what burns, runs, waits and is mine, each with what one asks about it', async () => {
  show({
    burning: {
      ...nothing.burning,
      items: [
        {
          source: 'east',
          fingerprint: 'f1',
          cluster: 'east',
          name: 'FairwayErrorBudgetBurn',
          service: 'chat',
          namespace: 'models',
          owner: 'team-chat',
          severity: 'page',
          summary: 'chat uses up its error budget.',
          since: '2026-11-26T11:58:00.000Z',
          state: 'active',
          silencedBy: [],
          acknowledged: { by: 'user:default/bob', at: '2026-11-26T12:00:00.000Z' },
        },
      ],
      total: 12,
    },
    delivering: {
      items: [
        {
          id: 'd1',
          service: 'embed',
          verdict: 'running',
          reason: 'build went well.',
          startedAt: '2026-11-26T11:00:00.000Z',
          finishedAt: '2026-11-26T11:01:00.000Z',
          origin: 'laptop',
        },
      ],
      total: 1,
    },
    waiting: {
      items: [
        {
          cluster: 'east',
          class: 'nvidia-h100-80gb',
          namespace: 'models',
          name: 'rank-1',
          gpus: 8,
          since: '2026-11-26T10:00:00.000Z',
          reason: 'No node has 8 free GPUs.',
        },
      ],
      total: 1,
    },
    mine: { ...nothing.mine, items: [helloSummary({ state: 'not-serving', firingAlerts: 2 })], total: 1 },
  });
  const burning = await section('Burning: 12');
  expect(burning.getByRole('link', { name: 'chat' })).toHaveAttribute('href', '/catalog/models/component/chat');
  expect(burning.getByText('owner team-chat')).toBeInTheDocument();
  expect(burning.getByText('user:default/bob has it')).toBeInTheDocument();
  expect((await section('Being delivered: 1')).getByText('build went well.')).toBeInTheDocument();
  expect((await section('Waiting for GPUs: 1')).getByText('8 × nvidia-h100-80gb on east')).toBeInTheDocument();
  const mine = await section('Mine: 1');
  expect(mine.getByText('not serving')).toBeInTheDocument();
  // one has no order
  expect(mine.queryByText('those that need somebody first')).toBeNull();
  expect(mine.getByText('2 firing')).toBeInTheDocument();
});

test('nothing burns where somebody watches', async () => {
  show();
  expect(await screen.findByText(/^Nothing burns: the Alertmanager of east answers/)).toBeInTheDocument();
  expect(screen.getByText('No delivery runs.')).toBeInTheDocument();
  expect(screen.getByText(/you are or belong to \(user:default\/ann, group:default\/team-hello\)/)).toBeInTheDocument();
});

test.each([
  ['no source', [], /^Nobody watches: no Alertmanager/],
  ['one that has not answered', [{ name: 'e', clusters: ['e'], state: 'connecting' as const }], /nothing can be said/],
  [
    'one that does not answer',
    [{ name: 'e', clusters: ['e'], state: 'unreachable' as const, message: 'refused' }],
    /^Nobody watches: no Alertmanager/,
  ],
])('%s is not peace', async (_what, sources, text) => {
  show({ burning: { ...nothing.burning, sources } });
  expect(await screen.findByText(text)).toBeInTheDocument();
  expect(screen.queryByText(/Nothing burns/)).not.toBeInTheDocument();
});

test.each([
  ['no cluster', [], /^Nobody knows whether pods wait: no cluster is configured/],
  [
    'none that answers',
    [{ name: 'west', state: 'unreachable' as const }],
    /^Nobody knows whether pods wait: no cluster/,
  ],
  [
    'one that does not answer',
    [
      { name: 'east', state: 'live' as const },
      { name: 'west', state: 'connecting' as const },
    ],
    'No pod waits for GPUs in the clusters that answer: east.',
  ],
  ['all that answer', [{ name: 'east', state: 'live' as const }], 'No pod waits for GPUs.'],
])('with %s the page says no more of what waits than is known', async (_what, clusters, text) => {
  show({ clusters });
  expect(await screen.findByText(text)).toBeInTheDocument();
});

test('of what is mine as many are shown as the answer has, in its order', async () => {
  const items = ['silent', 'failed', 'well'].map(name => helloSummary({ name }));
  show({ mine: { ...nothing.mine, items, total: 12 } });
  const mine = await section('Mine: 12');
  const links = mine.getAllByRole('link', { name: /well|failed|silent/ });
  expect(links.map(link => link.textContent)).toEqual(['silent', 'failed', 'well']);
  expect(mine.getByText('those that need somebody first')).toBeInTheDocument();
  expect(mine.getByText('the first 3 are shown')).toBeInTheDocument();
});

test('a reader without the permission sees why, and nothing else', async () => {
  renderView(<HomePage />, {
    home: () => {
      throw new NotAllowedError('Ask its operator for it.');
    },
  });
  expect(await screen.findByText('You may not see this')).toBeInTheDocument();
  expect(screen.queryByRole('heading', { name: /Burning|Mine/ })).not.toBeInTheDocument();
});
