import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BuildError,
  buildImage,
  buildInLayout,
  buildToLayout,
  connectDocker,
  exportImage,
  findImage,
  removeImage,
} from '@fairway/clients/docker/index';
import type { BuildRequest, DockerEngine } from '@fairway/clients/docker/index';
import { ToolError } from '@fairway/clients/tool-error';
import { blobPath, openLayout, readConfig, readManifest, verifyImage } from '@fairway/image';
import type { Layout } from '@fairway/image';
import { baseLayers } from '../../actions/build/src/base-layers.ts';
import { bringParts } from '../bring-parts.ts';
import { buildersIn } from '../buildkit-daemon.ts';
import type { Builders } from '../buildkit-daemon.ts';
import { startRegistry } from '../registry.ts';
import type { PlainRegistry } from '../registry.ts';
import { platform } from './platform.ts';

// the first run compiles BuildKit
jest.setTimeout(1_800_000);

const tag = `fairway-test-own-builder:${process.pid}`;
const before = { ...process.env };
let engine: DockerEngine;
let folder: string;
let registry: PlainRegistry;
let builders: Builders;
const running: { stop(): Promise<void> }[] = [];
let base: string;
let baseDigest: string;
let layout: Layout;

beforeAll(async () => {
  engine = await connectDocker(platform.docker.host);
  folder = await mkdtemp(join(tmpdir(), 'fairway-own-builder-'));
  builders = await buildersIn(folder);
  Object.assign(process.env, builders.environment);
  running.push(await builders.start('first'), await builders.start('second'));
  await mkdir(join(folder, 'registry'));
  registry = await startRegistry(builders.containers, join(folder, 'registry'));
  base = `${registry.address}/base:1`;
  const shell = await bringParts(
    [],
    [{ kind: 'debian', name: 'busybox', suite: 'machine', packages: ['busybox-static'] }],
  );
  const small = join(folder, 'base');
  await mkdir(small);
  await copyFile(join(shell.get('busybox') ?? '', 'bin/busybox'), join(small, 'busybox'));
  await writeFile(
    join(small, 'Dockerfile'),
    'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n',
  );
  await buildImage(engine, { context: small, dockerfile: 'Dockerfile', tag: base });
  const pushed = await engine.docker.getImage(base).push({ authconfig: {} });
  await new Promise((resolve, reject) =>
    engine.docker.modem.followProgress(pushed, error => (error ? reject(error) : resolve(undefined))),
  );
  await removeImage(engine, base);
  const { headers } = await fetch(`http://${registry.address}/v2/base/manifests/1`, {
    headers: { accept: 'application/vnd.docker.distribution.manifest.v2+json' },
  });
  baseDigest = headers.get('docker-content-digest') ?? '';
  layout = await openLayout(join(folder, 'layout'));
});

afterAll(async () => {
  process.env = before;
  await removeImage(engine, tag);
  await Promise.all([...running, registry].map(one => one.stop()));
  await rm(folder, { recursive: true });
});

/** A request for an image of the lines of a Dockerfile. */
async function request(...lines: string[]): Promise<BuildRequest> {
  const context = await mkdtemp(join(folder, 'context-'));
  await writeFile(join(context, 'Dockerfile'), lines.join('\n'));
  return { context, dockerfile: 'Dockerfile', tag, dockerConfig: builders.dockerConfig };
}

test('an image goes from the builder into the layout, with times of its argument, and is what the daemon then has', async () => {
  const lines: string[] = [];
  const wanted = {
    ...(await request(
      `FROM ${base}`,
      'ARG GREETING',
      'RUN --mount=type=secret,id=token echo "$GREETING $(cat /run/secrets/token)" > /said; cat /said',
      'RUN echo more > /more',
    )),
    arguments: { GREETING: 'good day', SOURCE_DATE_EPOCH: '1000000000' },
    labels: { 'org.opencontainers.image.title': 'said' },
    secrets: new Map([['token', Buffer.from('sesame-open')]]),
    progress: (line: string) => lines.push(line),
  };
  const built = await buildInLayout(engine, layout, { name: 'first' }, wanted, 'unchecked');
  expect(built).toMatchObject({ steps: 3, bases: [{ name: base, digest: baseDigest }] });
  expect(lines).toContain('good day ***');
  const { digest } = await exportImage(engine, layout, { image: tag, name: 'build' });
  await verifyImage(layout, digest);
  const manifest = await readManifest(layout, digest);
  const config = await readConfig(layout, manifest);
  expect(config).toMatchObject({
    created: '2001-09-09T01:46:40Z',
    config: { Labels: { 'org.opencontainers.image.title': 'said' } },
  });
  expect((await findImage(engine, tag))?.layers).toEqual(config.rootfs.diff_ids);
  const files = manifest.layers
    .slice(-2)
    .map(layer => execFileSync('tar', ['--utc', '-tvzf', blobPath(layout, layer.digest)], { encoding: 'utf8' }));
  expect(files[0]).toMatch(/2001-09-09 01:46 said$/m);
  expect(files[1]).toMatch(/2001-09-09 01:46 more$/m);

  // a builder that has none of it makes the same
  const { image } = await buildToLayout(engine, await openLayout(join(folder, 'other')), { name: 'second' }, wanted);
  expect(image.digest).toBe(digest);

  const { signal } = new AbortController();
  const { dockerConfig } = builders;
  const below = await baseLayers(engine, tag, base, signal, dockerConfig, { builder: { name: 'first' }, layout });
  expect(below).toBe(manifest.layers.length - 2);
  // the daemon has not pulled it for that
  expect(await findImage(engine, base)).toBeUndefined();
});

