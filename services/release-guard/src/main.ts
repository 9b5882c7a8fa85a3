/**
 * Stands in the cluster beside a release. When whoever releases stops without a word, a runner that died for instance, its
 * lease runs out, and the users go back to the version before. It ends with the release.
 * The environment: GUARD as the JSON text of a Guarded.
 */
import { connectInCluster } from '@fairway/clients/kubernetes/in-cluster';
import { whenLeaseEnds } from '@fairway/clients/kubernetes/lease';
import { releaseLeaseName } from '@fairway/clients/kubernetes/names';
import type { Guarded } from '@fairway/targets/workload/guard';
import { takeOver } from './take-over.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
const guarded = JSON.parse(process.env['GUARD'] ?? '') as Guarded;
const { service, holder } = guarded;
const cluster = connectInCluster(abort.signal);
const say = (message: string) => process.stdout.write(`${new Date().toISOString()} ${message}\n`);

say(`Watching the release of ${service.name} by ${holder}.`);
try {
  const ended = await whenLeaseEnds(
    cluster,
    { namespace: service.namespace, name: releaseLeaseName(service.name) },
    holder,
    abort.signal,
  );
  say(ended === 'given back' ? 'The release has ended.' : await takeOver(cluster, guarded, abort.signal, say));
} catch (error) {
  if (!abort.signal.aborted) throw error;
  // the release has ended, or the node goes: the Job starts another pod then, unless this one succeeded
  say('Stopped before the release had ended.');
  process.exitCode = 143;
}
