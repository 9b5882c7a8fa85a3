import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildImage,
  connectDocker,
  findImage,
  inspectImage,
  removeImage,
  tagImage,
} from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { baseLayers } from '../../actions/build/src/base-layers.ts';
import { startRegistry } from '../registry.ts';
import { baseImage, platform } from './platform.ts';

jest.setTimeout(300_000);

const { signal } = new AbortController();
const tag = `fairway-test-base-layers:${process.pid}`;
let engine: DockerEngine;
let folder: string;

beforeAll(async () => {
  engine = await connectDocker(platform.docker.host);
  folder = await mkdtemp(join(tmpdir(), 'fairway-base-layers-'));
});

afterAll(async () => {
  await removeImage(engine, tag);
  await rm(folder, { recursive: true });
});

/** Builds an image with two layers of its own. */
async function build(base: string): Promise<number> {
  await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\nCOPY Dockerfile /one\nENV A=b\nCOPY Dockerfile /two\n`);
  await buildImage(engine, { context: folder, dockerfile: 'Dockerfile', tag });
  return (await inspectImage(engine, tag)).layers.length;
}

test('the layers of a base that the daemon has are those that both share', async () => {
  const all = await build(baseImage);
  expect(await baseLayers(engine, tag, baseImage, signal)).toBe(all - 2);
  expect(await baseLayers(engine, tag, undefined, signal)).toBe(0);
});

test('a base that BuildKit alone has pulled is known too, and leaves no image behind', async () => {
  const parts = await ensureParts(
    machineParts.filter(({ name }) => name === 'containers'),
    { folder: partsFolder(platformFolders()), signal, progress: () => undefined },
  );
  await mkdir(join(folder, 'registry'));
  const registry = await startRegistry(parts.get('containers')!, join(folder, 'registry'));
  const base = `${registry.address}/base:1`;
  try {
    await tagImage(engine, baseImage, base);
    const pushed = await engine.docker.getImage(base).push({ authconfig: {} });
    await new Promise((resolve, reject) =>
      engine.docker.modem.followProgress(pushed, error => (error ? reject(error) : resolve(undefined))),
    );
    await removeImage(engine, base);
    const all = await build(base);
    expect(await findImage(engine, base)).toBeUndefined();
    expect(await baseLayers(engine, tag, base, signal)).toBe(all - 2);
    expect(await findImage(engine, `${tag}-base`)).toBeUndefined();
  } finally {
    await registry.stop();
  }
  // a base that is gone costs the shared layers and nothing else
  expect(await baseLayers(engine, tag, base, signal)).toBe(0);
});
