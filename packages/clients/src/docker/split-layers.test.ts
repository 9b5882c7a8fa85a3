import { execFile, spawn } from 'node:child_process';
import { chmod, link, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import { blobPath, openLayout } from '@fairway/image';
import { splitLayers } from './split-layers.ts';

const run = promisify(execFile);
let folder: string;
let files: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-layers-'));
  files = join(folder, 'files');
  await mkdir(files);
});
afterEach(() => rm(folder, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(files, path)), { recursive: true });
  await writeFile(join(files, path), text);
}

async function linked(from: string, to: string): Promise<void> {
  await mkdir(dirname(join(files, to)), { recursive: true });
  await link(join(files, from), join(files, to));
}

/** What GNU tar makes of the files is split, and GNU tar unpacks the layers one over the other. */
async function split(drop: readonly string[], names: readonly string[]) {
  const layout = await openLayout(join(folder, 'layout'));
  const archive = spawn('tar', ['-C', files, '-cf', '-', ...names], { stdio: ['ignore', 'pipe', 'inherit'] });
  const request = {
    source: '',
    name: '',
    tag: '',
    drop: (path: string) => drop.some(prefix => path.startsWith(prefix)),
    apart: 'models',
  };
  // a process that ends throws away what nobody reads yet
  const result = await splitLayers(archive.stdout.pipe(new PassThrough()), new Date(0), request, layout);
  const out = join(folder, 'out');
  await mkdir(out);
  for (const layer of result.layers) await run('tar', ['-C', out, '-xzf', blobPath(layout, layer.descriptor.digest)]);
  return { out, result };
}

test('hard links survive when the name that holds the bytes is left out, as of a uv cache', async () => {
  await write('cache/archive/a.py', 'print(1)');
  await write('cache/archive/empty.py', '');
  await write('cache/only.bin', '12345');
  await linked('cache/archive/a.py', 'site-packages/a.py');
  await linked('cache/archive/a.py', 'venv/a.py');
  await linked('cache/archive/empty.py', 'site-packages/empty.py');
  await chmod(join(files, 'site-packages/a.py'), 0o750);
  await symlink('a.py', join(files, 'site-packages/b.py'));
  const { out, result } = await split(['cache/'], ['cache', 'site-packages', 'venv']);
  expect(await readFile(join(out, 'site-packages/a.py'), 'utf8')).toBe('print(1)');
  expect(await readFile(join(out, 'site-packages/b.py'), 'utf8')).toBe('print(1)');
  expect(await readFile(join(out, 'site-packages/empty.py'), 'utf8')).toBe('');
  const [first, second] = await Promise.all(['site-packages/a.py', 'venv/a.py'].map(path => stat(join(out, path))));
  expect(second?.ino).toBe(first?.ino);
  expect(first!.mode & 0o777).toBe(0o750);
  await expect(stat(join(out, 'cache/only.bin'))).rejects.toThrow('ENOENT');
  // the bytes that another name took over are not saved
  expect(result.dropped).toEqual({ files: 1, bytes: 5 });
});

test.each([
  ['into the other layer', ['lib', 'models']],
  ['out of the other layer', ['models', 'lib']],
])('a hard link %s stays one file', async (_name, names) => {
  await write('lib/tokenizer.json', '{}');
  await linked('lib/tokenizer.json', 'models/tokenizer.json');
  await write('models/weights', 'w');
  const { out, result } = await split([], names);
  expect(result.layers).toHaveLength(2);
  const [first, second] = await Promise.all(
    ['lib/tokenizer.json', 'models/tokenizer.json'].map(path => stat(join(out, path))),
  );
  expect(second?.ino).toBe(first?.ino);
  expect(await readFile(join(out, 'models/weights'), 'utf8')).toBe('w');
});
