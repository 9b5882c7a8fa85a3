import { cp, symlink } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '@fairway/clients/tool-error';
import { runCommand } from '../command.ts';
import type { GoModulePart, GoPart, ModuleFilesPart } from '../parts.ts';
import type { Builder, Versions } from './builder.ts';

const advice =
  'The programs of the platform are compiled from Go modules: check that Go 1.26.7 or newer is installed, or that GOTOOLCHAIN lets an older one fetch it, and that it reaches its module proxy (go env GOPROXY).';

function environment(mode: 'readonly' | 'mod'): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: `-mod=${mode} -buildvcs=false -trimpath` };
}

/** Compiles one of our programs; its go.sum decides what its modules must be. */
export async function buildGoPart(part: GoPart, builder: Builder): Promise<Versions> {
  const program = part.program ?? part.name;
  await compile(part, part.source, '.', join(builder.target, program), builder);
  for (const link of part.links ?? []) await symlink(program, join(builder.target, link));
  return { go: await goVersion(builder.signal) };
}

/** Compiles a program inside a copy of its own module, after checking the module against the known checksum. */
export async function buildGoModulePart(part: GoModulePart, builder: Builder): Promise<Versions> {
  builder.progress(`fetching ${part.module} ${part.version}`);
  const request = `${part.module}@${part.version}`;
  const module = await downloadModule(request, builder.scratch, builder.signal);
  if (module.Sum !== part.sum)
    throw new ToolError(
      'go',
      `go mod download ${request}`,
      'another checksum',
      `expected ${part.sum}, got ${module.Sum}`,
      'Do not use this module proxy.',
    );
  const source = join(builder.scratch, 'module');
  await cp(module.Dir, source, { recursive: true });
  await runCommand('chmod', ['-R', 'u+w', source], { signal: builder.signal });
  await compile(part, source, part.main, join(builder.target, part.program ?? part.name), builder);
  for (const { from, to } of part.copies ?? []) await cp(join(source, from), join(builder.target, to));
  return { [part.module]: part.version, go: await goVersion(builder.signal) };
}

/** Brings the modules that a program is compiled from, and compiles nothing. */
export async function fetchModules(part: GoPart | GoModulePart, signal: AbortSignal): Promise<void> {
  const [folder, main, tags] =
    part.kind === 'go'
      ? [part.source, '.', []]
      : [(await downloadModule(`${part.module}@${part.version}`, tmpdir(), signal)).Dir, part.main, part.tags ?? []];
  await go(['list', '-deps', '-tags', tags.join(), '-f', '{{.Name}}', main], folder, 'readonly', signal);
}

async function downloadModule(
  request: string,
  cwd: string,
  signal: AbortSignal,
): Promise<{ readonly Dir: string; readonly Sum: string }> {
  return JSON.parse(await go(['mod', 'download', '-json', request], cwd, 'mod', signal)) as {
    Dir: string;
    Sum: string;
  };
}

async function compile(
  part: GoPart | GoModulePart,
  cwd: string,
  main: string,
  output: string,
  builder: Builder,
): Promise<void> {
  let compiled = 0;
  let fetched = 0;
  let told = 0;
  const onErrorLine = (line: string) => {
    if (line.startsWith('go: downloading')) fetched++;
    else compiled++;
    if (Date.now() - told < 1000) return;
    told = Date.now();
    const total = part.packages ? ` of ${Math.max(part.packages, compiled)}` : '';
    builder.progress(compiled === 0 ? `fetching modules (${fetched})` : `compiling ${compiled}${total} packages`);
  };
  builder.progress('compiling');
  const args = [
    'build',
    '-v',
    '-p',
    String(availableParallelism()),
    ...('tags' in part && part.tags ? ['-tags', part.tags.join(',')] : []),
    // what debuggers read is a seventh of the compiler's work, and -w leaves it out of the program anyway
    '-gcflags',
    'all=-dwarf=false',
    '-ldflags',
    `-s -w ${part.ldflags ?? ''}`.trim(),
    '-o',
    output,
    main,
  ];
  // compiling takes minutes: leave the machine usable meanwhile
  await runCommand('nice', ['-n', '10', 'go', ...args], {
    cwd,
    // the compiler collects its garbage less often: 4 % less work for a tenth more memory
    environment: { GOGC: '400', ...environment('readonly') },
    signal: builder.signal,
    onErrorLine,
    advice,
  });
}

/** Copies a folder out of a module, which go.sum vouches for. */
export async function copyModuleFiles(part: ModuleFilesPart, builder: Builder): Promise<Versions> {
  builder.progress(`fetching ${part.module}`);
  const answer = await go(['mod', 'download', '-json', part.module], part.source, 'readonly', builder.signal);
  const { Dir, Version } = JSON.parse(answer) as { Dir: string; Version: string };
  const to = join(builder.target, part.to);
  await cp(join(Dir, part.from), to, { recursive: true });
  // the module cache is read-only, and so would be the copy
  await runCommand('chmod', ['-R', 'u+w', to]);
  return { [part.module]: Version };
}

function go(args: readonly string[], cwd: string, mode: 'readonly' | 'mod', signal: AbortSignal): Promise<string> {
  return runCommand('go', args, { cwd, environment: environment(mode), signal, advice });
}

async function goVersion(signal: AbortSignal): Promise<string> {
  return (await runCommand('go', ['env', 'GOVERSION'], { signal, advice })).trim();
}
