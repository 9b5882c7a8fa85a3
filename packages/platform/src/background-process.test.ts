import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackgroundProcess } from './background-process.ts';

let folder: string;
let background: BackgroundProcess;

const command = (script: string, key = '1') => ({
  ...{ name: 'example', program: process.execPath, arguments: ['-e', script] },
  ...{ directory: folder, environment: process.env, key },
});
const forever = 'setInterval(() => {}, 1000)';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'background-'));
  background = new BackgroundProcess(folder);
});

afterEach(async () => {
  await background.stop();
  await rm(folder, { recursive: true });
});

test('runs until it is stopped, and is not started twice', async () => {
  expect(await background.start(command(forever))).toBe(true);
  expect(await background.start(command(forever))).toBe(false);
  // who has the folder has the process
  expect(await new BackgroundProcess(folder).running()).toBe(true);
  await background.stop();
  expect(await background.running()).toBe(false);
  await background.stop();
});

test('is started anew when something that decides it has changed', async () => {
  await background.start(command(forever));
  expect(await background.start(command(forever, '2'))).toBe(true);
});

test('an early end is told with the last words', async () => {
  await background.start(command('console.error("no port"); process.exit(3)'));
  while (await background.running()) await sleep(20);
  await expect(background.requireRunning('example')).rejects.toThrow(/an early end.*no port/s);
});

test('a program that is not there is an error', async () => {
  const missing = { ...command(''), program: join(folder, 'missing') };
  await expect(background.start(missing)).rejects.toThrow(/ENOENT/);
});
