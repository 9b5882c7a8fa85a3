import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import type { Layout } from './blobs.ts';
import { LayoutError } from './layout-error.ts';
import type { Descriptor } from './oci.ts';
import { plainPath, readLayer } from './read-layer.ts';
import type { LayerEntry } from './read-layer.ts';
import type { TarHeader } from './tar.ts';

/** Where the bytes of a file are: the number of the layer and of its entry. Names of one file (hard links) have the same place. */
export type Place = `${number}/${number}`;

export interface VisibleEntry {
  readonly header: TarHeader;
  /** The file itself; undefined for a hard link whose file lies in a layer below those that were read. */
  readonly place: Place | undefined;
}

/** What one layer holds. */
export interface LayerContent {
  readonly entries: ReadonlyMap<string, VisibleEntry>;
  /** Whether it hides nothing of layers below, and has no entry twice. */
  readonly plain: boolean;
}

/** What layers show together over those below them. */
export interface VisibleEntries {
  readonly layers: readonly LayerContent[];
  /** By path, without slashes at its ends. */
  readonly entries: ReadonlyMap<string, VisibleEntry>;
  /** What of the layers below is hidden: whole paths, and what lies in folders that are there anew. */
  readonly removed: ReadonlySet<string>;
  readonly emptied: ReadonlySet<string>;
}

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** Reads layers, lowest first, and applies them as the OCI image specification says. */
export async function visibleEntries(
  layout: Layout,
  layers: readonly Descriptor[],
  signal?: AbortSignal,
): Promise<VisibleEntries> {
  const entries = new Map<string, VisibleEntry>();
  /** Paths that were something else than a folder at some time: what lies there in layers below is hidden from then on. */
  const covered = new Set<string>();
  const emptied = new Set<string>();
  const contents: LayerContent[] = [];
  for (const [number, listed] of (await listLayers(layout, layers, signal)).entries()) {
    const own = new Map<string, VisibleEntry>();
    const gone = new Set<string>();
    const cleared = new Set<string>();
    let at = -1;
    const add = ({ header, path }: Listed) => {
      at++;
      const name = posix.basename(path);
      const folder = path.includes('/') ? posix.dirname(path) : '';
      if (name === opaque) return void cleared.add(folder);
      if (name.startsWith(whiteout)) return void gone.add(posix.join(folder, name.slice(whiteout.length)));
      if (header.type !== 'directory') covered.add(path);
      const target = header.type === 'link' ? plainPath(header.linkname) : undefined;
      const place =
        target === undefined ? (`${number}/${at}` as const) : (own.get(target) ?? entries.get(target))?.place;
      own.set(path, { header, place });
    };
    for (const entry of listed) add(entry);
    const hides = (path: string) => gone.has(path) || (own.has(path) && own.get(path)?.header.type !== 'directory');
    for (const path of entries.keys())
      if (hides(path) || ancestors(path).some(folder => hides(folder) || cleared.has(folder))) entries.delete(path);
    contents.push({ entries: own, plain: own.size === at + 1 });
    for (const path of gone) covered.add(path);
    for (const path of cleared) emptied.add(path);
    for (const [path, entry] of own) entries.set(path, entry);
  }
  const folders = [...covered].filter(path => entries.get(path)?.header.type === 'directory');
  return {
    layers: contents,
    entries,
    removed: new Set([...covered].filter(path => !entries.has(path))),
    emptied: new Set([...emptied, ...folders].filter(path => path === '' || entries.has(path))),
  };
}

type Listed = Pick<LayerEntry, 'header' | 'path'>;

/** Reads what layers hold, as many at the same time as there are processors. */
async function listLayers(
  layout: Layout,
  layers: readonly Descriptor[],
  signal: AbortSignal | undefined,
): Promise<readonly (readonly Listed[])[]> {
  const listed: Listed[][] = layers.map(() => []);
  const queue = layers.entries();
  const read = async () => {
    for (const [number, layer] of queue)
      await readLayer(layout, layer, ({ header, path }) => void listed[number]!.push({ header, path }), signal);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, read));
  return listed;
}

/** The folders above a path, the nearest first, the root last. */
export function ancestors(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) found.push(path.slice(0, at));
  return path === '' ? [] : [...found, ''];
}

/** @throws LayoutError when the file of a hard link is nowhere */
export function requirePlace(path: string, entry: VisibleEntry, nothingBelow: boolean): void {
  if (entry.place === undefined && nothingBelow)
    throw new LayoutError(`${path} is a hard link to ${entry.header.linkname}, which no layer of the image has.`);
}