test.each(['registry', 'local'])(
  'what one builder wrote to a cache of type %s another one need not run',
  async type => {
    const wanted = await request(`FROM ${base}`, `RUN echo ${type} > /one`, 'RUN date +%N > /two');
    const place =
      type === 'registry' ? { to: `ref=${registry.address}/cache`, from: `ref=${registry.address}/cache` } : undefined;
    const { to, from } = place ?? { to: `dest=${join(folder, 'cache')}`, from: `src=${join(folder, 'cache')}` };
    const first = await buildToLayout(
      engine,
      layout,
      { name: 'first', cacheFrom: [`type=${type},${from}`], cacheTo: [`type=${type},${to},mode=max`] },
      wanted,
    );
    const again = await buildToLayout(
      engine,
      await openLayout(join(folder, `${type}-again`)),
      { name: 'second', cacheFrom: [`type=${type},${from}`] },
      wanted,
    );
    // what it has is the base, which counts as no step of a cache
    expect(again).toMatchObject({ steps: 3, cached: 2 });
    const layersOf = async (place: Layout, digest: string) => (await readManifest(place, digest)).layers;
    expect(await layersOf(await openLayout(join(folder, `${type}-again`)), again.image.digest)).toEqual(
      await layersOf(layout, first.image.digest),
    );
  },
);

test("GitHub's cache is asked with the token that its runner gives to actions", async () => {
  const asked: (string | undefined)[] = [];
  const service = createServer(({ headers }, answer) => {
    asked.push(headers.authorization);
    answer.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const { port } = service.address() as AddressInfo;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  // its claims say which branches' caches it may read
  const ac = JSON.stringify([{ Scope: 'refs/heads/main', Permission: 3 }]);
  const now = Math.floor(Date.now() / 1000);
  const claims = { ac, nbf: now - 60, exp: now + 3600 };
  const token = `${part({ alg: 'HS256' })}.${part(claims)}.c2lnbmF0dXJl`;
  process.env['ACTIONS_RESULTS_URL'] = `http://127.0.0.1:${port}/`;
  process.env['ACTIONS_CACHE_SERVICE_V2'] = 'true';
  process.env['ACTIONS_RUNTIME_TOKEN'] = token;
  try {
    // a cache that cannot be read stops nothing
    const wanted = await request(`FROM ${base}`, 'RUN echo asked');
    await buildToLayout(engine, layout, { name: 'first', cacheFrom: ['type=gha'] }, wanted);
    expect(asked).toContain(`Bearer ${token}`);
  } finally {
    for (const name of ['ACTIONS_RESULTS_URL', 'ACTIONS_CACHE_SERVICE_V2', 'ACTIONS_RUNTIME_TOKEN'])
      delete process.env[name];
    service.close();
  }
});

test('a step that fails is the Dockerfile’s fault, and not that of a cache that is not there', async () => {
  const wanted = await request(`FROM ${base}`, '', '# fails', 'RUN echo why it is; exit 3');
  const builder = { name: 'first', cacheFrom: [`type=registry,ref=${registry.address}/none`] };
  const error = await buildToLayout(engine, layout, builder, wanted).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BuildError);
  expect(error).toMatchObject({ line: 4, output: expect.stringMatching(/^why it is\n.*exit code: 3$/) });

  const unknown = await buildToLayout(engine, layout, builder, await request(`FROM ${base}`, 'RUNS true')).catch(
    (caught: unknown) => caught,
  );
  expect(unknown).toBeInstanceOf(BuildError);
  expect(unknown).toMatchObject({ line: 2, output: expect.stringContaining('RUNS') });
});

test('a builder that is not there, and a cache that cannot be written, are no fault of the Dockerfile', async () => {
  const wanted = await request(`FROM ${base}`, 'RUN true');
  for (const [builder, says] of [
    [{ name: 'third' }, /no builder .*third/],
    [{ name: 'first', cacheTo: ['type=registry,ref=127.0.0.1:1/cache'] }, /127\.0\.0\.1:1/],
    [{ name: 'first', cacheTo: ['type=nowhere'] }, /nowhere/],
  ] as const) {
    const error = await buildToLayout(engine, layout, builder, wanted).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ToolError);
    expect(error).not.toBeInstanceOf(BuildError);
    expect((error as ToolError).message).toContain(`docker buildx inspect ${builder.name}`);
    expect((error as ToolError).output).toMatch(says);
  }
});

test('a build that is cancelled ends in the builder too', async () => {
  const seconds = 100_000 + process.pid;
  const sleeps = () =>
    execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .some(line => line === `sleep ${seconds}`);
  const abort = new AbortController();
  const wanted = { ...(await request(`FROM ${base}`, `RUN sleep ${seconds}`)), signal: abort.signal };
  const building = buildToLayout(engine, layout, { name: 'first' }, wanted).catch((caught: unknown) => caught);
  const until = async (wished: boolean) => {
    for (let tries = 0; tries < 200 && sleeps() !== wished; tries++)
      await new Promise(resolve => setTimeout(resolve, 100));
    return sleeps();
  };
  expect(await until(true)).toBe(true);
  abort.abort();
  expect(await building).toMatchObject({ name: 'AbortError' });
  expect(await until(false)).toBe(false);
});
