import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireRegularFile } from './regular-file.ts';
import { loadService } from './service-file.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'fairway-regular-'))));
afterEach(() => rm(folder, { recursive: true }));

test('a file, a link to one, a folder and nothing are for the reader', async () => {
  await writeFile(join(folder, 'file'), 'a');
  await symlink('file', join(folder, 'link'));
  for (const name of ['file', 'link', '.', 'nothing', 'file/below'])
    await expect(requireRegularFile(join(folder, name))).resolves.toBeUndefined();
});

test('a pipe, a link to a device and a socket are named', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await symlink('/dev/zero', join(folder, 'endless'));
  const server = createServer();
  await new Promise<void>(resolve => void server.listen(join(folder, 'socket'), resolve));
  try {
    for (const [name, kind] of [
      ['pipe', 'a pipe'],
      ['endless', 'a device'],
      ['socket', 'a socket'],
    ] as const)
      await expect(requireRegularFile(join(folder, name))).rejects.toThrow(
        `${join(folder, name)} is ${kind}, and only regular files are read.`,
      );
  } finally {
    server.close();
  }
});

test('a description of megabytes is not parsed', async () => {
  const file = join(folder, 'fairway.yaml');
  await writeFile(file, `# ${'x'.repeat(256 * 1024)}`);
  await expect(loadService(folder)).rejects.toThrow(
    `${file} has 257 KiB, and a description has 256 KiB at most. Take out what is no part of it.`,
  );
});

test('a description that is a pipe does not wait for somebody who writes', async () => {
  execFileSync('mkfifo', [join(folder, 'fairway.yaml')]);
  await expect(loadService(folder)).rejects.toThrow('fairway.yaml is a pipe');
});
