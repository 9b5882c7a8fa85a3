import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages of a lock file that a machine without a GPU has no use for: 4 GB of them. */
const forGpus = /^(nvidia-|cuda-|triton==)/;

/**
 * Changes a copy of an example so that it builds where only package registries answer and no GPU is: the lock without CUDA, and torch as
 * PyPI has it made to work without. An image for production takes torch's own build for CPUs, of an index that is not reached here.
 * @param further lines of the stage that installs packages
 */
export async function buildWithoutGpus(folder: string, further: readonly string[] = []): Promise<void> {
  const lock = join(folder, 'requirements.txt');
  await writeFile(lock, withoutGpuPackages(await readFile(lock, 'utf8')));
  const script = 'torch-without-cuda.py';
  await copyFile(join(import.meta.dirname, script), join(folder, script));
  const ignored = join(folder, '.dockerignore');
  await writeFile(ignored, `${await readFile(ignored, 'utf8')}!${script}\n`);
  const dockerfile = join(folder, 'Dockerfile');
  const [packages, image, ...more] = (await readFile(dockerfile, 'utf8')).split('\nFROM python\n');
  if (image === undefined || more.length > 0)
    throw new Error(`${dockerfile} has no last stage "FROM python", before which torch is changed.`);
  const change = [
    `COPY ${script} ./`,
    'RUN apt-get install --yes --no-install-recommends binutils gcc libc6-dev \\',
    ` && python3 ${script} /opt/engine`,
    ...further,
    '',
  ].join('\n');
  await writeFile(dockerfile, `${packages}${change}\nFROM python\n${image}`);
}

/** @param lock as `uv pip compile --generate-hashes` writes it: a package at the left, its hashes indented below */
function withoutGpuPackages(lock: string): string {
  let kept = true;
  const lines = lock.split('\n').filter(line => {
    if (/^\S/.test(line)) kept = !forGpus.test(line);
    return kept;
  });
  return lines.join('\n');
}
