import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import tar from 'tar-stream';
import { buildContext } from './build-context.ts';
import { digestOf } from '../registry/content.ts';
import { newFolder } from '../../../../test/fixtures/new-folder.ts';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = newFolder();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  [
    'everything but the record and git',
    { Dockerfile: '', 'a/b': '', '.fairway/delivery.json': '', 'a/.fairway/x': '', 'a/.git/x': '' },
    ['Dockerfile', 'a', 'a/b'],
  ],
  [
    'without what .dockerignore names',
    { Dockerfile: '', '.dockerignore': 'a\n*.log\n', 'a/b': '', 'x.log': '' },
    ['.dockerignore', 'Dockerfile'],
  ],
  [
    'with what it takes back in',
    { Dockerfile: '', '.dockerignore': '*\n!model/*.gguf\n', 'model/x.gguf': '', 'model/y': '' },
    ['Dockerfile', 'model/x.gguf'],
  ],
  [
    'always with the Dockerfile',
    { 'docker/Dockerfile': '', '.dockerignore': 'docker\n' },
    ['.dockerignore', 'docker/Dockerfile'],
  ],
  [
    "the Dockerfile's own list before the general one",
    { Dockerfile: '', 'Dockerfile.dockerignore': 'a\n', '.dockerignore': 'b\n', a: '', b: '' },
    ['.dockerignore', 'Dockerfile', 'Dockerfile.dockerignore', 'b'],
  ],
  // as patternmatcher 0.6.0 of Moby takes them
  [
    'capital and small letters apart',
    { Dockerfile: '', '.dockerignore': 'makefile\n[a-m]*\n', Makefile: '', makefile: '', abc: '' },
    ['.dockerignore', 'Dockerfile', 'Makefile'],
  ],
])('%s', async (_name, files, expected) => {
  const folder = await folderWith(files);
  const dockerfile = 'Dockerfile' in files ? 'Dockerfile' : 'docker/Dockerfile';
  expect((await buildContext(folder, dockerfile)).paths).toEqual(expected);
});

async function archived(folder: string): Promise<{ digest: string; entries: object[] }> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await buildContext(folder, 'Dockerfile')).archive()) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const extract = tar.extract();
  extract.end(bytes);
  const entries: object[] = [];
  for await (const entry of extract) {
    const { name, type, mode, linkname, size } = entry.header;
    entries.push({ name, type, mode, linkname, size });
    entry.resume();
  }
  return { digest: digestOf(bytes), entries };
}

test('the archive is the same whoever wrote the files and when', async () => {
  const make = async () => {
    const folder = await folderWith({ Dockerfile: 'FROM a', 'run.sh': 'x', empty: '' });
    await symlink('run.sh', join(folder, 'link'));
    return folder;
  };
  const [one, other] = [await make(), await make()];
  await chmod(join(one, 'run.sh'), 0o755);
  await chmod(join(other, 'run.sh'), 0o700);
  await chmod(join(other, 'Dockerfile'), 0o600);
  const first = await archived(one);
  expect(first.entries).toEqual([
    { name: 'Dockerfile', type: 'file', mode: 0o644, linkname: null, size: 6 },
    { name: 'empty', type: 'file', mode: 0o644, linkname: null, size: 0 },
    { name: 'link', type: 'symlink', mode: 0o777, linkname: 'run.sh', size: 0 },
    { name: 'run.sh', type: 'file', mode: 0o755, linkname: null, size: 1 },
  ]);
  expect((await archived(other)).digest).toBe(first.digest);
  expect(await (await buildContext(one, 'Dockerfile')).digest()).toBe(first.digest);
});

test('what is left out is not sent and changes nothing', async () => {
  const folder = await folderWith({ Dockerfile: 'FROM a', 'fairway.yaml': 'a' });
  const context = () => buildContext(folder, 'Dockerfile', ['fairway.yaml']);
  const before = await context();
  expect(before.paths).toEqual(['Dockerfile']);
  await writeFile(join(folder, 'fairway.yaml'), 'b');
  expect(await (await context()).digest()).toBe(await before.digest());
  await writeFile(join(folder, 'more'), '');
  expect(await (await context()).digest()).not.toBe(await before.digest());
});
