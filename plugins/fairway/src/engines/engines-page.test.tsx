import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Comparison } from '@fairway/backstage-plugin-fairway-common';
import { renderView } from '../testing/render-view.tsx';
import { EnginesPage } from './engines-page.tsx';

const run = (rate: number, p95: number) => ({
  rate,
  seconds: 10,
  requests: 10 * rate,
  errors: 0,
  answeredPerSecond: rate,
  tokensPerSecond: 100 * rate,
  goodput: 100,
  timeToFirstToken: { mean: p95, p50: p95, p95, p99: p95 },
  timePerOutputToken: { mean: p95, p50: p95, p95, p99: p95 },
  held: true,
  busy: 1,
  memoryGiB: 2,
  generatorLateP99: 0,
  generatorBottleneck: false,
  clientMeans: {},
});

const contender = (engine: 'vllm' | 'fastchat', rate: number, p95: number) => ({
  engine,
  version: '1.2',
  command: ['serve', '--port={port}'],
  from: 'packages',
  weights: { format: 'safetensors', digest: 'sha256:0' },
  result: {
    outcome: 'measured' as const,
    searches: [{ startSeconds: 1, runs: [run(rate, p95)], held: rate }],
    common: [run(1, p95)],
  },
});

const comparison: Comparison = {
  schemaVersion: 1,
  id: 'one',
  startedAt: '2026-11-01T00:00:00.000Z',
  finishedAt: '2026-11-01T01:00:00.000Z',
  machine: { label: 'two processors', processor: 'some', cores: 2, memoryGiB: 4 },
  model: { name: 'tiny', digest: `sha256:${'0'.repeat(64)}` },
  load: { promptTokens: 64, outputTokens: 100, arrivals: 'poisson', cache: 'cold', commonRate: 1 },
  objectives: { timeToFirstToken: 1000, timePerOutputToken: 100, goodput: 90 },
  notes: ['Nothing else ran.'],
  contenders: [
    contender('vllm', 20, 10),
    contender('fastchat', 5, 40),
    {
      ...contender('vllm', 1, 1),
      engine: 'tgi',
      result: { outcome: 'did not run', reason: 'its image is out of reach\nTraceback of many lines' },
    },
  ],
};

test('three scores over the engines, what they mean, and the figures behind them', async () => {
  renderView(<EnginesPage />, { comparisons: () => ({ items: [comparison] }) });
  const chart = within(await screen.findByRole('group', { name: /tiny on two processors/ }));
  expect(chart.getAllByRole('img').map(point => point.getAttribute('aria-label'))).toEqual([
    'vLLM: Throughput 100',
    'FastChat: Throughput 25.0',
    'vLLM: Latency 100',
    'FastChat: Latency 25.0',
    'vLLM: Efficiency 100',
    'FastChat: Efficiency 25.0',
  ]);
  expect(screen.getByText('TGI: its image is out of reach')).toBeInTheDocument();
  expect(screen.getByText(/100 × output tokens a second at the highest rate/)).toBeInTheDocument();
  expect(screen.getByText('Nothing else ran.')).toBeInTheDocument();
  const row = within(screen.getByRole('grid', { name: 'The figures behind the scores' })).getByRole('row', {
    name: /FastChat/,
  });
  expect(within(row).getByText('500 – 500')).toBeInTheDocument();
  expect(chart.getByText('did not run')).toBeInTheDocument();
  expect(within(screen.getByRole('grid')).getByText('did not run')).toBeInTheDocument();
});

test('ties, an interruption and what an engine was started with are shown', async () => {
  const [vllm, fastchat] = [contender('vllm', 20, 10), contender('fastchat', 20, 40)];
  const started = { ...fastchat, environment: { OMP_NUM_THREADS: '1' } };
  const interrupted = { ...comparison, unfinished: 'sha256:0', contenders: [vllm, started] };
  renderView(<EnginesPage />, { comparisons: () => ({ items: [interrupted] }) });
  const row = within(await screen.findByRole('grid')).getByRole('row', { name: /FastChat/ });
  expect(within(row).getByText('Throughput: vLLM; Efficiency: vLLM')).toBeInTheDocument();
  expect(screen.getByText(/^The comparison was interrupted/)).toBeInTheDocument();
  expect(screen.getByText('OMP_NUM_THREADS=1 serve --port={port}')).toBeInTheDocument();
});

test('another record is another chart', async () => {
  const other = { ...comparison, id: 'two', model: { ...comparison.model, name: 'large' } };
  renderView(<EnginesPage />, { comparisons: () => ({ items: [comparison, other] }) });
  await userEvent.click(await screen.findByRole('button', { name: /Compared with/ }));
  await userEvent.click(await screen.findByRole('option', { name: /^large, two processors/ }));
  expect(await screen.findByRole('group', { name: /large on two processors/ })).toBeInTheDocument();
});

test('before the first comparison the page says how there will be one', async () => {
  renderView(<EnginesPage />, { comparisons: () => ({ items: [] }) });
  expect(await screen.findByText('No engines were compared yet')).toBeInTheDocument();
});
