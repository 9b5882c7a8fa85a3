/**
 * The limit of requests that a client may have running at a service: Envoy asks here about each request of a service that has
 * `access.concurrentRequests` in its fairway.yaml, and says when it is over. Who runs what is in Redis, for all replicas of this program and of the gateway.
 */
import { processorServer } from '@fairway/cache/processor';
import { counterText, run, sayOnce } from '@fairway/cache/run';
import { LeasedExchange } from './exchange.ts';
import type { Counts } from './exchange.ts';
import { redisLeases } from './leases.ts';

const failed = sayOnce('requests are not counted');
const counts: Counts = { admitted: 0, refused: 0, uncounted: 0 };
const leases = redisLeases(process.env['CONCURRENCY_REDIS_URL'] || 'redis://127.0.0.1:6379', failed);

await run({
  server: processorServer(() => new LeasedExchange(leases, counts), failed),
  port: Number(process.env['CONCURRENCY_PORT'] || 9006),
  metrics: () =>
    `${counterText('fairway_concurrency_requests_total', 'Requests by what came of them.', { ...counts })}# HELP fairway_concurrency_running Requests that run now.\n# TYPE fairway_concurrency_running gauge\nfairway_concurrency_running ${leases.held()}\n`,
  metricsPort: Number(process.env['CONCURRENCY_METRICS_PORT'] || 9464),
  // as long as a gateway that goes waits for its streams
  drainMilliseconds: 600_000,
});
