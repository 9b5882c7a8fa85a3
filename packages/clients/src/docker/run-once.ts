import { confined, podEnvironment } from './confined.ts';
import { containerLogs } from './container-logs.ts';
import { daemonError } from './engine.ts';
import type { DockerEngine } from './engine.ts';

export interface Ran {
  /** Of the program; 127 also where the image has no such program. */
  readonly exitCode: number;
  readonly lines: readonly string[];
}

export interface RunOnceRequest {
  readonly image: string;
  readonly command: readonly [string, ...string[]];
  /** Beside HOME and USER, which are as in a pod. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds after which it is killed. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Runs one program of an image to its end, as its user, without network, capabilities or a root that can be written; only /tmp can. The container is
 * always removed.
 * @throws ToolError when the daemon fails; what the program does is in the result
 */
export async function runOnce({ docker }: DockerEngine, request: RunOnceRequest): Promise<Ran> {
  const { image, command, signal } = request;
  const what = `running ${command.join(' ')} in ${image}`;
  const [program, ...rest] = command;
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: [program],
    Cmd: rest,
    Env: podEnvironment(request.environment),
    HostConfig: { NetworkMode: 'none', ...confined },
    abortSignal: signal,
  });
  // it may end by itself at that moment
  const late = setTimeout(() => void container.kill().catch(() => undefined), request.timeout);
  try {
    const missing = await container.start({ abortSignal: signal }).then(
      () => undefined,
      (error: unknown) => {
        if (/executable file not found|no such file/.test(String(error))) return String(error);
        throw error;
      },
    );
    if (missing !== undefined) return { exitCode: 127, lines: [missing] };
    const { StatusCode } = (await container.wait({ abortSignal: signal })) as { StatusCode: number };
    return { exitCode: StatusCode, lines: await containerLogs(container) };
  } catch (error) {
    signal.throwIfAborted();
    throw daemonError(what, error);
  } finally {
    clearTimeout(late);
    await container.remove({ force: true, v: true });
  }
}
