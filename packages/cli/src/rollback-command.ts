import { resolve } from 'node:path';
import { rollback } from '@fairway/rollback';
import { environmentOf } from '@fairway/stage';
import { keptSeconds } from '@fairway/service/longest-stream';
import { environmentFile } from './environment-file.ts';
import { namedCluster } from './named-cluster.ts';
import { parse } from './parse.ts';

/** Gives the version that was released before all traffic again. */
export async function rollbackCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(argv, {
    context: { type: 'string' },
    kubeconfig: { type: 'string' },
    environment: { type: 'string' },
    revision: { type: 'string' },
    json: { type: 'boolean' },
  });
  const given = { environment: values['environment'] as string | undefined };
  const environment = environmentOf(given, { environment: process.env });
  const { service, inputs } = await environmentFile(resolve(positionals[0] ?? '.'), environment);
  const { connectCluster } = await import('@fairway/clients/kubernetes/index');
  const cluster = await connectCluster({
    ...(await namedCluster({ ...inputs, ...values }, 'nothing to roll back')),
    signal,
  });
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
