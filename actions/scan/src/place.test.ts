import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeInRepository } from './place.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-place-'));
  await mkdir(join(root, 'services/hello'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true }));

test('a folder is found in its repository, in a worktree too, and is nowhere outside of one', async () => {
  await expect(placeInRepository(join(root, 'services/hello'))).resolves.toBe('');
  await mkdir(join(root, '.git'));
  await expect(placeInRepository(root)).resolves.toBe('');
  await expect(placeInRepository(join(root, 'services/hello'))).resolves.toBe('services/hello');
  await writeFile(join(root, 'services/.git'), 'gitdir: elsewhere\n');
  await expect(placeInRepository(join(root, 'services/hello'))).resolves.toBe('hello');
});
