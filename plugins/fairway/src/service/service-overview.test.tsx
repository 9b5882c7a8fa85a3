import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type { ResponseOf } from '@fairway/backstage-plugin-fairway-common';
import type { Answers } from '../testing/fake-fairway.ts';
import { deliveryAnswers, helloDelivery } from '../testing/hello-delivery.ts';
import { helloIndicators, helloSummary } from '../testing/hello-indicators.ts';
import { onEntity, renderView } from '../testing/render-view.tsx';
import { ServiceOverview } from './service-overview.tsx';

const source = { name: 'east', clusters: ['east'], state: 'live' as const };
const deployments: ResponseOf<'deployments'> = {
  clusters: [{ name: 'east', state: 'live' }],
  items: [
    {
      cluster: 'east',
      namespace: 'hello-llm',
      service: 'hello-llm',
      versions: [
        {
          revision: 'adb99f1d',
          image: 'registry.test/hello',
          replicas: 2,
          readyReplicas: 2,
          weight: 100,
          createdAt: '2026-11-25T09:16:00.000Z',
          state: 'ready',
          pods: [],
        },
      ],
    },
  ],
};

const noUsage: ResponseOf<'usage'> = { state: 'none', from: '2026-10-28', to: '2026-11-26', days: [] };

function show(answers: Answers = {}) {
  return renderView(onEntity(<ServiceOverview />), {
    ...deliveryAnswers([helloDelivery()]),
    service: () => helloSummary(),
    indicators: () => helloIndicators(),
    deployments: () => deployments,
    usage: () => noUsage,
    alerts: () => ({ sources: [source], unwatched: [], items: [] }),
    ...answers,
  });
}

const tile = async (name: string) => {
  const headings = await screen.findAllByRole('heading', { level: 3, name });
  return within(headings.map(heading => heading.closest('li')).find(item => item !== null)!);
};

test('each objective says whether it is met and what is left of its budget', async () => {
  show();
  const success = await tile('Successful requests');
  expect(success.getByText('99.9 %')).toBeInTheDocument();
  expect(success.getByText('met, objective 99.5 %')).toBeInTheDocument();
  expect(success.getByText('62 % of the error budget is left')).toBeInTheDocument();
  const first = await tile('Time to first token');
  expect(first.getByText('92 % within 500 ms')).toBeInTheDocument();
  expect(first.getByText('missed, objective 95 %')).toBeInTheDocument();
  expect(first.getByText('Error budget overdrawn by 20 %')).toBeInTheDocument();
  // that of the load test of the last delivery
  const goodput = await tile('Goodput');
  expect(await goodput.findByText('100 %')).toBeInTheDocument();
  expect(goodput.getByText(/^In the last load test/)).toBeInTheDocument();
});

test('a chart says its values at the last moment with data, and at the one that the keys choose', async () => {
  show();
  const chart = await screen.findByRole('slider', { name: 'Time to first token' });
  expect(chart).toHaveAttribute('aria-valuetext', expect.stringContaining('p50 140 ms, p99 1.2 s'));
  chart.focus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(chart).toHaveAttribute('aria-valuetext', expect.stringContaining('p50 no data, p99 no data'));
  await userEvent.keyboard('{ArrowLeft}');
  expect(chart).toHaveAttribute('aria-valuetext', expect.stringContaining('p50 130 ms, p99 500 ms'));
  const figure = within(screen.getByRole('figure', { name: 'Time to first token' }));
  expect(figure.getByText(/objective for p95/)).toHaveTextContent('objective for p95 500 ms');
  // two strokes: before the gap and after it
  const [, line] = chart.querySelectorAll('path[d*="L"]');
  expect(line?.getAttribute('d')?.match(/M/g)).toHaveLength(2);
});

test('another time is asked for and stays in the address', async () => {
  const { fairway } = show();
  await userEvent.click(await screen.findByRole('radio', { name: '7 days' }));
  await screen.findByRole('slider', { name: 'Time to first token' });
  expect(fairway.asked.filter(({ name }) => name === 'indicators').map(({ request }) => request)).toEqual([
    { path: { namespace: 'hello-llm', service: 'hello-llm' }, query: { range: '1h' } },
    { path: { namespace: 'hello-llm', service: 'hello-llm' }, query: { range: '7d' } },
  ]);
});

test.each([
  ['unmonitored', 'No Prometheus is configured for east'],
  ['unreachable', 'The Prometheus of east does not answer'],
  ['nowhere', 'No cluster has this service'],
] as const)('%s: nothing is known, and that is what the page says', async (state, title) => {
  show({
    indicators: () => helloIndicators({ state, objectives: [], latencies: [], requests: [], versions: [] }),
  });
  expect(await screen.findByText(title)).toBeInTheDocument();
  expect(screen.queryByRole('slider')).not.toBeInTheDocument();
  expect(screen.queryByText(/objective \d/)).not.toBeInTheDocument();
});

