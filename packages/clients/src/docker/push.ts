import { ToolError } from '../tool-error.ts';
import { daemonError } from './engine.ts';
import type { DockerEngine } from './engine.ts';
import { inspectImage, splitReference } from './image.ts';
import { eventError, streamEvents } from './stream-events.ts';

export interface PushRequest {
  /** Full name with registry and tag; the daemon must hold an image of this name. */
  readonly reference: string;
  readonly username?: string;
  readonly password?: string;
  /** In place of a password, as Docker's own login has it. */
  readonly identityToken?: string;
  readonly signal?: AbortSignal;
  readonly progress?: (line: string) => void;
}

/** Pushes an image and gives the digest (`sha256:…`) under which the registry took it, as the daemon reports it. */
export async function pushImage(engine: DockerEngine, request: PushRequest): Promise<string> {
  const { repository, tag } = splitReference(request.reference);
  const registry = repository.split('/')[0] ?? repository;
  const { username, password = '', identityToken: identitytoken } = request;
  const authconfig = identitytoken
    ? { identitytoken, serveraddress: registry }
    : username
      ? { username, password, serveraddress: registry }
      : {};
  let digest: string | undefined;
  const layers = new Map<string, string>();
  try {
    const stream = await engine.docker.getImage(repository).push({ tag, authconfig, abortSignal: request.signal });
    for await (const event of streamEvents(stream as AsyncIterable<Uint8Array>)) {
      const failed = eventError(event);
      if (failed !== undefined) throw refused(request, registry, failed);
      const found = (event.aux as { Digest?: unknown } | undefined)?.Digest;
      if (typeof found === 'string') digest = found;
      // daemons that keep images in containerd say it in words only, or not at all
      digest ??= /digest: (sha256:[0-9a-f]{64})/.exec(event.status ?? '')?.[1];
      if (event.id && event.status && layers.get(event.id) !== event.status) {
        layers.set(event.id, event.status);
        request.progress?.(`${event.id}: ${event.status}`);
      }
    }
  } catch (error) {
    request.signal?.throwIfAborted();
    throw daemonError(`pushing ${request.reference}`, error);
  }
  digest ??= (await inspectImage(engine, request.reference)).repositoryDigests
    .find(name => name.startsWith(`${repository}@`))
    ?.slice(repository.length + 1);
  if (!digest)
    throw new ToolError('docker', `pushing ${request.reference}`, undefined, 'the daemon did not report a digest.');
  return digest;
}

// daemons say "no basic auth credentials", "unauthorized: authentication required" or "denied: …", by version
function refused(request: PushRequest, registry: string, message: string): ToolError {
  const advice = /immutab|cannot be overwritten|tag .*already exists/i.test(message)
    ? `The registry ${registry} does not let a tag move: the tag of ${request.reference} stands for another image there. Remove that tag, or let the registry except it.`
    : /unauthorized|authentication required|no basic auth|denied/i.test(message)
      ? `The registry ${registry} refuses ${request.username ? `the user "${request.username}"` : 'an anonymous push'}: check username and password.`
      : /connection refused|no such host|i\/o timeout|dial tcp/i.test(message)
        ? `The daemon cannot reach ${registry}: check the registry's address, seen from the machine that runs the daemon.`
        : /server gave HTTP response to HTTPS client/i.test(message)
          ? `${registry} speaks plain HTTP; that is only taken from a loopback address.`
          : undefined;
  return new ToolError('docker', `pushing ${request.reference}`, undefined, message, advice);
}
