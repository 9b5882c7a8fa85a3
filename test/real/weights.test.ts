import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectDocker } from '@fairway/clients/docker/index';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { hubDouble } from '../fixtures/hub-double.ts';
import type { HubDouble } from '../fixtures/hub-double.ts';
import { startRegistry } from '../registry.ts';
import type { PlainRegistry } from '../registry.ts';
import { platform } from './platform.ts';

jest.setTimeout(300_000);

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const files = { 'config.json': Buffer.from('{}'), 'model.safetensors': Buffer.alloc(80 << 20, 'weights ') };
let folder: string;
let registry: PlainRegistry;
let hub: HubDouble;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-real-weights-'));
  const parts = await ensureParts(
    machineParts.filter(({ name }) => name === 'containers'),
    { folder: partsFolder(platformFolders()), signal: new AbortController().signal, progress: () => undefined },
  );
  await mkdir(join(folder, 'registry'));
  await mkdir(join(folder, 'weights'));
  registry = await startRegistry(parts.get('containers')!, join(folder, 'registry'));
  hub = await hubDouble(files);
});
afterAll(async () => {
  await Promise.all([registry.stop(), hub.close()]);
  await rm(folder, { recursive: true });
});

test("a model goes through Debian's registry, and Docker and the program of the init container read it", async () => {
  await writeFile(
    join(folder, 'fairway.yaml'),
    `apiVersion: fairway.dev/v1alpha1\nkind: InferenceService\nname: hello\nowner: team\nengine: { name: vllm }\nmodel: { name: hello, reference: 'hf://team/tiny@${hub.commit}' }\n`,
  );
  const env = { ...process.env, HF_ENDPOINT: hub.url, XDG_CACHE_HOME: join(folder, 'cache') };
  const words = ['weights', 'push', folder, '--registry', `${registry.address}/models`, '--json'];
  const { stdout } = await run(process.execPath, [join(root, 'packages/cli/src/main.ts'), ...words], { env });
  const { image, layers } = JSON.parse(stdout) as { image: string; layers: number };
  expect(layers).toBe(2);

  const pod = { ...process.env, IMAGE: image, FOLDER: join(folder, 'weights') };
  const main = join(root, 'services/weights/src/main.ts');
  await run(process.execPath, [main], { env: pod });
  const hex = image.split('@sha256:')[1] ?? '';
  expect((await readFile(join(folder, 'weights', hex, 'model.safetensors'))).equals(files['model.safetensors'])).toBe(
    true,
  );
  expect((await run(process.execPath, [main], { env: pod })).stdout).toContain('is there already');

  const { docker } = await connectDocker(platform.docker.host);
  const stream = await docker.pull(image);
  await new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, error => (error ? reject(error) : resolve(undefined))),
  );
  const container = await docker.createContainer({ Image: image, Cmd: ['none'] });
  try {
    const archive: Buffer[] = [];
    for await (const chunk of await container.getArchive({ path: '/config.json' })) archive.push(chunk as Buffer);
    expect(Buffer.concat(archive).subarray(512, 514).toString()).toBe('{}');
  } finally {
    await container.remove();
    await docker.getImage(image).remove();
  }
});
