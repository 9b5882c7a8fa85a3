import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ToolError } from '@fairway/clients/tool-error';
import type { ImageFile } from './oci-image.ts';

/**
 * A binary with the libraries that it names.
 * @param root folder of unpacked packages, in which libraries are looked for before the machine's own
 */
export async function withLibraries(program: string, binary: string, root?: string): Promise<readonly ImageFile[]> {
  const libraries = await Promise.all(
    (await librariesOf([binary], root ? await librariesFolders(root) : [])).map(async path => ({
      path: root && path.startsWith(root) ? path.slice(root.length) : path,
      content: await readFile(path),
      executable: true,
    })),
  );
  return [{ path: program, content: { file: binary }, executable: true }, ...libraries];
}

/**
 * The shared libraries that binaries name, the loader among them, as files of this machine.
 * @param folders that are searched before the machine's own
 */
export async function librariesOf(binaries: readonly string[], folders: readonly string[]): Promise<readonly string[]> {
  const env = { ...process.env, LD_LIBRARY_PATH: folders.join(':') };
  const found = new Set<string>();
  for (const binary of binaries) {
    const { stdout } = await promisify(execFile)('ldd', [binary], { env }).catch(
      (error: Error & { code?: number | string; stderr?: string }) => {
        throw new ToolError('ldd', `ldd ${binary}`, error.code, error.stderr ?? error.message, needsGlibc);
      },
    );
    for (const path of librariesIn(stdout, binary)) found.add(path);
  }
  return [...found].sort();
}

const needsGlibc = "The images are made of this machine's own libraries; Envoy needs glibc 2.31 or newer.";

/** Debian keeps libraries in folders by architecture. */
export async function librariesFolders(root: string): Promise<readonly string[]> {
  const folder = join(root, 'usr', 'lib');
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter(entry => entry.isDirectory() && entry.name.endsWith('-linux-gnu'))
    .map(({ name }) => join(folder, name));
}

/** @throws ToolError when the loader does not find one of them */
export function librariesIn(output: string, binary: string): readonly string[] {
  const paths: string[] = [];
  for (const line of output.split('\n')) {
    if (line.includes('not found')) throw new ToolError('ldd', `ldd ${binary}`, undefined, line.trim(), needsGlibc);
    const path = /(?:=>\s*)?(\/\S+)\s+\(0x/.exec(line)?.[1];
    if (path) paths.push(path);
  }
  return paths;
}
