import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDelivery } from './delivery-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('keeps a second delivery of the folder out until it is given back', async () => {
  const unlock = await lockDelivery(folder);
  await expect(lockDelivery(folder)).rejects.toThrow(`is running as process ${process.pid}`);
  await unlock();
  await (
    await lockDelivery(folder)
  )();
});

it('takes over the lock of a process that is gone', async () => {
  const { pid } = spawnSync('true');
  await mkdir(join(folder, '.fairway'));
  await writeFile(join(folder, '.fairway/lock'), String(pid));
  await (
    await lockDelivery(folder)
  )();
});
