import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GoPart } from '../parts.ts';
import { ensureParts, madeParts } from './ensure-parts.ts';

let folder: string;
let part: GoPart;
const signal = new AbortController().signal;
const options = () => ({ folder: join(folder, 'parts'), signal, progress: () => undefined });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-parts-'));
  const source = join(folder, 'greeter');
  await mkdir(source);
  await writeFile(join(source, 'go.mod'), 'module greeter\n\ngo 1.24\n');
  await writeFile(join(source, 'main.go'), 'package main\n\nfunc main() { println("hello") }\n');
  part = { kind: 'go', name: 'greeter', source, links: ['welcomer'] };
});
afterEach(() => rm(folder, { recursive: true }));

async function made(): Promise<string> {
  const path = (await ensureParts([part], options())).get('greeter');
  if (!path) throw new Error('the part was not made');
  return path;
}

test('builds a program, then takes it as it is', async () => {
  const path = await made();
  expect(execFileSync(join(path, 'welcomer'), { stdio: 'pipe' }).toString()).toBe('');
  const before = await stat(join(path, 'greeter'));
  await expect(made()).resolves.toBe(path);
  expect((await stat(join(path, 'greeter'))).ino).toBe(before.ino);
  const manifest = JSON.parse(await readFile(join(path, 'manifest.json'), 'utf8')) as { files: Record<string, string> };
  expect(manifest.files).toEqual({ greeter: expect.stringMatching(/^sha256:/), welcomer: 'link:greeter' });
});

test('makes a part again whose file was changed', async () => {
  const path = await made();
  await appendFile(join(path, 'greeter'), 'something else');
  const { size } = await stat(join(path, 'greeter'));
  await expect(made()).resolves.toBe(path);
  expect((await stat(join(path, 'greeter'))).size).toBeLessThan(size);
});

test('a changed source is another part, a changed test is not', async () => {
  const path = await made();
  await writeFile(join(part.source, 'main_test.go'), 'package main\n');
  expect((await madeParts([{ ...part, packages: 7 }], options().folder)).get('greeter')).toBe(path);
  await writeFile(join(part.source, 'main.go'), 'package main\n\nfunc main() {}\n');
  expect((await madeParts([part], options().folder)).get('greeter')).toBeUndefined();
});

test('a program that does not compile says why, and leaves no part', async () => {
  await writeFile(join(part.source, 'main.go'), 'package main\n\nfunc main() { missing() }\n');
  await expect(made()).rejects.toThrow('undefined: missing');
  expect((await madeParts([part], options().folder)).get('greeter')).toBeUndefined();
});
