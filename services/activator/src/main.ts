/**
 * Holds the requests of a version that has no pod, and says how many: KEDA starts a pod by this number. While a pod is ready the gateway sends nothing here.
 * The environment: SERVICE, namespace/name of the version's Service; OWN, how names of this program's pods begin; PORT, where requests come, and STATUS_PORT,
 * where the cluster asks; SECONDS, how long a request is held.
 */
import { connectInCluster } from '@fairway/clients/kubernetes/in-cluster';
import { ObjectWatch } from '@fairway/clients/kubernetes/object-watch';
import { Engines, readyIn } from './engines.ts';
import type { Address } from './engines.ts';
import { Activator, statusServer } from './server.ts';

const [namespace = '', name = ''] = (process.env['SERVICE'] ?? '').split('/');
const own = process.env['OWN'] ?? '';
const say = (message: string) => process.stdout.write(`${new Date().toISOString()} ${message}\n`);

const abort = new AbortController();
const engines = new Engines();
const activator = new Activator(engines, {
  requests: 1000,
  bytes: 128 * 2 ** 20,
  seconds: Number(process.env['SECONDS']),
});
const slices = new ObjectWatch<readonly Address[]>(connectInCluster(abort.signal), {
  apiVersions: ['discovery.k8s.io/v1'],
  kind: 'EndpointSlice',
  namespace,
  labelSelector: `kubernetes.io/service-name=${name}`,
  keep: slice => readyIn(slice, own),
  changed: look,
  stateChanged: state => {
    if (state.name === 'failing') say(`The cluster does not say which pods are ready: ${state.error.message}`);
    if (state.name === 'live') listed = true;
    look();
  },
});

/** Before the first list is whole there may be pods that nobody has seen. */
let listed = false;
let since = Date.now();
function look(): void {
  if (!listed) return;
  const before = engines.ready;
  const { held } = activator;
  engines.set([...slices.objects.values()].flat());
  if (before === engines.ready) return;
  const seconds = Math.round((Date.now() - since) / 1000);
  say(engines.ready ? `A pod is ready after ${seconds} s without one; ${held} requests waited.` : 'No pod is ready.');
  since = Date.now();
}

const server = activator.server().listen(Number(process.env['PORT']));
const status = statusServer(activator, engines, () => listed && !abort.signal.aborted).listen(
  Number(process.env['STATUS_PORT']),
);
void slices.run(abort.signal);

process.once('SIGTERM', () => {
  abort.abort();
  activator.close();
  status.close();
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
