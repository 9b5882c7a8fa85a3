import { createHash } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ToolError } from '@fairway/clients/tool-error';
import { runCommand } from '../command.ts';
import type { NpmPart } from '../parts.ts';
import type { Builder, Versions } from './builder.ts';

const advice = 'Check that npm reaches its registry (npm ping).';

/** Fetches one package by version and integrity, through the machine's own npm configuration, and unpacks the files that are named. Nothing in it is run. */
export async function buildNpmPart(part: NpmPart, builder: Builder): Promise<Versions> {
  const name = `${part.package}@${part.version}`;
  builder.progress(`fetching ${name}`);
  const { signal } = builder;
  const fetched = await runCommand('npm', ['pack', name, '--ignore-scripts', '--json', '--pack-destination', '.'], {
    cwd: builder.scratch,
    signal,
    advice,
  });
  const [packed] = JSON.parse(fetched) as { filename: string }[];
  // npm names a file of a scope with a slash in some versions and with a hyphen on the disk
  const archive = join(builder.scratch, (packed?.filename ?? '').replace(/^@/, '').replace('/', '-'));
  const found = `sha512-${createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')}`;
  if (found !== part.integrity)
    throw new ToolError(
      'npm',
      `npm pack ${name}`,
      'another checksum',
      `expected ${part.integrity}, got ${found}`,
      'Do not use this registry.',
    );
  const inside = part.files.map(file => `package/${file}`);
  await runCommand('tar', ['--extract', '--gzip', '--file', archive, '--directory', builder.scratch, ...inside], {
    signal,
  });
  for (const file of part.files) {
    await mkdir(dirname(join(builder.target, file)), { recursive: true });
    await rename(join(builder.scratch, 'package', file), join(builder.target, file));
  }
  return { [part.package]: part.version };
}
