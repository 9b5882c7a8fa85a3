import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saveImage } from '../docker/index.ts';
import type { DockerEngine } from '../docker/index.ts';
import type { ScannedImage, Scanner } from './trivy.ts';

/** Lends the archive of an image to `work`. */
export async function withImageArchive<T>(
  engine: DockerEngine,
  image: string,
  signal: AbortSignal,
  work: (archive: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fairway-image-'));
  try {
    const archive = join(folder, 'image.tar');
    await saveImage(engine, image, archive, signal);
    return await work(archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Scans an image that the daemon holds. The scanner sees an archive of it, never the daemon. */
export function scanDockerImage(
  engine: DockerEngine,
  scanner: Scanner,
  request: { readonly image: string; readonly database?: string; readonly signal: AbortSignal },
): Promise<ScannedImage> {
  return withImageArchive(engine, request.image, request.signal, archive => scanner.scan({ ...request, archive }));
}
