/**
 * npm run screenshots:fleet: pictures of a portal with a simulated fleet of 200 GPUs and 60 services, in both themes. Simulated are nodes,
 * pods, figures, sums of use and log lines; API server, Prometheus, Alertmanager, PostgreSQL and portal are real, and the log store answers as a real
 * one does. With --stay it stays up to be looked at, with --services=3000 it has so many services.
 * npm run accessibility (--accessibility) looks at every page of it by axe-core and by the Tab key, and fails for what it finds;
 * npm run languages (--languages) likewise for what is English on its pages in Chinese.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder, platformFolders } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { servingParts } from '@fairway/platform/serving/parts';
import { buildFrontend } from '@fairway/platform/portal/frontend';
import { startBareApiServer } from '../../bare-api-server.ts';
import { accessibilityOf } from './accessibility.ts';
import { fireAlerts } from './alerts.ts';
import { fillCluster } from './cluster.ts';
import { deliveryOf } from './deliveries.ts';
import { startLedger } from './ledger.ts';
import { englishLeftOn } from './left-english.ts';
import { startLogStore } from './log-store.ts';
import { writeMetrics } from './metrics.ts';
import { takePictures } from './pictures.ts';
import { type Running, startAlertmanager, startPortal, startPrometheus } from './programs.ts';
import { fleetOf } from './services.ts';

const look = process.argv.includes('--accessibility')
  ? accessibilityOf
  : process.argv.includes('--languages')
    ? englishLeftOn
    : undefined;
const say = (message: string) => void process.stderr.write(`${message}\n`);
const asked = process.argv.find(one => one.startsWith('--services='))?.split('=')[1];
const services = fleetOf(asked === undefined ? undefined : Number(asked));
const stop = new Promise(resolve => process.once('SIGINT', resolve).once('SIGTERM', resolve));
const running: Running[] = [];
const folder = await mkdtemp(join(tmpdir(), 'fairway-fleet-'));
try {
  const signal = new AbortController().signal;
  const parts = await ensureParts(
    [...machineParts, ...servingParts('public registry')].filter(({ name }) =>
      ['sandbox', 'kubernetes', 'monitoring', 'postgres'].includes(name),
    ),
    { folder: partsFolder(platformFolders()), signal, progress: say },
  );
  const [sandbox = '', monitoring = ''] = [parts.get('sandbox'), parts.get('monitoring')];
  const programs = join(monitoring, 'usr/bin');
  const server = await startBareApiServer(parts.get('kubernetes') ?? '', folder);
  running.push(server);
  say('Filling the cluster.');
  await fillCluster(server.cluster, services);
  const data = await writeMetrics(join(programs, 'promtool'), folder, ['chat', 'code']);
  const prometheus = await startPrometheus(join(programs, 'prometheus'), folder, data);
  running.push(prometheus);
  const alertmanager = await startAlertmanager({ sandbox, monitoring }, folder);
  running.push(alertmanager);
  await fireAlerts(alertmanager.url);
  const logs = await startLogStore();
  running.push(logs);
  const ledger = await startLedger(parts.get('postgres') ?? '', services);
  running.push(ledger);
  await buildFrontend({ signal, progress: say });
  const { kubeconfig, context } = server;
  const portal = await startPortal(folder, {
    ...{ name: 'production', kubeconfig, context },
    ...{ prometheusUrl: prometheus.url, alertmanagerUrl: alertmanager.url },
    ...{ logsUrl: logs.url, ledgerUrl: ledger.url },
  });
  running.push(portal);
  const system = await server.cluster.request<{ metadata: { uid: string } }>('GET', '/api/v1/namespaces/kube-system');
  for (const [index, service] of services.entries())
    await portal.deliver(deliveryOf(service, index, system?.metadata.uid ?? ''));
  say(`The portal is at ${portal.url}.`);
  if (process.argv.includes('--stay')) await stop;
  else if (look) {
    const found = await look(portal.url, say);
    for (const line of found) process.stdout.write(`${line}\n`);
    process.exitCode = found.length > 0 ? 1 : 0;
  } else await takePictures(portal.url);
} finally {
  for (const program of running.toReversed()) await program.stop();
  await rm(folder, { recursive: true, force: true });
}
