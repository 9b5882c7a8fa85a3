import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hubDouble } from '../../../../test/fixtures/hub-double.ts';
import type { HubDouble } from '../../../../test/fixtures/hub-double.ts';
import { memoryRegistry } from '../../../../test/fixtures/memory-registry.ts';
import type { MemoryRegistry } from '../../../../test/fixtures/memory-registry.ts';
import { weightsCommand } from './weights-command.ts';

const weights = Buffer.alloc(200_000, 'weights ');
const files = {
  'config.json': Buffer.from('{"model_type":"llama"}'),
  'model-00001-of-00002.safetensors': weights,
  'model-00002-of-00002.safetensors': Buffer.concat([weights, weights]),
  'original/consolidated.00.pth': Buffer.alloc(5000),
  '.gitattributes': Buffer.from('*.safetensors filter=lfs\n'),
};

let folder: string;
let registry: MemoryRegistry;
let hub: HubDouble;
let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-weights-'));
  registry = await memoryRegistry();
  hub = await hubDouble(files);
  await service(`reference: hf://team/tiny@${hub.commit}`);
  environment = { ...process.env };
  Object.assign(process.env, { HF_ENDPOINT: hub.url, XDG_CACHE_HOME: join(folder, 'cache'), HOME: folder });
});
afterEach(async () => {
  process.env = environment;
  await Promise.all([registry.close(), hub.close()]);
  await rm(folder, { recursive: true });
});

async function service(model: string): Promise<void> {
  const text = `apiVersion: fairway.dev/v1alpha1\nkind: InferenceService\nname: hello\nowner: team\nengine: { name: vllm }\nmodel: { name: hello, ${model} }\n`;
  await writeFile(join(folder, 'fairway.yaml'), text);
}

/** What the command prints; what it cannot do it throws. */
async function push(...words: readonly string[]): Promise<string> {
  return command('push', folder, '--registry', `${registry.address}/models`, ...words);
}

async function command(...words: readonly string[]): Promise<string> {
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const progress = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    expect(await weightsCommand(words, new AbortController().signal)).toBe(0);
    return written.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    written.mockRestore();
    progress.mockRestore();
  }
}

interface Manifest {
  readonly config: { readonly digest: string; readonly mediaType: string };
  readonly layers: readonly { readonly digest: string; readonly mediaType: string; readonly size: number }[];
  readonly annotations: Readonly<Record<string, string>>;
}

function manifestOf(place: string): Manifest {
  return JSON.parse(String(registry.manifests.get(place)?.bytes)) as Manifest;
}

/** The names in a layer, as GNU tar lists them. */
const listed = (digest: string, name: string) =>
  execFileSync('tar', ['-tf', '-'], { input: registry.blobs.get(`models/${name}@${digest}`) })
    .toString()
    .trim()
    .split('\n');

test('a model of the hub becomes an image of nothing but its files', async () => {
  const out = await push();
  const { layers, config, annotations } = manifestOf(`models/team/tiny:${hub.commit}`);
  // image specification: an uncompressed layer has the digest of its content
  expect(layers.map(({ mediaType }) => mediaType)).toEqual(['application/vnd.oci.image.layer.v1.tar']);
  expect(JSON.parse(String(registry.blobs.get(`models/team/tiny@${config.digest}`)))).toMatchObject({
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  });
  expect(annotations['org.opencontainers.image.revision']).toBe(hub.commit);
  expect(layers.flatMap(({ digest }) => listed(digest, 'team/tiny'))).toEqual([
    'config.json',
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
  ]);
  const layer = registry.blobs.get(`models/team/tiny@${layers[0]!.digest}`);
  const content = execFileSync('tar', ['-xOf', '-', 'model-00002-of-00002.safetensors'], { input: layer });
  expect(content.equals(files['model-00002-of-00002.safetensors'])).toBe(true);
  const image = /^ {4}image: (\S+)$/m.exec(out)?.[1] ?? '';
  expect(image).toMatch(new RegExp(`^${registry.address}/models/team/tiny:${hub.commit}@sha256:[0-9a-f]{64}$`));
  expect(registry.manifests.has(`models/team/tiny@${image.split('@')[1]}`)).toBe(true);
  expect(out).toContain('2 files that no engine loads are left out: original/consolidated.00.pth, .gitattributes.');
  // nothing of it stays on this machine
  expect(await readdir(join(folder, 'cache/fairway/weights'))).toEqual(['layers']);
  // what is printed is taken by fairway.yaml
  await service(`reference: hf://team/tiny@${hub.commit}, weights: { from: artifact, image: '${image}' }`);
  expect(JSON.parse(await push('--json'))).toMatchObject({ image, there: true, sent: { layers: 0, bytes: 0 } });
});

