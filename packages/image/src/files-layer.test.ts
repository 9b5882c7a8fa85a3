import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FilesLayer } from './files-layer.ts';
import { plainHeader } from './tar.ts';

const run = promisify(execFile);
const { signal } = new AbortController();
let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-files-layer-'))));
afterEach(() => rm(folder, { recursive: true }));

const long = `${'long-name-'.repeat(12)}.json`;
const contents: Readonly<Record<string, string>> = {
  'config.json': '{}',
  // exactly one block, and nothing at all
  'one-block': 'x'.repeat(512),
  empty: '',
  'a/b/größe.txt': 'x'.repeat(700),
  [long]: 'long',
};

async function layerOf(): Promise<FilesLayer> {
  await mkdir(join(folder, 'a/b'), { recursive: true });
  for (const [path, content] of Object.entries(contents)) await writeFile(join(folder, path), content);
  return new FilesLayer(
    Object.entries(contents).map(([path, content]) => ({
      path,
      source: join(folder, path),
      size: Buffer.byteLength(content),
    })),
  );
}

test('GNU tar finds every file with its content, and everybody may read it', async () => {
  const layer = await layerOf();
  const archive = join(folder, 'layer.tar');
  const reader = layer.reader();
  await writeFile(archive, await reader.read(0, layer.size));
  await reader.close();
  const { stdout } = await run('tar', ['-tvf', archive], { env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' } });
  const rows = stdout.trimEnd().split('\n');
  expect(rows).toHaveLength(7);
  for (const row of rows) expect(row).toMatch(/^(?:-rw-r--r--|drwxr-xr-x) 0\/0 +\d+ 1970-01-01 00:00 /);
  const out = join(folder, 'out');
  await mkdir(out);
  await run('tar', ['-xf', archive, '-C', out]);
  for (const [path, content] of Object.entries(contents)) expect(await readFile(join(out, path), 'utf8')).toBe(content);
  // the digest of the whole archive, as another program computes it
  const sum = (await run('sha256sum', [archive])).stdout.split(' ')[0];
  expect(await layer.describe(signal)).toEqual({
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    digest: `sha256:${sum}`,
    size: layer.size,
  });
});

test('any part of the archive can be read alone', async () => {
  const layer = await layerOf();
  const reader = layer.reader();
  const whole = Buffer.from(await reader.read(0, layer.size));
  const parts: Uint8Array[] = [];
  for (let at = 0; at < layer.size; at += 333) parts.push(await reader.read(at, at + 333));
  await reader.close();
  expect(Buffer.concat(parts).equals(whole)).toBe(true);
});

test('a file of more than 8 GiB has its size in the archive', async () => {
  const size = 9 * 2 ** 30 + 5;
  const header = plainHeader('model.gguf', { size });
  const archive = join(folder, 'large.tar');
  await writeFile(archive, header);
  // a hole: nothing is written
  await truncate(archive, header.length + Math.ceil(size / 512) * 512 + 1024);
  const { stdout } = await run('tar', ['-tvf', archive]);
  expect(stdout).toMatch(new RegExp(` ${size} .* model\\.gguf\n$`));
});

test('a file that grows or shrinks meanwhile is said', async () => {
  const layer = await layerOf();
  const file = await open(join(folder, 'one-block'), 'a');
  await file.write('more');
  await file.close();
  await expect(layer.describe(signal)).rejects.toThrow(/one-block was changed while it was read/);
  await truncate(join(folder, 'one-block'), 10);
  const reader = layer.reader();
  await expect(reader.read(0, layer.size)).rejects.toThrow(/one-block was changed while it was read/);
  await reader.close();
});
