/** The response cache: Envoy asks it about each request of a service that has `cache` in its fairway.yaml. Answers are in Redis. */
import { CachedExchange } from './exchange.ts';
import type { Counts } from './exchange.ts';
import { processorServer } from './processor.ts';
import { counterText, run, sayOnce } from './run.ts';
import { redisAnswers } from './store.ts';

const failed = sayOnce('requests pass without the cache');
const counts: Counts = { hit: 0, miss: 0, stored: 0, bypassed: 0 };
const answers = redisAnswers(process.env['CACHE_REDIS_URL'] || 'redis://127.0.0.1:6379', failed);

await run({
  server: processorServer(() => new CachedExchange(answers, counts), failed),
  port: Number(process.env['CACHE_PORT'] || 9005),
  metrics: () => counterText('fairway_cache_requests_total', 'Requests by what came of them.', { ...counts }),
  metricsPort: Number(process.env['CACHE_METRICS_PORT'] || 9464),
  drainMilliseconds: 5000,
});