test('without a request there is no share, no verdict and no line along zero', async () => {
  const none = [null, null, null, null];
  show({
    indicators: () =>
      helloIndicators({
        objectives: [{ name: 'availability', allowed: 0.005, bad: none, budgetLeft: none }],
        latencies: [{ name: 'time-to-first-token', lines: [{ percentile: 50, values: none }] }],
        requests: none,
        versions: [],
      }),
  });
  const success = await tile('Successful requests');
  expect(success.getByText('No request in the last hour')).toBeInTheDocument();
  expect(success.queryByText(/met|missed/)).not.toBeInTheDocument();
  expect(screen.queryByRole('slider')).not.toBeInTheDocument();
  expect(screen.getAllByText(/^No data in this time/)).toHaveLength(5);
});

test('an engine that tells no latencies, and a gateway that nobody watches, are named', async () => {
  show({ indicators: () => helloIndicators({ withoutHistograms: 'llamacpp', ownGateway: 'Kong' }) });
  expect(await screen.findByText(/^llamacpp publishes no time to first token/)).toBeInTheDocument();
  expect(screen.getByText(/^Requests pass Kong/)).toBeInTheDocument();
  expect(screen.queryByRole('figure', { name: 'Requests a second' })).not.toBeInTheDocument();
});

test('what fires stands first, with what one can do about it', async () => {
  show({
    alerts: () => ({
      sources: [source],
      unwatched: [],
      items: [
        {
          source: 'east',
          fingerprint: 'f1',
          cluster: 'east',
          name: 'FairwayErrorBudgetBurn',
          service: 'hello-llm',
          owner: 'team-hello',
          severity: 'page',
          summary: 'hello-llm uses up its error budget.',
          since: '2026-11-26T11:58:00.000Z',
          state: 'active',
          silencedBy: [],
        },
      ],
    }),
  });
  expect(await screen.findByText('FairwayErrorBudgetBurn')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: /Acknowledge/ })).toBeInTheDocument();
});

test('nobody who watches is no good news', async () => {
  show({ alerts: () => ({ sources: [], unwatched: ['east'], items: [] }) });
  expect((await screen.findAllByText(/Nobody watches/)).length).toBeGreaterThan(0);
  expect(screen.queryByText(/No alert/)).not.toBeInTheDocument();
});

test('the last delivery, the versions, and a command that can be copied', async () => {
  const user = userEvent.setup();
  show();
  const delivery = within(await screen.findByRole('region', { name: 'Last delivery' }));
  expect(await delivery.findByText('adb99f1d has all traffic.')).toBeInTheDocument();
  expect(delivery.getByRole('link', { name: 'Open the delivery' })).toHaveAttribute(
    'href',
    '/catalog/default/component/hello-llm/delivery?delivery=bc67e68ae4768199',
  );
  expect(await screen.findByText('adb99f1d: 2 of 2 pods ready')).toBeInTheDocument();
  const written = jest.spyOn(navigator.clipboard, 'writeText');
  await user.click(screen.getByRole('button', { name: 'Copy the curl command' }));
  expect(await screen.findByText('Copied')).toBeInTheDocument();
  expect(written).toHaveBeenCalledWith(expect.stringContaining('curl https://hello.example.com/v1/chat/completions'));
});

test('a service that was not delivered, and a reader without the permission', async () => {
  show({
    service: () => {
      throw new NotFoundError('No delivery of hello-llm/hello-llm has read its fairway.yaml.');
    },
    indicators: () => {
      throw new NotAllowedError('Ask its operator for it.');
    },
  });
  expect(await screen.findByText('No delivery of hello-llm/hello-llm has read its fairway.yaml.')).toBeInTheDocument();
  expect(await screen.findByText('You may not see this')).toBeInTheDocument();
});

test('tokens and cost are those of the ledger, and what has no price is said', async () => {
  const day = { day: '2026-11-25', requests: 1200, failed: 3, promptTokens: 900_000, completionTokens: 400_000 };
  show({
    usage: () => ({
      ...{ state: 'live', from: '2026-10-28', to: '2026-11-26', currency: 'EUR' },
      days: [
        { ...day, cost: 1.5, unpriced: 0 },
        { ...day, day: '2026-11-26', cost: 2, unpriced: 7 },
      ],
    }),
  });
  expect(await screen.findByText('3.50 EUR')).toBeInTheDocument();
  expect(screen.getByText('1,800,000 prompt tokens, 800,000 completion tokens')).toBeInTheDocument();
  expect(screen.getByText('7 requests are in the cost in part or not at all.')).toBeInTheDocument();
  expect(screen.getByText('2026-11-26: 1,300,000 tokens')).toBeInTheDocument();
});

test('a ledger that does not answer, and one that is not there, are said', async () => {
  show({ usage: () => ({ ...noUsage, state: 'unreachable', message: 'postgres: no answer' }) });
  expect(await screen.findByText('The ledger does not answer')).toBeInTheDocument();
  expect(screen.queryByText(/tokens$/)).not.toBeInTheDocument();
});
