import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, connectDocker, removeImage, runOnce } from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { checkPrograms } from '../../actions/remediate/src/programs.ts';
import { weakerProof } from '../../actions/remediate/src/prove.ts';
import { tinyService } from '../fixtures/service.ts';
import { baseImage, platform } from './platform.ts';

jest.setTimeout(300_000);

const good = `fairway-programs:${process.pid}`;
const broken = `${good}-broken`;
const signal = new AbortController().signal;
let engine: DockerEngine;
let folder: string;

/** A program that is linked with a library stands for the engine. */
beforeAll(async () => {
  engine = await connectDocker(platform.docker.host);
  folder = await mkdtemp(join(tmpdir(), 'fairway-programs-'));
  const build = async (tag: string, more: string) => {
    const lines = [
      `FROM ${baseImage}`,
      'RUN cp /usr/bin/grep /usr/local/bin/llama-server',
      more,
      'USER 65532:65532',
      '',
    ];
    await writeFile(join(folder, 'Dockerfile'), lines.join('\n'));
    await buildImage(engine, { context: folder, dockerfile: 'Dockerfile', tag });
  };
  await build(good, '');
  await build(broken, 'RUN rm /usr/lib/*/libpcre2-8.so.0* || rm /lib/*/libpcre2-8.so.0*');
});

afterAll(async () => {
  for (const tag of [good, broken]) await removeImage(engine, tag);
  await rm(folder, { recursive: true });
});

test('an image whose library a patch took away is found out without starting its engine', async () => {
  const service = tinyService();
  const checked = await checkPrograms(engine, { before: good, after: broken }, service, signal);
  const lacking = { before: undefined, after: expect.stringContaining('libpcre2-8.so.0') };
  expect(checked).toEqual([
    { name: 'the engine says its version', ...lacking },
    // grep has no --model, in either image
    { name: 'the engine reads its arguments', before: expect.any(String), after: expect.any(String) },
    { name: 'every library that it is linked with is there', ...lacking },
  ]);
  expect(weakerProof(checked, reasonOf('smoke.noGpu')).verdict).toBe('fail');
  const same = await checkPrograms(engine, { before: good, after: good }, service, signal);
  expect(weakerProof(same, reasonOf('smoke.noGpu')).verdict).toBe('pass');
});

test('a program that is not there, one that is denied, and one that does not end', async () => {
  const run = (...command: [string, ...string[]]) => runOnce(engine, { image: good, command, timeout: 3000, signal });
  expect(await run('vllm', '--version')).toMatchObject({ exitCode: 127 });
  expect(await run('sh', '-c', 'echo x > /usr/x')).toMatchObject({ exitCode: expect.any(Number) });
  expect((await run('sh', '-c', 'echo x > /usr/x')).lines.join(' ')).toMatch(/Read-only file system|Permission denied/);
  expect(await run('sleep', '600')).toMatchObject({ exitCode: 137 });
});
