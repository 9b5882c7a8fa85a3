import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BuildError,
  SmokeTestError,
  buildImage,
  connectDocker,
  exportImage,
  findImage,
  fullImageName,
  imageLayers,
  importImage,
  inspectImage,
  lackedLayers,
  removeImage,
  smokeTest,
  spaceInDaemon,
  tagImage,
  unpacksZstd,
  whileImported,
} from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import {
  annotations,
  nameImage,
  openLayout,
  readManifest,
  regroupLayers,
  storeLayersAs,
  verifyImage,
} from '@fairway/image';
import { baseImage, platform } from './platform.ts';

// A real daemon under load is slow; what is asserted is what it does, never how fast.
jest.setTimeout(300_000);

const tag = `fairway-test:${process.pid}`;
let engine: DockerEngine;
let folder: string;

beforeAll(async () => {
  engine = await connectDocker(platform.docker.host);
  folder = await mkdtemp(join(tmpdir(), 'fairway-docker-'));
  await writeFile(join(folder, 'hello.txt'), 'hello');
});

afterAll(async () => {
  await removeImage(engine, tag);
  await removeImage(engine, `${tag}-flat`);
  await rm(folder, { recursive: true });
});

async function build(
  dockerfile: string,
  more: {
    secrets?: ReadonlyMap<string, Uint8Array>;
    fresh?: boolean;
    signal?: AbortSignal;
    progress?: (line: string) => void;
  } = {},
) {
  await writeFile(join(folder, 'Dockerfile'), `FROM ${baseImage}\n${dockerfile}`);
  return buildImage(engine, { context: folder, dockerfile: 'Dockerfile', tag, labels: { test: 'yes' }, ...more });
}

test('builds with a secret that ends in no layer, follows a step longer than the session’s health check, and caches', async () => {
  const lines: string[] = [];
  const dockerfile = `RUN --mount=type=secret,id=word test "$(cat /run/secrets/word)" = "open sesame" && cat /run/secrets/word && echo && sleep 7 && echo done\nCOPY hello.txt /\nUSER 65532:65532\n`;
  const secrets = new Map([['word', Buffer.from('open sesame')]]);
  const built = await build(dockerfile, { secrets, fresh: true, progress: line => lines.push(line) });
  expect(lines).toContain('done');
  expect(lines).toContain('***');
  expect(lines.filter(line => line.includes('open') && !line.includes('cat /run/secrets'))).toEqual([]);
  const facts = await inspectImage(engine, tag);
  expect(facts.id).toBe(built.id);
  expect(facts.config).toMatchObject({ User: '65532:65532', Labels: { test: 'yes' } });
  expect((await imageLayers(engine, tag))[0]?.createdBy).toMatch(/^COPY hello\.txt \//);
  const repeated: string[] = [];
  const again = await build(dockerfile, { secrets, progress: line => repeated.push(line) });
  expect(repeated).not.toContain('done');
  // whether the base counts as cached depends on the daemon's version; one that was busy copied the file anew
  expect(again.cached).toBeGreaterThanOrEqual(1);
  expect(again.steps - again.cached).toBeLessThanOrEqual(2);
});

test.each([
  ['a step that fails', 'RUN true\nRUN echo one; \\\n  false\n', 3, 'one\n'],
  ['an unknown instruction', 'FOO bar\n', 2, 'unknown instruction'],
  ['a file that is not there', 'COPY nothing /\n', 2, 'not found'],
])('%s names its line', async (_name, dockerfile, line, output) => {
  const error = await build(dockerfile).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BuildError);
  expect((error as BuildError).line).toBe(line);
  expect((error as BuildError).output).toContain(output);
});

