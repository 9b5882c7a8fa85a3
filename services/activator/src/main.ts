/**
 * Holds the requests of a version that has no pod, and says how many: KEDA starts a pod by this number. While a pod is ready the gateway sends nothing here.
 * The environment: SERVICE, namespace/name of the version's Service; OWN, how names of this program's pods begin; PORT, where requests come, and STATUS_PORT,
 * where the cluster asks; SECONDS, how long a request is held.
 */
import { connectInCluster } from '@fairway/clients/kubernetes/in-cluster';
import { Engines } from './engines.ts';
import { followEngines } from './follow.ts';
import { Activator, statusServer } from './server.ts';

const [namespace = '', name = ''] = (process.env['SERVICE'] ?? '').split('/');
const followed = { namespace, name, own: process.env['OWN'] ?? '' };
const say = (message: string) => process.stdout.write(`${new Date().toISOString()} ${message}\n`);

const abort = new AbortController();
let since = Date.now();
const engines = new Engines(ready => {
  const seconds = Math.round((Date.now() - since) / 1000);
  say(ready ? `A pod is ready after ${seconds} s without one; ${activator.held} requests wait.` : 'No pod is ready.');
  since = Date.now();
});
const limits = { requests: 1000, bytes: 128 * 2 ** 20, seconds: Number(process.env['SECONDS']) };
const activator = new Activator(engines, limits);
const known = followEngines(connectInCluster(abort.signal), followed, engines, say, abort.signal);
const server = activator.server().listen(Number(process.env['PORT']));
const status = statusServer(activator, engines, () => known() && !abort.signal.aborted);
status.listen(Number(process.env['STATUS_PORT']));

process.once('SIGTERM', () => {
  abort.abort();
  activator.close();
  status.close();
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
