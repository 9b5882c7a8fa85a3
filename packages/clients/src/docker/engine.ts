import { existsSync } from 'node:fs';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type Docker from 'dockerode';
import { ToolError } from '../tool-error.ts';
import { dockerAddress } from './address.ts';

/** A Docker daemon that answered. */
export interface DockerEngine {
  readonly docker: Docker;
  /** The address as DOCKER_HOST would hold it. */
  readonly host: string;
  /** True when a loopback port of a container with host network is a loopback port of this machine. */
  readonly local: boolean;
  /** Such as "20.10.24". */
  readonly version: string;
  /** False for a daemon that was started without a bridge network: builds and containers then use the host's. */
  readonly bridge: boolean;
  /** Names of the OCI runtimes, such as "runc" and "nvidia". */
  readonly runtimes: readonly string[];
  /** "amd64", "arm64" */
  readonly architecture: string;
  /** Folder of its images, where that is one of this machine: a daemon in a virtual machine has its own. */
  readonly dataRoot: string | undefined;
}

/**
 * Connects to the daemon at `host` (a DOCKER_HOST value; without one the default socket) and asks what it is.
 * @param certificates folder of those for a daemon over TLS (DOCKER_CERT_PATH)
 */
export async function connectDocker(
  host: string | undefined,
  signal?: AbortSignal,
  certificates?: string,
): Promise<DockerEngine> {
  const address = dockerAddress(host, undefined, certificates || undefined);
  const { default: Dockerode } = await import('dockerode');
  const docker = new Dockerode(address.options);
  const deadline = AbortSignal.timeout(15_000);
  const abortSignal = signal ? AbortSignal.any([signal, deadline]) : deadline;
  try {
    const [version, info, networks] = await Promise.all([
      request<{ Version: string; Arch: string }>(docker, '/version', abortSignal),
      request<{ Runtimes?: Record<string, unknown>; DockerRootDir?: string }>(docker, '/info', abortSignal),
      request<readonly { Name: string }[]>(docker, '/networks', abortSignal),
    ]);
    return {
      docker,
      host: address.host,
      local: address.local,
      version: version.Version,
      bridge: networks.some(network => network.Name === 'bridge'),
      runtimes: Object.keys(info.Runtimes ?? {}),
      architecture: version.Arch,
      dataRoot: address.local && existsSync(info.DockerRootDir ?? '') ? info.DockerRootDir : undefined,
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(address.host, error);
  }
}

/** Whether the daemon unpacks layers in zstd: from 23.0 on (https://docs.docker.com/engine/release-notes/23.0/). */
export function unpacksZstd({ version }: Pick<DockerEngine, 'version'>): boolean {
  return Number.parseInt(version, 10) >= 23;
}

/** What to build for, so that the image is of an architecture; undefined where the daemon's own is that. */
export function platformOf(engine: DockerEngine, architecture: string): string | undefined {
  return architecture === engine.architecture ? undefined : `linux/${architecture}`;
}

/** One GET of the Engine API that gives JSON. */
function request<T>(docker: Docker, path: string, abortSignal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const statusCodes = { 200: true, 500: 'server error' };
    docker.modem.dial({ path, method: 'GET', abortSignal, statusCodes }, (error, data) =>
      error ? reject(error) : resolve(data as T),
    );
  });
}

function unreachable(host: string, error: unknown): ToolError {
  const code = errorCode(error);
  const advice: Record<string, Reason> = {
    ENOENT: reasonOf('docker.silent'),
    ECONNREFUSED: reasonOf('docker.silent'),
    EACCES: reasonOf('docker.denied'),
    ABORT_ERR: reasonOf('docker.hangs'),
  };
  return new ToolError('docker', reasonOf('docker.version', { host }), code, message(error), advice[String(code)]);
}

export function errorCode(error: unknown): string | number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const value = statusCode ?? code;
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Turns what the daemon answered into a ToolError; what is no answer of the daemon is passed on. */
export function daemonError(request: Reason | string, error: unknown, advice?: Reason | string): unknown {
  if (error instanceof ToolError) return error;
  const code = errorCode(error);
  return code === undefined ? error : new ToolError('docker', request, code, daemonMessage(error), advice);
}

function daemonMessage(error: unknown): string {
  const json = (error as { json?: { message?: unknown } }).json;
  return typeof json?.message === 'string' ? json.message : message(error);
}
