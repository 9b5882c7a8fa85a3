import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { withLibraries } from './libraries.ts';
import type { ImageFile } from './oci-image.ts';

/** The user of the image, by a name: initdb asks for one. */
const users = 'postgres:x:65532:65532::/:/bin/sh\n';

/**
 * PostgreSQL out of Debian's packages: the server, what makes an empty database, its own files, and a shell, which initdb calls too.
 * Without the compiler of queries, which is larger than all the rest.
 * @param folder of the unpacked packages
 */
export async function postgresFiles(folder: string): Promise<readonly ImageFile[]> {
  const releases = await readdir(join(folder, 'usr/lib/postgresql'));
  const release = releases.sort((one, other) => Number(other) - Number(one))[0]!;
  const programs = `/usr/lib/postgresql/${release}/bin`;
  const executables = [`${programs}/postgres`, `${programs}/initdb`];
  const binaries = await Promise.all([
    ...executables.map(async path => withLibraries(path, join(folder, path), folder)),
    withLibraries('/bin/sh', await realpath(join(folder, 'bin/dash')), folder),
    withLibraries('/bin/rm', join(folder, 'bin/rm'), folder),
  ]);
  const modules = await filesBelow(folder, `/usr/lib/postgresql/${release}/lib`, name =>
    /^(?!llvm)[^/]*\.so$/.test(name),
  );
  const own = await filesBelow(folder, `/usr/share/postgresql/${release}`, name => !name.startsWith('man/'));
  const files = [
    ...binaries.flat(),
    ...modules,
    ...own,
    { path: '/etc/passwd', content: Buffer.from(users), executable: false },
  ];
  // the programs share libraries
  return [...new Map(files.map(file => [file.path, file])).values()];
}

async function filesBelow(
  folder: string,
  path: string,
  wanted: (name: string) => boolean,
): Promise<readonly ImageFile[]> {
  const entries = await readdir(join(folder, path), { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length))
    .filter(file => wanted(file.slice(path.length + 1)))
    .map(file => ({ path: file, content: { file: join(folder, file) }, executable: false }));
}
