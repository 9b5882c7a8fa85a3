import { listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { Container } from 'dockerode';
import { ToolError } from '../tool-error.ts';
import { askEngine } from './chat-probe.ts';
import type { ChatAnswer } from './chat-probe.ts';
import { confined, podEnvironment } from './confined.ts';
import { containerLogs } from './container-logs.ts';
import { buildNetwork } from './build-network.ts';
import { explained } from '../kubernetes/diagnosis/root-cause.ts';
import { daemonError, errorCode } from './engine.ts';
import type { DockerEngine } from './engine.ts';
import { freePort } from './free-port.ts';

export interface SmokeRequest {
  readonly image: string;
  /** Replaces the image's entrypoint, as `command` of a pod does. */
  readonly command?: readonly string[];
  /** The engine's arguments for the port it shall listen on and the address it shall bind. */
  arguments(port: number, address: string): readonly string[];
  /** Beside HOME and USER, which are as in a pod. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The port inside the container where it has its own network. */
  readonly port: number;
  readonly healthPath: string;
  /** Served name of the model. */
  readonly model: string;
  /** How long the engine may take until it is healthy. */
  readonly startupSeconds: number;
  /** As a pod's limit; the container is killed above it. */
  readonly memoryBytes?: number;
  /** Whether all of it may be in /dev/shm; default what the daemon gives, 64 MiB. */
  readonly sharedMemory?: boolean;
  /** GPUs the container gets; the daemon needs the "nvidia" runtime for any. */
  readonly gpus?: number;
  /** What the container sees of this machine, and cannot write. */
  readonly mounted?: { readonly host: string; readonly at: string };
  readonly signal?: AbortSignal;
}

export interface SmokeAnswer extends ChatAnswer {
  /** From the start of the container until the engine said that it is healthy. */
  readonly healthyMilliseconds: number;
  /** From the start of the container until the first token: what a user of a cold replica waits. */
  readonly coldFirstTokenMilliseconds: number;
}

/** The image ran but did not serve: what was seen and the container's last lines. */
export class SmokeTestError extends ToolError {}

/**
 * Starts an image as a pod would (no capabilities, read-only root, /tmp writable, nothing of the host but, where the daemon
 * has no bridge, its network), waits until it is healthy and asks one short chat. The container is always removed.
 */
export async function smokeTest(engine: DockerEngine, request: SmokeRequest): Promise<SmokeAnswer> {
  const { signal } = request;
  const what = `smoke test of ${request.image}`;
  if (!engine.local)
    throw new ToolError(
      'docker',
      what,
      undefined,
      reasonOf('stage.ended', { sentence: reasonOf('smoke.elsewhere', { host: engine.host }) }),
    );
  const shared = buildNetwork(engine, undefined) === 'host';
  const hostPort = shared ? await freePort() : undefined;
  const inside = hostPort ?? request.port;
  let container: Container | undefined;
  try {
    container = await engine.docker.createContainer({
      Image: request.image,
      ...(request.command ? { Entrypoint: [...request.command] } : {}),
      Cmd: [...request.arguments(inside, shared ? '127.0.0.1' : '0.0.0.0')],
      Env: podEnvironment(request.environment),
      ExposedPorts: { [`${inside}/tcp`]: {} },
      HostConfig: {
        NetworkMode: shared ? 'host' : 'bridge',
        ...(shared ? {} : { PortBindings: { [`${inside}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '' }] } }),
        ...confined,
        ...(request.mounted ? { Binds: [`${request.mounted.host}:${request.mounted.at}:ro`] } : {}),
        ...(request.memoryBytes ? { Memory: request.memoryBytes } : {}),
        ...(request.memoryBytes && request.sharedMemory ? { ShmSize: request.memoryBytes } : {}),
        ...(request.gpus
          ? { DeviceRequests: [{ Driver: 'nvidia', Count: request.gpus, Capabilities: [['gpu']] }] }
          : {}),
      },
      abortSignal: signal,
    });
    const begun = performance.now();
    await container.start({ abortSignal: signal }).catch((error: unknown) => {
      // the runtime refuses what the image asks for: a program that is not there, a user that cannot be
      if (!/OCI runtime|exec format|executable file not found|no such file/.test(String(error))) throw error;
      throw new SmokeTestError('docker', what, errorCode(error), runtimeMessage(String(error)));
    });
    const url = `http://127.0.0.1:${hostPort ?? (await publishedPort(container, inside))}`;
    await untilHealthy(container, url, request, what);
    const healthyMilliseconds = performance.now() - begun;
    const asked = performance.now();
    const answer = await askEngine(url, request.model, signal).catch(async (error: unknown) => {
      signal?.throwIfAborted();
      const said = error instanceof Error ? error.message : String(error);
      throw new SmokeTestError('docker', what, undefined, await explainedByLog(said, container));
    });
    return {
      ...answer,
      healthyMilliseconds,
      coldFirstTokenMilliseconds: asked - begun + answer.firstTokenMilliseconds,
    };
  } catch (error) {
    signal?.throwIfAborted();
    throw daemonError(what, error);
  } finally {
    await container?.remove({ force: true, v: true });
  }
}

// the part after the runtime's own chain of causes, such as: exec: "llama-server": executable file not found in $PATH
function runtimeMessage(message: string): string {
  return (/unable to start container process: (.*?)(: unknown)?["\s]*$/s.exec(message)?.[1] ?? message).trim();
}

async function publishedPort(container: Container, inside: number): Promise<string> {
  const { NetworkSettings } = await container.inspect();
  const port = NetworkSettings.Ports[`${inside}/tcp`]?.[0]?.HostPort;
  if (!port)
    throw new SmokeTestError(
      'docker',
      `publishing port ${inside}`,
      undefined,
      await explainedByLog(reasonOf('smoke.endedAtOnce'), container),
    );
  return port;
}

async function untilHealthy(container: Container, url: string, request: SmokeRequest, what: string): Promise<void> {
  const deadline = Date.now() + request.startupSeconds * 1000;
  let last: Reason | string = reasonOf('smoke.deaf');
  for (;;) {
    request.signal?.throwIfAborted();
    try {
      const response = await fetch(`${url}${request.healthPath}`, { signal: AbortSignal.timeout(5000) });
      await response.body?.cancel();
      if (response.ok) return;
      last = reasonOf('smoke.answered', { status: response.status });
    } catch (error) {
      // not listening yet; whether it ever will is decided below
      last = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);
    }
    const { State } = await container.inspect();
    if (!State.Running) {
      const cause = State.OOMKilled ? reasonOf('smoke.killed') : reasonOf('smoke.ended', { exitCode: State.ExitCode });
      throw new SmokeTestError('docker', what, State.ExitCode, await explainedByLog(cause, container));
    }
    if (Date.now() > deadline) {
      throw new SmokeTestError(
        'docker',
        what,
        undefined,
        await explainedByLog(
          reasonOf('smoke.unhealthy', { url: `${url}${request.healthPath}`, seconds: request.startupSeconds, last }),
          container,
        ),
      );
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

async function explainedByLog(seen: Reason | string, container: Container | undefined): Promise<Reason | string> {
  const { cause, logs } = explained(seen, container ? (await containerLogs(container)).join('\n') : '');
  return listOf('list.lines', [cause, logs.trimEnd()].slice(0, logs.trim() === '' ? 1 : 2));
}
