import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { EngineName } from '@fairway/service';
import { tinyService } from '../../../test/fixtures/service.ts';
import { programChecks } from './program-checks.ts';
import { compared } from './programs.ts';

jest.setTimeout(120_000);

/** Engines as their projects read arguments: vLLM and SGLang by argparse, Transformers 5 by typer, whose parser is that of click. */
const argparse = `import argparse
def main():
    parser = argparse.ArgumentParser()
    serve = parser.add_subparsers(dest="command").add_parser("serve")
    serve.add_argument("model")
    serve.add_argument("--served-model-name")
    serve.add_argument("--host")
    serve.add_argument("--port", type=int)
    serve.add_argument("--max-model-len", type=int)
    serve.add_argument("--max-num-seqs", type=int)
    parser.parse_args()
    raise SystemExit("it began to load the model")
`;
const entrypoints = 'import vllm.native\n';

let root: string;
let packages: string;
let python: string;

const script = (name: string, content: string) =>
  writeFile(join(root, name), content).then(() => chmod(join(root, name), 0o755));

async function dist(name: string, version: string, ...requires: string[]): Promise<void> {
  const info = join(packages, `${name}-${version}.dist-info`);
  await mkdir(info, { recursive: true });
  const lines = requires.map(each => `Requires-Dist: ${each}\n`).join('');
  await writeFile(join(info, 'METADATA'), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${lines}`);
}

async function ran(program: string, given: readonly string[]) {
  const child = spawn(program, given, {
    env: { ...process.env, PATH: `${root}:${process.env['PATH']}`, PYTHONPATH: packages },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number>(resolve => child.on('close', code => resolve(code ?? -1)));
  const lines = (await Promise.all([text(child.stdout), text(child.stderr)])).join('\n').split('\n');
  return { exitCode: await ended, lines: lines.filter(line => line.trim() !== '') };
}

const run = (command: readonly string[]) => ran(command[0]!, command.slice(1));

function commandOf(engine: EngineName, name: string, given: string[] = []) {
  const check = programChecks(tinyService({ engine: { name: engine, arguments: given } })).find(
    each => each.name === name,
  );
  return check?.command ?? [];
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-checks-'));
  packages = join(root, 'site-packages');
  python = (await ran('python3', ['-c', 'import sys; print(sys.executable)'])).lines[0]!;
  await mkdir(join(packages, 'vllm/entrypoints/openai'), { recursive: true });
  await writeFile(join(packages, 'vllm/__init__.py'), '__version__ = "0.32.0"\n');
  await writeFile(join(packages, 'vllm/native.py'), '');
  await writeFile(join(packages, 'vllm/cli.py'), argparse);
  await writeFile(join(packages, 'vllm/entrypoints/openai/api_server.py'), entrypoints);
  await script('vllm', `#!${python}\nfrom vllm.cli import main\nmain()\n`);
});
afterEach(() => rm(root, { recursive: true }));

