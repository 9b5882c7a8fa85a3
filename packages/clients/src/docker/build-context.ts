import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import dockerignore from '@balena/dockerignore';
import tar from 'tar-stream';

/** Never part of an image: the delivery's own record and images, and the history of the source. */
const always = ['.fairway', '.git'];

export interface BuildContext {
  /** Paths relative to the context folder, with `/`, sorted. Folders are included, so that empty ones reach the build. */
  readonly paths: readonly string[];
  /** `sha256:<hex>` of the archive. */
  digest(signal?: AbortSignal): Promise<string>;
  /** The context as a tar archive: same files, same bytes, whoever owns them and whenever they were written. */
  archive(): Readable;
}

/**
 * The files of `folder` that take part in a build: .dockerignore (or `<dockerfile>.dockerignore`, which comes first as in
 * Docker's client) is honoured; the Dockerfile itself always takes part.
 * @param leftOut more paths that take no part
 */
export async function buildContext(
  folder: string,
  dockerfile: string,
  leftOut: readonly string[] = [],
): Promise<BuildContext> {
  const rules =
    (await textOf(join(folder, `${dockerfile}.dockerignore`))) ?? (await textOf(join(folder, '.dockerignore'))) ?? '';
  const ignored = dockerignore
    .default({ ignorecase: false })
    .add([...rules.split(/\r?\n/), ...always.map(name => `**/${name}`), ...leftOut, `!${dockerfile}`]);
  const reopened = /^\s*!/m.test(rules);
  const paths: string[] = [];
  const walk = async (at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true });
    for (const entry of entries) {
      const full = join(at, entry.name);
      const path = relative(folder, full).split(sep).join('/');
      if (always.includes(entry.name)) continue;
      const takesPart = !ignored.ignores(path);
      if (takesPart) paths.push(path);
      // an ignored folder can hold a file that a later "!" rule takes back in, or the Dockerfile
      if (entry.isDirectory() && (takesPart || reopened || dockerfile.startsWith(`${path}/`))) await walk(full);
    }
  };
  await walk(folder);
  paths.sort();
  return {
    paths,
    archive: () => archive(folder, paths),
    async digest(signal) {
      const hash = createHash('sha256');
      await pipeline(archive(folder, paths), hash, { signal });
      return `sha256:${hash.digest('hex')}`;
    },
  };
}

function archive(folder: string, paths: readonly string[]): Readable {
  const pack = tar.pack();
  const fill = async (): Promise<void> => {
    for (const path of paths) {
      const full = join(folder, path);
      const found = await lstat(full);
      const common = { name: path, mtime: new Date(0), uid: 0, gid: 0 };
      if (found.isSymbolicLink()) {
        pack.entry({ ...common, type: 'symlink', linkname: await readlink(full), mode: 0o777 });
      } else if (found.isDirectory()) {
        pack.entry({ ...common, type: 'directory', mode: 0o755 });
      } else if (found.isFile()) {
        // only the owner's execute bit is kept, as git does: umasks of two machines must not make two images
        const entry = pack.entry({
          ...common,
          type: 'file',
          size: found.size,
          mode: found.mode & 0o100 ? 0o755 : 0o644,
        });
        await pipeline(createReadStream(full), entry);
      }
    }
    pack.finalize();
  };
  fill().catch((error: unknown) => pack.destroy(error instanceof Error ? error : new Error(String(error))));
  return pack as unknown as Readable;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
