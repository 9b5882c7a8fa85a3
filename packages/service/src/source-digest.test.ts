import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sourceDigest } from './source-digest.ts';
import { sourceFiles } from './source-files.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-source-'))));
afterEach(() => rm(folder, { recursive: true }));

async function put(path: string, content = path): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

async function paths(): Promise<string[]> {
  return (await sourceFiles(folder)).map(file => file.path);
}

const tree = [
  'Dockerfile',
  'fairway.yaml',
  'log/a.log',
  'log/keep.log',
  'src/log/a.log',
  'src/main.py',
  'model/tiny.gguf',
];

test.each([
  ['nothing', '', tree],
  ['a folder at the root only', 'log', tree.filter(path => !path.startsWith('log/'))],
  ['with a slash at either end', '/log/', tree.filter(path => !path.startsWith('log/'))],
  ['at any depth', '**/*.log', tree.filter(path => !path.endsWith('.log'))],
  ['a folder but for a file in it', 'log\n!log/keep.log', tree.filter(path => path !== 'log/a.log')],
  ['what a later line takes out again', 'log\n!log/keep.log\nlog/*', tree.filter(path => !path.startsWith('log/'))],
  ['everything but the Dockerfile and fairway.yaml', '# all\n*', ['Dockerfile', 'fairway.yaml']],
  // docs.docker.com, "Build context": for historical reasons, the pattern . is ignored; moby/patternmatcher has no path for a slash either
  ['nothing by a dot or a slash alone', '.\n./\n/', tree],
])('.dockerignore leaves out %s', async (_name, rules, expected) => {
  for (const path of tree) await put(path);
  await put('.dockerignore', rules);
  expect(await paths()).toEqual(['.dockerignore', ...expected].toSorted());
});

// docs.docker.com, "Build context": the one beside the Dockerfile takes precedence
test('the .dockerignore of another Dockerfile is the one that counts', async () => {
  for (const path of ['docker/serve.Dockerfile', 'src/main.py', 'notes.md']) await put(path);
  await put('fairway.yaml', 'build: { dockerfile: ./docker/serve.Dockerfile }');
  await put('.dockerignore', 'src');
  await put('docker/serve.Dockerfile.dockerignore', '*\n!src');
  expect(await paths()).toEqual([
    ...['.dockerignore', 'docker/serve.Dockerfile', 'docker/serve.Dockerfile.dockerignore'],
    ...['fairway.yaml', 'src/main.py'],
  ]);
});

test('a name that is not UTF-8 is said, unless Docker does not get the file', async () => {
  await put('Dockerfile');
  await writeFile(Buffer.from(join(folder, 'caf\xe9'), 'latin1'), '');
  await expect(sourceDigest(folder)).rejects.toThrow(
    `The name of "caf\uFFFD" in ${folder} is not UTF-8. Rename the file, or leave it out by .dockerignore.`,
  );
  await put('.dockerignore', 'caf*');
  expect(await paths()).toEqual(['.dockerignore', 'Dockerfile']);
});

test('never takes .git and .fairway, and does not follow .gitignore, which Docker does not', async () => {
  await put('.git/HEAD');
  await put('.fairway/delivery.json');
  await put('vendor/tool/.git/index');
  await put('.gitignore', 'secret.env');
  await put('secret.env');
  expect(await paths()).toEqual(['.gitignore', 'secret.env']);
});

test('the digest is that of the content, wherever the folder lies', async () => {
  await put('b', '1');
  await put('a/c', '2');
  await chmod(join(folder, 'b'), 0o644);
  await chmod(join(folder, 'a/c'), 0o644);
  expect(await sourceDigest(folder)).toBe('sha256:7baa60f449086a4ebb5ab620b41bf18a0de254761a5f81845e53b01506330a04');
});

test.each<[string, () => Promise<void>]>([
  ['content', () => put('a', '2')],
  ['permission', () => chmod(join(folder, 'a'), 0o755)],
  ['name', () => put('b', '1')],
  ['link', () => symlink('a', join(folder, 'l'))],
])('another %s gives another digest', async (_name, change) => {
  await put('a', '1');
  await chmod(join(folder, 'a'), 0o644);
  const before = await sourceDigest(folder);
  expect(await sourceDigest(folder)).toBe(before);
  await change();
  expect(await sourceDigest(folder)).not.toBe(before);
});