test('a second push asks nothing of the hub and sends nothing', async () => {
  await push();
  hub.asked.length = registry.asked.length = 0;
  const out = await push();
  expect(out).toContain('is in the registry already: nothing was sent');
  expect(hub.asked).toEqual([]);
  expect(registry.asked).toEqual([`HEAD /v2/models/team/tiny/manifests/${hub.commit}`]);
});

test('what an interrupted push has sent is neither downloaded nor sent again', async () => {
  await push();
  registry.manifests.clear();
  hub.asked.length = registry.asked.length = 0;
  const out = await push('--json');
  expect(JSON.parse(out)).toMatchObject({ there: false, layers: 1, sent: { layers: 0, bytes: 0 } });
  expect(hub.asked).toEqual([`GET /api/models/team/tiny/revision/${hub.commit}?blobs=true`]);
  expect(registry.asked.filter(request => /^(?:POST|PATCH) .*uploads/.test(request))).toEqual([]);
});

test('a file that is not what its commit has reaches no registry', async () => {
  hub.changed.set('config.json', Buffer.from('{"model_type":"other"}'));
  // git hash-object of both texts
  const hashes = ['{"model_type":"other"}', '{"model_type":"llama"}'].map(input =>
    execFileSync('git', ['hash-object', '--stdin'], { input }).toString().trim(),
  );
  await expect(push()).rejects.toThrow(
    `config.json of hf://team/tiny@${hub.commit} is not what its commit has: its git hash (SHA-1) is ${hashes[0]}, and it must be ${hashes[1]}.`,
  );
  expect(registry.blobs.size + registry.manifests.size).toBe(0);
});

test('a dry run says what would be sent, and sends and writes nothing', async () => {
  const out = await push('--dry-run', '--json');
  expect(JSON.parse(out)).toMatchObject({ there: false, files: 3, layers: 1, sent: { layers: 1, bytes: 600_022 } });
  expect(registry.blobs.size + registry.manifests.size).toBe(0);
  expect((await readdir(folder)).includes('cache')).toBe(false);
});

test('a model in the folder of the service goes up under the digest of its content', async () => {
  await mkdir(join(folder, 'model/Tiny Llama/a'), { recursive: true });
  await writeFile(join(folder, 'model/Tiny Llama/a/model.safetensors'), 'weights');
  await writeFile(join(folder, 'model/Tiny Llama/config.json'), '{}');
  await service('path: model/Tiny Llama');
  hub.asked.length = 0;
  const out = await push('--json');
  const sum = (input: string) => execFileSync('sha256sum', { input }).toString().split(' ')[0]!;
  const tag = sum(`a/model.safetensors\0${sum('weights')}\nconfig.json\0${sum('{}')}\n`);
  expect(JSON.parse(out)).toMatchObject({ tag, revision: `sha256:${tag}`, sent: { layers: 1 } });
  const { layers } = manifestOf(`models/tiny-llama:${tag}`);
  expect(listed(layers[0]!.digest, 'tiny-llama')).toEqual(['a/', 'a/model.safetensors', 'config.json']);
  expect(hub.asked).toEqual([]);
});

test.each([
  [['pull'], 'fairway weights takes push and a service folder; found "pull".'],
  [[], 'fairway weights takes push and a service folder; found nothing.'],
])('fairway weights %j is something to correct', async (words, sentence) => {
  await expect(command(...words)).rejects.toThrow(sentence);
});

test('without a registry it says where one is named, and takes the one of the environment', async () => {
  await expect(command('push', folder)).rejects.toThrow(
    'fairway weights push takes --registry with a registry and a path, such as registry.example.com/models; found none',
  );
  await mkdir(join(folder, 'environments'));
  await writeFile(join(folder, 'environments/test.yaml'), `inputs: { registry: '${registry.address}/ours' }\n`);
  await command('push', folder, '--environment', 'test');
  expect(registry.manifests.has(`ours/team/tiny:${hub.commit}`)).toBe(true);
});

test('a registry that wants a login gets the one that is given', async () => {
  registry.login = 'pusher:secret';
  await expect(push()).rejects.toThrow(/ended with 401/);
  process.env['FAIRWAY_PASSWORD'] = 'secret';
  expect(JSON.parse(await push('--username', 'pusher', '--json'))).toMatchObject({ sent: { layers: 1 } });
});
