import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { NotAllowedError } from '@backstage/errors';
import type { AllUsage } from '@fairway/backstage-plugin-fairway-common';
import { renderView } from '../testing/render-view.tsx';
import { UsagePage } from './usage-page.tsx';

const item = (group: string, tokens: number, more: object = {}) => ({
  ...{
    group,
    requests: 1200,
    failed: 3,
    cached: 7,
    promptTokens: tokens,
    completionTokens: 10,
    timeToFirstToken: 81.4,
  },
  ...more,
});
const usage = (more: Partial<AllUsage> = {}): AllUsage => ({
  from: '2026-10-30',
  to: '2026-11-28',
  ledgers: [{ clusters: ['east'], state: 'live' }],
  unledgered: [],
  choices: { team: ['team-a', 'team-b'], service: ['models/chat'], model: ['large'] },
  items: [item('team-a', 20_000), item('team-b', 1000)],
  total: 2,
  sum: { requests: 2400, promptTokens: 21_000, completionTokens: 20 },
  ...more,
});

async function choose(label: RegExp, option: string) {
  await userEvent.click(await screen.findByRole('button', { name: label }));
  await userEvent.click(await screen.findByRole('option', { name: option }));
}

test('the use of teams with what it comes to, and what it cost', async () => {
  const priced = {
    currency: 'EUR',
    // of more rows than are shown
    sum: { requests: 9000, promptTokens: 30_000, completionTokens: 50, cost: 7.25, unpriced: 1200 },
    items: [
      item('team-a', 20_000, { cost: 1.5, unpriced: 0 }),
      item('team-b', 9, { cost: 0, unpriced: 1100, cached: 100 }),
    ],
  };
  renderView(<UsagePage />, { allUsage: () => usage(priced) });
  const table = within(await screen.findByRole('grid', { name: 'Usage' }));
  const row = within(table.getByRole('row', { name: /team-a/ }));
  for (const text of ['1,200', '20,000', '7', '81', '1.50']) expect(row.getByText(text)).toBeInTheDocument();
  // what has no price is not free
  expect(within(table.getByRole('row', { name: /team-b/ })).queryByText('0.00')).toBeNull();
  expect(screen.getByText('7.25 EUR')).toBeInTheDocument();
  expect(screen.getByText('1,200 requests are in the cost in part or not at all.')).toBeInTheDocument();
  expect(screen.getByText(/9,000 requests, 30,000 prompt tokens, 50 completion tokens/)).toBeInTheDocument();
});

test('models without a price come to no sum', async () => {
  const none = { cost: 0, unpriced: 1100 };
  const sum = { requests: 1200, promptTokens: 9, completionTokens: 10, ...none };
  const priced = { currency: 'EUR', sum, items: [item('team-b', 9, none)] };
  renderView(<UsagePage />, { allUsage: () => usage(priced) });
  expect(await screen.findByText(/1,100 requests are in the cost/)).toBeInTheDocument();
  expect(screen.queryByText(/0\.00/)).toBeNull();
});

test('it is summed up and narrowed as chosen', async () => {
  const { fairway } = renderView(<UsagePage />, {
    allUsage: () => usage(),
    clientUsage: () => usage({ items: [item('ann', 5)] }),
  });
  await choose(/Team$/, 'team-b');
  await choose(/Sum up by/, 'Client');
  expect(await screen.findByRole('row', { name: /ann/ })).toBeInTheDocument();
  expect(fairway.asked.at(-1)).toMatchObject({ name: 'clientUsage', request: { query: { team: 'team-b' } } });
  await choose(/Days/, '7 days');
  await choose(/Sum up by/, 'Service');
  const { query } = fairway.asked.at(-1)!.request as { query: { from: string; by: string } };
  expect(query.by).toBe('service');
  const today = new Date().toISOString().slice(0, 10);
  expect((Date.parse(today) - Date.parse(query.from)) / 86_400_000).toBe(6);
});

test('who may not see clients learns which permission it takes, and has the rest', async () => {
  renderView(<UsagePage />, {
    allUsage: () => usage(),
    clientUsage: () => {
      throw new NotAllowedError('no');
    },
  });
  await choose(/Sum up by/, 'Client');
  expect(await screen.findByText(/needs the permission fairway.log.read/)).toBeInTheDocument();
  await choose(/Sum up by/, 'Model');
  expect(await screen.findByRole('grid', { name: 'Usage' })).toBeInTheDocument();
});

test('of a ledger that does not answer nobody reads that nothing was used', async () => {
  const ledgers = [{ clusters: ['east'], state: 'unreachable' as const, message: 'It refused the connection.' }];
  renderView(<UsagePage />, { allUsage: () => usage({ ledgers, items: [], total: 0 }) });
  expect(await screen.findByText('It refused the connection.')).toBeInTheDocument();
  expect(screen.queryByText('Nothing was used')).not.toBeInTheDocument();
});

test.each([
  ['no ledger', { ledgers: [], items: [], total: 0 }, 'No ledger is configured'],
  ['no use', { items: [], total: 0 }, 'Nothing was used'],
  [
    'a ledger that is away',
    { ledgers: [{ clusters: ['east', 'west'], state: 'unreachable' as const, message: 'look at the pod' }] },
    'The ledger of east, west does not answer; the sums are without it.',
  ],
  [
    'a cluster without',
    { unledgered: ['south'] },
    'Of south no ledger is configured; what was used there is not shown.',
  ],
  ['more than is shown', { total: 1500 }, 'The 2 of 1,500 rows with the most tokens; the sums above are of all.'],
])('with %s the page says so', async (_, more, text) => {
  renderView(<UsagePage />, { allUsage: () => usage(more) });
  expect(await screen.findByText(text)).toBeInTheDocument();
});
