import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import {
  alertmanagerFolder,
  clusterFolder,
  monitoringFolder,
  platformFolders,
  portalFolder,
  servicesFolder,
} from './folders.ts';
import type { Folders } from './folders.ts';
import { removeState } from './platform-state.ts';
import { stopPortal } from './portal/index.ts';
import { Sandbox } from './sandbox.ts';

export interface DownOptions {
  progress(message: string): void;
  /** Default: by the XDG rules. */
  readonly folders?: Folders;
  /** Removes what otherwise survives too: Docker's images, the registry, keys, measurements. Default false. */
  readonly purge?: boolean;
}

/**
 * Takes down what `up` started, and only that: no process, mount, network interface or cgroup is left. The cluster's state goes;
 * Docker's images, the registry, the issuer's keys and Prometheus' series stay for the next time. Does nothing when nothing is up.
 */
export async function down({ progress, folders = platformFolders(), purge = false }: DownOptions): Promise<void> {
  const waiting = (holder: number) => progress(`another run (process ${holder}) works on the platform; waiting`);
  const cluster = new Sandbox(clusterFolder(folders));
  const alerts = new Sandbox(alertmanagerFolder(folders));
  const services = new Sandbox(servicesFolder(folders));
  // going down is not cancelled half-way: what is left would have no owner
  const signal = new AbortController().signal;
  await withFileLock(join(folders.state, 'platform.lock'), signal, waiting, async () => {
    // first, because it may be delivering to what goes down next
    await stopPortal(folders);
    await removeState(folders.state);
    await Promise.all([
      cluster.stop().then(() => progress('kubernetes, prometheus: down')),
      alerts.stop().then(() => progress('alertmanager: down')),
      services.stop().then(() => progress('registry, issuer, docker: down')),
    ]);
    for (const { folder } of [cluster, alerts]) await rm(folder, { recursive: true, force: true });
    if (!purge) return;
    for (const folder of [
      services.folder,
      monitoringFolder(folders),
      portalFolder(folders),
      join(folders.state, 'serving'),
    ])
      await rm(folder, { recursive: true, force: true });
  });
  if (purge) await rm(folders.state, { recursive: true, force: true });
}
