import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFileLock } from './file-lock.ts';
import { identify, runs } from './process-identity.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const signal = new AbortController().signal;

test('lets one in at a time and tells the other whom it waits for', async () => {
  const path = join(folder, 'lock');
  const events: string[] = [];
  const inside = Promise.withResolvers<void>();
  const told = Promise.withResolvers<void>();
  const waiting = jest.fn(() => told.resolve());
  const first = withFileLock(path, signal, waiting, async () => {
    events.push('first in');
    inside.resolve();
    await told.promise;
    events.push('first out');
  });
  await inside.promise;
  const second = withFileLock(path, signal, waiting, async () => events.push('second in'));
  await Promise.all([first, second]);
  expect(events).toEqual(['first in', 'first out', 'second in']);
  expect(waiting).toHaveBeenCalledWith(process.pid);
  expect(waiting).toHaveBeenCalledTimes(1);
});

test('takes over the lock of a process that has died', async () => {
  const path = join(folder, 'lock');
  const child = spawn('true');
  const identity = { pid: child.pid, startTime: '1' };
  await once(child, 'exit');
  await writeFile(path, JSON.stringify(identity));
  await expect(withFileLock(path, signal, jest.fn(), async () => 'in')).resolves.toBe('in');
});

test('opens again after a failure', async () => {
  const path = join(folder, 'lock');
  const fails = withFileLock(path, signal, jest.fn(), async () => {
    throw new Error('inside');
  });
  await expect(fails).rejects.toThrow('inside');
  await expect(withFileLock(path, signal, jest.fn(), async () => 'in')).resolves.toBe('in');
});

test('a process is not mistaken for another one with its id', async () => {
  const own = await identify(process.pid);
  expect(own).toBeDefined();
  if (!own) return;
  await expect(runs(own)).resolves.toBe(true);
  await expect(runs({ ...own, startTime: '1' })).resolves.toBe(false);
});
