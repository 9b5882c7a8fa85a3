import type { DockerEngine } from '@fairway/clients/docker/index';

/** debian:bookworm-slim for all architectures, some months old: it too starts with known fixed vulnerabilities. */
export const publicBase = 'debian@sha256:4724b8cc51e33e398f0e2e15e18d5ec2851ff0c2280647e1310bc1642182655d';

/** Pulls the public base; the daemon checks its digest. */
export async function pullPublicBase(engine: DockerEngine, signal: AbortSignal): Promise<void> {
  const stream = await engine.docker.pull(publicBase, { abortSignal: signal });
  await new Promise<void>((resolve, reject) =>
    engine.docker.modem.followProgress(stream, error => (error ? reject(error) : resolve())),
  );
}
