import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { liveMetrics, metricsAmong, metricsOfVersion } from './metric-names.ts';

// the TYPE lines of a vLLM 0.24.0 that served on a GPU
const exposed = readFileSync(join(import.meta.dirname, 'vllm', 'metrics-0.24.0.txt'), 'utf8');

test('vLLM 0.24.0 has the names that Fairway knows', () => {
  expect(liveMetrics('vllm', exposed).differences).toEqual([]);
});

test('TGI 3.3.6 has the names that Fairway knows', () => {
  // the TYPE lines of one that served on a CPU
  const text = readFileSync(join(import.meta.dirname, 'tgi', 'metrics-3.3.6.txt'), 'utf8');
  expect(liveMetrics('tgi', text).differences).toEqual([]);
});

test('a metric that a newer version renamed is reported with the name that it may have now', () => {
  const renamed = exposed.replaceAll('vllm:kv_cache_usage_perc', 'vllm:kv_cache_usage_ratio');
  const { metrics, differences } = liveMetrics('vllm', renamed);
  expect(differences).toEqual([
    'vllm has no metric vllm:kv_cache_usage_perc; it may be vllm:kv_cache_usage_ratio now. Rules that use it see nothing until Fairway knows the new name.',
  ]);
  // the rules stay as they are until somebody looks
  expect(metrics.kvCacheUsage).toBe('vllm:kv_cache_usage_perc');
  expect(metrics.timeToFirstToken).toBe('vllm:time_to_first_token_seconds');
});

test('names are those that Prometheus stores, a histogram by its buckets', () => {
  const stored = [
    'vllm:num_requests_running',
    'vllm:time_per_output_token_seconds_bucket',
    'vllm:gpu_cache_usage_perc',
  ];
  const { metrics, differences } = metricsAmong('vllm', new Set(stored));
  expect(metrics.interTokenLatency).toBe('vllm:time_per_output_token_seconds');
  expect(metrics.kvCacheUsage).toBe('vllm:gpu_cache_usage_perc');
  expect(differences.filter(text => text.startsWith('vllm has no metric vllm:num_requests_running'))).toEqual([]);
});

test('an older version is read by its own names', () => {
  const older = exposed
    .replaceAll('vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds')
    .replaceAll('vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc');
  const { metrics, differences } = liveMetrics('vllm', older);
  expect(metrics).toMatchObject({
    interTokenLatency: 'vllm:time_per_output_token_seconds',
    kvCacheUsage: 'vllm:gpu_cache_usage_perc',
  });
  expect(differences).toHaveLength(2);
});

test.each([
  ['0.6.3', 'vllm:time_per_output_token_seconds', 'vllm:gpu_cache_usage_perc'],
  ['0.10.2', 'vllm:time_per_output_token_seconds', 'vllm:kv_cache_usage_perc'],
  ['0.24.0', 'vllm:inter_token_latency_seconds', 'vllm:kv_cache_usage_perc'],
  [undefined, 'vllm:inter_token_latency_seconds', 'vllm:kv_cache_usage_perc'],
])('vLLM %s', (version, interTokenLatency, kvCacheUsage) => {
  expect(metricsOfVersion('vllm', version)).toMatchObject({ interTokenLatency, kvCacheUsage });
});
