import { rollback } from '@fairway/rollback';
import { keptSeconds } from '@fairway/service/longest-stream';
import { parseForService, serviceInCluster } from './service-in-cluster.ts';

/** Gives the version that was released before all traffic again. */
export async function rollbackCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseForService(argv, 1);
  const { service, cluster } = await serviceInCluster(positionals[0] ?? '.', values, 'nothing to roll back', signal);
  const started = performance.now();
  const done = await rollback(cluster, service, {
    described: service,
    revision: values['revision'] as string | undefined,
    signal,
    keep: keptSeconds(service),
    now: () => new Date(),
    progress: message => process.stderr.write(`${message}\n`),
  });
  const seconds = Math.round(performance.now() - started) / 1000;
  if (values['json']) process.stdout.write(`${JSON.stringify({ ...done, seconds })}\n`);
  else
    process.stdout.write(
      `${done.revision} has all traffic of ${service.name}${done.from.length > 0 ? `; ${done.from.join(', ')} has none` : ''} (${seconds} s).\n`,
    );
  return 0;
}
