/** The response cache: Envoy asks it about each request of a service that has `cache` in its fairway.yaml. Answers are in Redis. */
import { createServer } from 'node:http';
import { ServerCredentials } from '@grpc/grpc-js';
import { cacheServer } from './server.ts';
import type { Counts } from './exchange.ts';
import { redisAnswers } from './store.ts';

const port = Number(process.env['CACHE_PORT'] || 9005);
const metricsPort = Number(process.env['CACHE_METRICS_PORT'] || 9464);
const url = process.env['CACHE_REDIS_URL'] || 'redis://127.0.0.1:6379';

let said = '';
/** What goes wrong is said once, not for each request. */
function failed(error: Error): void {
  const text = error.message || String((error as NodeJS.ErrnoException).code);
  if (text === said) return;
  said = text;
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), message: 'requests pass without the cache', error: text })}\n`,
  );
}

const counts: Counts = { hit: 0, miss: 0, stored: 0, bypassed: 0 };
const answers = redisAnswers(url, failed);
const server = cacheServer(answers, counts, failed);
const metrics = createServer((_, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4');
  response.end(
    `# HELP fairway_cache_requests_total Requests by what came of them.\n# TYPE fairway_cache_requests_total counter\n${Object.entries(
      counts,
    )
      .map(([result, count]) => `fairway_cache_requests_total{result="${result}"} ${count}\n`)
      .join('')}`,
  );
}).listen(metricsPort);

await new Promise<void>((resolve, reject) =>
  server.bindAsync(`0.0.0.0:${port}`, ServerCredentials.createInsecure(), error => (error ? reject(error) : resolve())),
);
process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), message: `answers on port ${port}` })}\n`);

process.once('SIGTERM', () => {
  metrics.close();
  // streams that are under way come to their end, or Envoy goes on without them
  server.tryShutdown(() => process.exit(0));
  setTimeout(() => process.exit(0), 5000).unref();
});
