import { engineProfile } from '@fairway/engines';
import { tinyService } from '../../../../test/fixtures/service.ts';
import { asExposed } from './exposed-metrics.ts';

const service = tinyService({ engine: { name: 'vllm' } });
const vllm = engineProfile('vllm');

const holding = (...names: string[]) => ({
  query: async () => names.map(name => ({ metric: { __name__: name }, value: 1 })),
});

test('a version that renamed a metric is said with the name that it may have now', async () => {
  const all = Object.values(vllm.metrics);
  const renamed = all.map(name => (name === 'vllm:num_requests_waiting' ? 'vllm:requests_waiting' : name));
  const { differences } = await asExposed(holding('up', ...renamed), service, vllm, 'a1');
  expect(differences).toEqual([
    expect.stringContaining('vllm has no metric vllm:num_requests_waiting; it may be vllm:'),
  ]);
});

test('an older version is read by the names that its pods have', async () => {
  const { profile } = await asExposed(holding('vllm:time_per_output_token_seconds_bucket'), service, vllm, 'a1');
  expect(profile.metrics.interTokenLatency).toBe('vllm:time_per_output_token_seconds');
});

test('what nobody has scraped, or no pod answered, is unlike nothing', async () => {
  for (const names of [[], ['up', 'scrape_duration_seconds']])
    expect(await asExposed(holding(...names), service, vllm, 'a1')).toEqual({ profile: vllm, differences: [] });
});
