import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allParts } from './all-parts.ts';
import { madeParts, makeParts } from './build/ensure-parts.ts';
import { withFileLock } from './file-lock.ts';
import {
  alertmanagerFolder,
  clusterFolder,
  monitoringFolder,
  partsFolder,
  platformFolders,
  servicesFolder,
} from './folders.ts';
import type { Folders } from './folders.ts';
import { requireDisk, requireMachine, requirePorts, requireShortPaths, requireTools } from './machine.ts';
import { gatewayPrincipal, istioGateway } from './mesh/index.ts';
import { readWithout } from './optional-parts.ts';
import type { OptionalPart } from './optional-parts.ts';
import { writeState } from './platform-state.ts';
import type { Part } from './parts.ts';
import type { PlatformState } from './platform-state.ts';
import { portBase, portsFrom } from './ports.ts';
import type { Ports } from './ports.ts';
import { Sandbox } from './sandbox.ts';
import { imageSource, issuerAddresses } from './serving/index.ts';
import { ledgerDatabase } from './serving/ledger.ts';
import { signingKey } from './signing-key.ts';
import { audience, bringVulnerabilities, folderOf, startAuxiliaries, startServingCluster } from './up-steps.ts';
import type { Auxiliaries, Given, ServingCluster } from './up-steps.ts';
import { together } from './together.ts';
import type { Database } from './vulnerabilities/index.ts';

export interface UpOptions {
  readonly signal: AbortSignal;
  /** One short line for the person who waits. */
  progress(message: string): void;
  /** Default: by the XDG rules. */
  readonly folders?: Folders;
  /** First of nine ports on the host's loopback; default: FAIRWAY_PORT_BASE or 17400. */
  readonly portBase?: number;
}

/**
 * Brings the local platform up. What is missing is built, what runs is taken as it is, what died is started again.
 * @throws ConfigurationError when this machine cannot run it: operating system, rights, tools, ports, disk
 * @throws ToolError when a part cannot be built or does not get ready: which, and its last lines
 */
export async function up(options: UpOptions): Promise<PlatformState> {
  requireMachine();
  const folders = options.folders ?? platformFolders();
  requireShortPaths(folders);
  await mkdir(folders.state, { recursive: true, mode: 0o700 });
  const waiting = (holder: number) =>
    options.progress(`another run (process ${holder}) works on the platform; waiting`);
  return withFileLock(join(folders.state, 'platform.lock'), options.signal, waiting, () => start(options, folders));
}

async function start({ signal, progress, ...options }: UpOptions, folders: Folders): Promise<PlatformState> {
  const ports = portsFrom(options.portBase ?? portBase());
  const images = await imageSource(partsFolder(folders), signal);
  const without = await readWithout(folders.state);
  const wanted = allParts(images, without);
  await requireResources(folders, ports, wanted, without);
  const stopMaking = new AbortController();
  const making = makeParts(wanted, {
    folder: partsFolder(folders),
    signal: AbortSignal.any([signal, stopMaking.signal]),
    progress,
  });
  const given: Given = { folders, ports, images, without, making, progress };
  const [parts, services, serving, database] = await together<
    [ReadonlyMap<string, string>, Auxiliaries, ServingCluster, Database]
  >(signal, [
    cancelled => {
      cancelled.addEventListener('abort', () => stopMaking.abort(cancelled.reason));
      return making.done;
    },
    cancelled => startAuxiliaries(given, cancelled),
    cancelled => startServingCluster(given, cancelled),
    cancelled => bringVulnerabilities(given, cancelled),
  ]);
  const state: PlatformState = {
    schemaVersion: 1,
    docker: services.docker,
    registry: services.registry,
    signing: await signingKey(folders.state),
    kubernetes: { kubeconfig: serving.kubeconfig, context: serving.context },
    gateway: { reference: serving.gateway, url: `http://127.0.0.1:${ports.gateway}` },
    issuer: {
      ...issuerAddresses(ports.issuer),
      jwksService: serving.jwksService,
      audience,
      clients: services.issuer.clients,
    },
    waf: { service: serving.waf },
    guard: { image: serving.guardImage },
    prometheus: {
      url: `http://127.0.0.1:${ports.prometheus}`,
      directory: monitoringFolder(folders),
      promtool: join(folderOf(parts, 'monitoring'), 'usr/bin/promtool'),
    },
    alertmanager: { url: `http://127.0.0.1:${ports.alertmanager}` },
    ledger: ledgerDatabase(folders.state),
    ...(without.includes('mesh') ? {} : { mesh: { gatewayPrincipal } }),
    ...(without.includes('istio-gateway')
      ? {}
      : {
          istioGateway: {
            ...istioGateway,
            url: `http://127.0.0.1:${ports.istioGateway}`,
          },
        }),
    ...(without.includes('logs') ? {} : { logs: { url: `http://127.0.0.1:${ports.logs}` } }),
    scanner: {
      trivy: join(folderOf(parts, 'trivy'), 'trivy'),
      ...(without.includes('grype') ? {} : { grype: join(folderOf(parts, 'grype'), 'grype') }),
      database: database.folder,
    },
  };
  await writeState(folders.state, state);
  return state;
}

async function requireResources(
  folders: Folders,
  ports: Ports,
  wanted: readonly Part[],
  without: readonly OptionalPart[],
): Promise<void> {
  const made = await madeParts(wanted, partsFolder(folders));
  const built = [...made.values()].every(folder => folder !== undefined);
  if (!built) await requireTools();
  const [clusterRuns, alertsRun, servicesRun] = await Promise.all(
    [clusterFolder(folders), alertmanagerFolder(folders), servicesFolder(folders)].map(folder =>
      new Sandbox(folder).running(),
    ),
  );
  // the portal asks for its own when it starts
  const { registry, issuer, kubernetes, gateway, prometheus, alertmanager, logs } = ports;
  if (!servicesRun) await requirePorts({ registry, issuer });
  if (!clusterRuns)
    await requirePorts({
      ...{ kubernetes, gateway, prometheus },
      ...(alertsRun ? {} : { alertmanager }),
      ...(without.includes('logs') ? {} : { logs }),
      ...(without.includes('istio-gateway') ? {} : { istioGateway: ports.istioGateway }),
    });
  if (!clusterRuns) await requireDisk(folders, built);
}