test('an image for another platform says so, and its base is compared with that of the same platform', async () => {
  const other = engine.architecture === 'arm64' ? 'amd64' : 'arm64';
  const context = join(folder, 'other');
  await mkdir(context);
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /\n');
  const request = { context, dockerfile: 'Dockerfile', tag, platform: `linux/${other}` };
  await buildImage(engine, request);
  expect((await inspectImage(engine, tag)).architecture).toBe(other);
  await tagImage(engine, tag, `${tag}-flat`);
  await writeFile(join(context, 'Dockerfile'), `FROM ${tag}-flat\nCOPY Dockerfile /more\n`);
  await buildImage(engine, request);
  const facts = await inspectImage(engine, tag);
  expect(facts).toMatchObject({ architecture: other, layers: [expect.any(String), expect.any(String)] });
  const layout = await openLayout(join(folder, 'other-layout'));
  const { digest } = await exportImage(engine, layout, { image: tag, name: 'build' });
  await removeImage(engine, tag);
  expect(await importImage(engine, layout, digest)).toBe(tag);
  expect((await inspectImage(engine, tag)).id).toBe(facts.id);
});

test('a build is cancelled', async () => {
  const abort = new AbortController();
  const running = build('RUN sleep 3600\n', {
    signal: abort.signal,
    progress: line => line.includes('sleep 3600') && abort.abort(),
  });
  await expect(running).rejects.toThrow(/abort/i);
});

test('the disk that the daemon needs for an image is that of the layers which it lacks', async () => {
  await build('RUN head -c 3000000 /dev/zero > /zeros\n');
  const layout = await openLayout(join(folder, 'space'));
  const { digest } = await exportImage(engine, layout, { image: tag, name: 'build' });
  expect(await lackedLayers(engine, layout, digest)).toEqual([]);
  await removeImage(engine, tag);
  const { layers } = await readManifest(layout, digest);
  expect(await lackedLayers(engine, layout, digest)).toEqual(layers);
  const [space] = await spaceInDaemon(engine, layout, layers.slice(-1));
  expect(space?.folder).toBe(((await engine.docker.info()) as { DockerRootDir: string }).DockerRootDir);
  // tar adds a header and fills up to 10 KiB; so many zeros are compressed to nearly nothing
  expect(space?.bytes).toBeGreaterThan(3_000_000);
  expect(space?.bytes).toBeLessThan(3_100_000);
});

test('an image with other layers has the same configuration and files in the daemon, and its base', async () => {
  await build(
    'RUN mkdir /gone /models && echo weights > /models/a && touch -d @0 /models/a /models && echo a > /gone/a && ln /gone/a /linked && echo b > /kept && ln /kept /hard && ln -s kept /soft && chown 7:8 /kept && chmod 4755 /kept\nUSER 65532\nENV A="b c"\nENTRYPOINT ["/bin/cat", "/kept"]\n',
  );
  const before = await inspectImage(engine, tag);
  const layout = await openLayout(join(folder, 'layout'));
  const source = (await exportImage(engine, layout, { image: tag, name: 'build' })).digest;
  const base = (await inspectImage(engine, baseImage)).layers;
  const made = await regroupLayers(layout, {
    source,
    keep: base.length,
    groups: ['models', 'rest'],
    groupOf: path => (path.startsWith('models/') ? 0 : 1),
    drop: path => path.startsWith('gone/'),
  });
  await nameImage(layout, 'flat', made.manifest, { [annotations.engineName]: fullImageName(`${tag}-flat`) });
  expect(await importImage(engine, layout, made.manifest.digest)).toBe(`${tag}-flat`);
  const after = await inspectImage(engine, `${tag}-flat`);
  expect(after.config).toEqual(before.config);
  expect(after.layers.slice(0, base.length)).toEqual(base);
  expect(after.layers).toHaveLength(base.length + 2);
  // the other file of /gone has another name
  expect(made.dropped).toEqual({ files: 0, bytes: 0 });
  const told: string[] = [];
  await writeFile(
    join(folder, 'Dockerfile'),
    `FROM ${tag}-flat\nUSER 0\nRUN stat -c '%u %g %a %h' /kept && readlink /soft && ls -A /gone | wc -l && cat /models/a && cat /linked\n`,
  );
  await buildImage(engine, {
    context: folder,
    dockerfile: 'Dockerfile',
    tag,
    fresh: true,
    progress: line => told.push(line),
  });
  expect(told).toEqual(expect.arrayContaining(['7 8 4755 2', 'kept', '0', 'weights', 'a']));
});

