import type { DockerEngine } from '@fairway/clients/docker/index';

/** debian:bookworm-slim for all architectures, some months old: it too starts with known fixed vulnerabilities. */
export const publicBase = 'debian@sha256:4724b8cc51e33e398f0e2e15e18d5ec2851ff0c2280647e1310bc1642182655d';

/** Whether Docker Hub answers this machine at all; a network without it must not cost minutes of retries. */
export async function publicRegistryAnswers(signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch('https://registry-1.docker.io/v2/', {
      signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
    });
    // 401 asks for a token, which the daemon gets by itself
    return answer.ok || answer.status === 401;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** Pulls the public base; the daemon checks its digest. */
export async function pullPublicBase(engine: DockerEngine, signal: AbortSignal): Promise<void> {
  const stream = await engine.docker.pull(publicBase, { abortSignal: signal });
  await new Promise<void>((resolve, reject) =>
    engine.docker.modem.followProgress(stream, error => (error ? reject(error) : resolve())),
  );
}
