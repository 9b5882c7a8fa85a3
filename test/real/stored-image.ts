import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, connectDocker, exportImage, removeImage } from '@fairway/clients/docker/index';
import { openLayout } from '@fairway/image';
import type { Layout } from '@fairway/image';
import { baseImage, platform } from './platform.ts';

/** Builds an image on the base, which the daemon forgets again. */
export async function storedImage(instructions: string): Promise<{ readonly layout: Layout; readonly digest: string }> {
  const engine = await connectDocker(platform.docker.host);
  const folder = await mkdtemp(join(tmpdir(), 'fairway-stored-'));
  const image = `fairway-test-stored:${process.pid}`;
  await writeFile(join(folder, 'Dockerfile'), `FROM ${baseImage}\n${instructions}`);
  await buildImage(engine, { context: folder, dockerfile: 'Dockerfile', tag: image });
  await rm(folder, { recursive: true });
  const layout = await openLayout(folder);
  const { digest } = await exportImage(engine, layout, { image, name: 'build' });
  await removeImage(engine, image);
  return { layout, digest };
}
