import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { Benchmark } from '@fairway/backstage-plugin-fairway-common';
import { renderView } from '../testing/render-view.tsx';
import { EnginesPage } from './engines-page.tsx';

const vllm: Benchmark = {
  engine: 'vllm',
  version: '0.32',
  model: 'qwen',
  hardware: '1 × nvidia-h100-80gb',
  source: 'bc67e68ae4768199',
  measuredAt: '2026-11-01T00:00:00.000Z',
  tokensPerSecond: 2000,
  timeToFirstTokenP95: 150,
  goodput: 98,
};
const tgi: Benchmark = { ...vllm, engine: 'tgi', tokensPerSecond: 1000, timeToFirstTokenP95: 300 };
const tiny: Benchmark = { ...vllm, engine: 'llamacpp', model: 'tiny', hardware: 'CPU 500m' };

test('three scores over the engines, what they mean, and the figures behind them', async () => {
  renderView(<EnginesPage />, { benchmarks: () => ({ items: [vllm, tgi] }) });
  const chart = within(await screen.findByRole('group', { name: /qwen on 1 × nvidia-h100-80gb/ }));
  expect(chart.getAllByRole('img').map(point => point.getAttribute('aria-label'))).toEqual([
    'vLLM: Throughput 100',
    'TGI: Throughput 50.0',
    'vLLM: Latency 100',
    'TGI: Latency 50.0',
    'vLLM: Goodput 100',
    'TGI: Goodput 100',
  ]);
  expect(screen.getByText('Not measured yet: FastChat, Transformers.')).toBeInTheDocument();
  expect(screen.getByText(/100 × output tokens a second/)).toBeInTheDocument();
  const row = within(screen.getByRole('grid', { name: 'The figures behind the scores' })).getByRole('row', {
    name: /TGI/,
  });
  for (const figure of ['1000', '300 ms', '98.0 %', 'bc67e68ae4768199'])
    expect(within(row).getByText(figure)).toBeInTheDocument();
});

test('another model or other hardware is another comparison', async () => {
  renderView(<EnginesPage />, { benchmarks: () => ({ items: [tiny, vllm, tgi] }) });
  await userEvent.click(await screen.findByRole('button', { name: /Compared with/ }));
  await userEvent.click(await screen.findByRole('option', { name: 'tiny, CPU 500m' }));
  const chart = within(await screen.findByRole('group', { name: /tiny on CPU 500m/ }));
  expect(chart.getByRole('img', { name: 'llama.cpp: Throughput 100' })).toBeInTheDocument();
});

test('before the first measurement the page says how there will be one', async () => {
  renderView(<EnginesPage />, { benchmarks: () => ({ items: [] }) });
  expect(await screen.findByText('No engine was measured yet')).toBeInTheDocument();
});