test.each(['zstd', 'none', 'estargz'] as const)('the daemon takes layers in %s', async compression => {
  await build('RUN mkdir /opt/some && echo here > /opt/some/file\n');
  const before = await inspectImage(engine, tag);
  const layout = await openLayout(join(folder, `in-${compression}`));
  const { digest: source } = await exportImage(engine, layout, { image: tag, name: 'build' });
  const keep = (await inspectImage(engine, baseImage)).layers.length;
  const stored = await storeLayersAs(layout, { source, keep, compression });
  const name = `${tag}-${compression}`;
  await nameImage(layout, 'stored', stored, { [annotations.engineName]: fullImageName(name) });
  // what Docker before 23 does not unpack is never given to it
  if (compression === 'zstd' && !unpacksZstd(engine)) return;
  const { signal } = new AbortController();
  const after = await whileImported(engine, layout, stored.digest, signal, there => inspectImage(engine, there));
  expect(after.config).toEqual(before.config);
  expect(after.layers.slice(0, keep)).toEqual(before.layers.slice(0, keep));
  // eStargz adds files to each layer
  if (compression !== 'estargz') expect(after.layers).toEqual(before.layers);
});

test('an image goes into a layout and back as the same one, and only new layers are written', async () => {
  const layout = await openLayout(join(folder, 'round'));
  const stored = async () => readdir(join(layout.folder, 'blobs/sha256'));
  await build('RUN head -c 2000000 /dev/zero > /zeros\n');
  const first = await exportImage(engine, layout, { image: tag, name: 'build' });
  await verifyImage(layout, first.digest);
  const before = await stored();
  await build('RUN head -c 2000000 /dev/zero > /zeros\nRUN echo more > /more\n');
  const id = (await inspectImage(engine, tag)).id;
  const second = await exportImage(engine, layout, { image: tag, name: 'build' });
  await verifyImage(layout, second.digest);
  // manifest, configuration and one layer
  expect(await stored()).toHaveLength(before.length + 3);
  await removeImage(engine, tag);
  expect(await importImage(engine, layout, second.digest)).toBe(tag);
  expect((await inspectImage(engine, tag)).id).toBe(id);
  expect(await exportImage(engine, layout, { image: tag, name: 'again' })).toMatchObject({ digest: second.digest });
  await removeImage(engine, tag);
  const { signal } = new AbortController();
  const seen = whileImported(engine, layout, second.digest, signal, async name => inspectImage(engine, name));
  expect((await seen).id).toBe(id);
  expect(await findImage(engine, tag)).toBeUndefined();
});

test('an image that does not serve is told apart from a daemon that fails, and its container goes', async () => {
  await build('USER 65532\n');
  const containers = async () =>
    (await engine.docker.listContainers({ all: true })).filter(container => container.Image === tag).length;
  const smoke = (command: readonly string[]) =>
    smokeTest(engine, {
      image: tag,
      command,
      arguments: () => [],
      port: 8080,
      healthPath: '/health',
      model: 'm',
      startupSeconds: 3,
    }).catch((error: unknown) => error);
  const missing = await smoke(['no-such-program']);
  expect(missing).toBeInstanceOf(SmokeTestError);
  expect((missing as SmokeTestError).output).toContain('no-such-program');
  const ended = await smoke(['sh', '-c', 'echo bad model >&2; exit 3']);
  expect((ended as SmokeTestError).output).toContain('it ended with exit code 3.\nbad model');
  const silent = await smoke(['sleep', '60']);
  expect((silent as SmokeTestError).output).toContain('was not healthy after 3 s');
  expect(await containers()).toBe(0);
});

test('what is not there is said', async () => {
  expect(await findImage(engine, 'fairway-test:none')).toBeUndefined();
  await expect(inspectImage(engine, 'fairway-test:none')).rejects.toThrow(
    'has no such image. Run the stage that makes it again',
  );
  await expect(connectDocker('unix:///nowhere/docker.sock')).rejects.toThrow('Nothing listens there: start Docker');
});
