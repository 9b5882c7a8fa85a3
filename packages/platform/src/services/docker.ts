import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectDocker } from '@fairway/clients/docker/engine';
import { libraryTriplet } from '../cluster/layout.ts';
import type { SandboxProcess } from '../sandbox.ts';
import type { ServicesLayout } from './layout.ts';

/** Value for DOCKER_HOST of our own daemon. */
export function ownDockerHost(folder: string): string {
  return `unix://${join(folder, 'docker.sock')}`;
}

/**
 * A daemon that the user named or that this machine runs anyway; undefined when none answers, or when our own is named.
 * @throws ToolError when the named one does not answer
 */
export async function findDocker(
  folder: string,
  signal: AbortSignal,
): Promise<{ host: string; version: string } | undefined> {
  const named = process.env.DOCKER_HOST;
  if (named === ownDockerHost(folder)) return undefined;
  try {
    const { host, version } = await connectDocker(named, signal);
    return { host, version };
  } catch (error) {
    signal.throwIfAborted();
    // a daemon that was named but does not answer is the user's mistake to see, not ours to paper over
    if (named) throw error;
    return undefined;
  }
}

/**
 * Writes the configuration of a daemon that does not run, and forgets the one before it. What lies in its runtime folder
 * names processes by numbers that have another meaning in a new sandbox: after a kill or a power cut, dockerd would
 * take the process with containerd's old number for containerd, and wait for it in vain.
 */
export async function prepareDocker({ folder }: ServicesLayout): Promise<void> {
  await rm(join(folder, 'docker.pid'), { force: true });
  await rm(join(folder, 'docker-run'), { recursive: true, force: true });
  await mkdir(join(folder, 'docker'), { recursive: true, mode: 0o710 });
  // the engine of Debian 12 keeps each step of each build for ever unless a limit is set
  const configuration = { builder: { gc: { enabled: true, defaultKeepStorage: '10GB' } } };
  await writeFile(configurationFile(folder), JSON.stringify(configuration), { mode: 0o600 });
}

function configurationFile(folder: string): string {
  return join(folder, 'docker.json');
}

/**
 * Our own daemon changes nothing of the machine's network: it makes no bridge and no firewall rules, so builds and
 * containers use the host's network.
 */
export function dockerProcess({ folder, parts }: ServicesLayout): SandboxProcess {
  const program = (path: string) => join(parts.containers, path);
  return {
    name: 'dockerd',
    grace: 8,
    environment: {
      PATH: [program('usr/sbin'), program('usr/bin'), '/usr/sbin:/usr/bin:/sbin:/bin'].join(':'),
      LD_LIBRARY_PATH: program(`usr/lib/${libraryTriplet()}`),
      DOCKER_BUILDKIT: '1',
    },
    command: [
      program('usr/sbin/dockerd'),
      `--config-file=${configurationFile(folder)}`,
      `--host=${ownDockerHost(folder)}`,
      `--data-root=${folder}/docker`,
      `--exec-root=${folder}/docker-run`,
      `--pidfile=${folder}/docker.pid`,
      '--group=root',
      // with systemd's driver its containers would land in cgroups outside the sandbox
      '--exec-opt=native.cgroupdriver=cgroupfs',
      '--bridge=none',
      '--iptables=false',
      '--ip6tables=false',
      '--ip-forward=false',
      '--ip-masq=false',
    ],
  };
}

/** Each rebuild of a service leaves the image before it without a name. For a daemon that has just started and builds nothing. */
export async function removeUnnamedImages(folder: string, signal: AbortSignal): Promise<void> {
  const { docker } = await connectDocker(ownDockerHost(folder), signal);
  await docker.pruneImages({ filters: { dangling: ['true'] } });
}
