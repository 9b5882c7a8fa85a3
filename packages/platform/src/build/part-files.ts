import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What stands in a folder: path → "sha256:…" of a file or "link:…" of a symbolic link. */
export type FileList = Readonly<Record<string, string>>;

/** @param without paths below the folder that do not count */
export async function listFiles(folder: string, without: (path: string) => boolean = () => false): Promise<FileList> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: [string, string][] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const relative = path.slice(folder.length + 1);
    if (without(relative)) continue;
    if (entry.isSymbolicLink()) found.push([relative, `link:${await readlink(path)}`]);
    else if (entry.isFile()) found.push([relative, await sha256(path)]);
  }
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Inode, size and change time of every file: as long as these are the same, so are the contents. */
export async function stampFiles(folder: string): Promise<FileList> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => !entry.isDirectory()).map(entry => join(entry.parentPath, entry.name));
  const stamps = await Promise.all(
    files.sort().map(async path => {
      const { ino, size, ctimeNs } = await lstat(path, { bigint: true });
      return [path.slice(folder.length + 1), `${ino}:${size}:${ctimeNs}`] as const;
    }),
  );
  return Object.fromEntries(stamps);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return `sha256:${hash.digest('hex')}`;
}