describe('an engine in Python', () => {
  test('reads its arguments, and does not begin to serve', async () => {
    expect(await run(commandOf('vllm', 'the engine reads its arguments'))).toEqual({ exitCode: 0, lines: [] });
  });

  test('whose new version lacks an argument of the service is found out', async () => {
    const command = commandOf('vllm', 'the engine reads its arguments', ['--disable-log-requests']);
    await writeFile(
      join(packages, 'vllm/cli.py'),
      argparse.replace(
        '    parser.parse_args',
        '    serve.add_argument("--disable-log-requests", action="store_true")\n$&',
      ),
    );
    const before = await run(command);
    await writeFile(join(packages, 'vllm/cli.py'), argparse);
    const { before: could, after } = compared(before, await run(command));
    expect(could).toBeUndefined();
    expect(after).toContain('unrecognized arguments: --disable-log-requests');
  });

  test('reads them where its first line looks for the interpreter', async () => {
    await script('vllm', '#!/usr/bin/env python3\nfrom vllm.cli import main\nmain()\n');
    expect(await run(commandOf('vllm', 'the engine reads its arguments'))).toMatchObject({ exitCode: 0 });
  });

  test('that ends before it has read them did not read them', async () => {
    await writeFile(join(packages, 'vllm/cli.py'), 'def main(): pass\n');
    expect(await run(commandOf('vllm', 'the engine reads its arguments'))).toMatchObject({
      exitCode: 1,
      lines: ['it ended before it had read its arguments'],
    });
  });

  test('that is started as a module reads its arguments', async () => {
    await mkdir(join(packages, 'sglang'));
    await writeFile(
      join(packages, 'sglang/launch_server.py'),
      'import argparse\nargparse.ArgumentParser().parse_args([])\nparser = argparse.ArgumentParser()\nparser.add_argument("--model-path")\nparser.parse_args()\n',
    );
    const { exitCode, lines } = await run(commandOf('sglang', 'the engine reads its arguments'));
    expect(exitCode).toBe(2);
    expect(lines.at(-1)).toMatch(/^launch_server\.py: error: unrecognized arguments: --served-model-name tiny --host /);
  });

  test('whose worker has another argument is found out behind the shell that starts it', async () => {
    await mkdir(join(packages, 'fastchat/serve'), { recursive: true });
    await writeFile(
      join(packages, 'fastchat/serve/model_worker.py'),
      'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--model-path")\nparser.parse_args()\n',
    );
    const { lines } = await run(commandOf('fastchat', 'the engine reads its arguments'));
    expect(lines.at(-1)).toContain('unrecognized arguments: --model-names tiny');
  });

  test('whose import fails with what it needs is found out', async () => {
    const command = commandOf('vllm', 'Python imports vllm.entrypoints.openai.api_server');
    const before = await run(command);
    await rm(join(packages, 'vllm/native.py'));
    expect(compared(before, await run(command))).toEqual({
      before: undefined,
      after: expect.stringContaining("No module named 'vllm.native'"),
    });
    expect(await run(commandOf('vllm', 'Python imports vllm'))).toEqual({ exitCode: 0, lines: ['0.32.0'] });
  });

  test('whose packages miss a library that they had is found out, and not one that was always missing', async () => {
    const command = commandOf('vllm', 'every library that Python packages are linked with is there');
    const standard = (await ran('python3', ['-c', 'import _ctypes; print(_ctypes.__file__)'])).lines[0]!;
    const native = await readFile(standard);
    const linkedWith = (name: string, folder: string, library: string) => {
      const bytes = Buffer.from(native.toString('latin1').replaceAll('libc.so.6', library), 'latin1');
      return mkdir(join(packages, folder), { recursive: true }).then(() =>
        writeFile(join(packages, folder, name), bytes),
      );
    };
    await copyFile(standard, join(packages, 'vllm/_C.abi3.so'));
    await linkedWith('_gpu.so', 'vllm', 'libq.so.1');
    const before = await run(command);
    expect(before.exitCode).toBe(0);
    await linkedWith('_gpu-2.so', 'vllm', 'libq.so.1');
    expect(compared(before, await run(command))).toEqual({ before: undefined, after: undefined });
    await linkedWith('_C.abi3.so', 'vllm', 'libw.so.7');
    expect(compared(before, await run(command))).toEqual({ before: undefined, after: 'vllm lacks libw.so.7' });
  });

  test('whose packages no longer fit is found out, and not what did not fit before', async () => {
    const command = commandOf('vllm', 'the Python packages fit one another');
    await dist('gamma', '1.0', 'alpha<1');
    await dist('beta', '1.0', 'alpha<2');
    await dist('alpha', '1.0');
    const before = await run(command);
    await rm(join(packages, 'alpha-1.0.dist-info'), { recursive: true });
    await dist('alpha', '2.0');
    expect(compared(before, await run(command))).toEqual({
      before: undefined,
      after: 'beta 1.0 has requirement alpha<2, but you have alpha 2.0.',
    });
  });
});

test('an argument of a program that is compiled is found out by what the program itself says', async () => {
  // llama-server and text-generation-launcher stop at the first word that they do not know, and at --version
  const words = programChecks(tinyService({ engine: { name: 'llamacpp', arguments: ['--flash-attn', 'on'] } })).find(
    ({ name }) => name === 'the engine reads its arguments',
  )!.command;
  expect(words[0]).toBe('llama-server');
  expect(words.slice(-3)).toEqual(['--flash-attn', 'on', '--version']);
});

test('a program that lacks a library is found out, and one that is a script cannot be looked at', async () => {
  const command = commandOf('llamacpp', 'every library that it is linked with is there');
  const program = join(root, 'llama-server');
  await copyFile('/bin/sh', program);
  const before = await run(command);
  const bytes = (await readFile('/bin/sh')).toString('latin1').replaceAll('libc.so.6', 'libq.so.1');
  await rm(program);
  await writeFile(program, Buffer.from(bytes, 'latin1'), { mode: 0o755 });
  expect(compared(before, await run(command))).toEqual({ before: undefined, after: 'libq.so.1 => not found' });
  await script('llama-server', '#!/bin/sh\n');
  expect((await run(command)).exitCode).toBe(127);
});

test.each<EngineName>(['vllm', 'sglang', 'tgi', 'transformers', 'fastchat', 'llamacpp'])(
  '%s is asked for its arguments, its libraries, and what it imports where that is Python',
  engine => {
    const names = programChecks(tinyService({ engine: { name: engine } })).map(({ name }) => name);
    expect(names).toContain('the engine reads its arguments');
    expect(names.filter(name => name.startsWith('every library')).length).toBeGreaterThan(0);
    expect(names.some(name => name.startsWith('Python imports'))).toBe(engine !== 'llamacpp');
    expect(names.includes('the Python packages fit one another')).toBe(engine !== 'llamacpp');
  },
);
