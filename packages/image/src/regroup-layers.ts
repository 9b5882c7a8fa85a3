import { posix } from 'node:path';
import { writeBlob } from './blobs.ts';
import type { Layout } from './blobs.ts';
import { openLayer } from './layer-writer.ts';
import type { LayerWriter } from './layer-writer.ts';
import { readConfig, readManifest } from './layout.ts';
import type { StoredLayer } from './layers.ts';
import { mediaTypes } from './oci.ts';
import type { Descriptor, ImageConfig, ImageManifest } from './oci.ts';
import { readLayer } from './read-layer.ts';
import type { LayerEntry } from './read-layer.ts';
import { requireSpace } from './space.ts';
import type { Writing } from './space.ts';
import { emptyFile, tarHeader } from './tar.ts';
import type { TarHeader } from './tar.ts';
import { ancestors, requirePlace, visibleEntries } from './visible-entries.ts';
import type { Place, VisibleEntries } from './visible-entries.ts';

export interface RegroupRequest {
  /** Digest of the image's manifest. */
  readonly source: string;
  /** Lowest layers that stay as they are, with their digests. */
  readonly keep: number;
  /** Names of the layers that are made of the others, lowest first. */
  readonly groups: readonly string[];
  /** Number of the group of a path without slashes at its ends. */
  groupOf(path: string): number;
  /** Says of a path of the layers that are made anew whether it is left out. */
  drop(path: string, isFolder: boolean): boolean;
  /** What else is written because of the image, of whose layers those above the lowest `same` are others. */
  beside?(same: number): Promise<readonly Writing[]>;
  readonly signal?: AbortSignal;
}

export interface RegroupedImage {
  readonly manifest: Descriptor;
  /** Those above the layers that `keep` counts, with the name of their group, lowest first. */
  readonly made: readonly { readonly group: string; readonly size: number }[];
  /** Files left out, and their bytes. */
  readonly dropped: { readonly files: number; readonly bytes: number };
}

interface Plan {
  /** Layers that stay as they are, by their number among those above `keep`, with their group. */
  readonly stay: ReadonlyMap<number, number>;
  /** Entries by their place in the source: the names under which each is written, and in which group. */
  readonly writes: ReadonlyMap<Place, { readonly group: number; readonly names: readonly string[] }>;
  /** Headers of what is written without being read: hard links to files of layers that stay, and folders of these. */
  readonly headers: readonly { readonly group: number; readonly header: Buffer }[];
  readonly dropped: RegroupedImage['dropped'];
}

/** Bytes from which a layer is not written again only to be joined with others of its group. */
const large = 16 << 20;

/** The group of what is hidden of the layers that stay. */
const removals = -1;

/**
 * Makes an image whose lowest layers are those of the source and whose others hold what changes together, so that registries and nodes
 * have most of the next version. A large layer that holds one group alone stays as it is: it would be written again for nothing. The
 * configuration, but for the layers, and the files that stay are the same to the byte; the same source always gives the same image.
 * @throws LayoutError when the disk has no room for it
 */
export async function regroupLayers(layout: Layout, request: RegroupRequest): Promise<RegroupedImage> {
  const { groups, keep, signal, source } = request;
  const manifest = await readManifest(layout, source);
  const config = await readConfig(layout, manifest);
  const upper = manifest.layers.slice(keep);
  const visible = await visibleEntries(layout, upper, signal);
  const plan = planOf(visible, upper, request);
  const others = upper.filter((_layer, number) => !plan.stay.has(number));
  const hidden = keep > 0 ? markers(visible) : [];
  const written = { folder: layout.folder, bytes: others.reduce((sum, { size }) => sum + size, 0) };
  const beside = await request.beside?.(keep + (hidden.length > 0 ? 0 : undisturbed(plan)));
  await requireSpace([written, ...(beside ?? [])], 'The smaller image');
  const writers = new Map<number, LayerWriter>();
  const writer = (group: number) => {
    const open = writers.get(group) ?? openLayer(layout, signal);
    writers.set(group, open);
    return open;
  };
  const layers: (StoredLayer & { readonly group: number })[] = [];
  try {
    for (const [number, layer] of upper.entries()) {
      if (plan.stay.has(number)) continue;
      let at = -1;
      const write = async ({ header, content }: LayerEntry) => {
        const wanted = plan.writes.get(`${number}/${++at}`);
        if (!wanted) return;
        const [first = '', ...others] = wanted.names;
        await writer(wanted.group).add(named(header, first), content);
        for (const other of others) await writer(wanted.group).add(tarHeader(header, other, first));
      };
      await readLayer(layout, layer, write, signal);
    }
    for (const { group, header } of plan.headers) await writer(group).add(header);
    // below all others, in a layer of its own: a file that is removed too changes no large layer
    for (const name of hidden) await writer(removals).add(emptyFile(name));
    for (const [number, group] of plan.stay)
      layers.push({ diffId: config.rootfs.diff_ids[keep + number]!, descriptor: upper[number]!, group });
    for (const [group, open] of writers) layers.push({ ...(await open.close()), group });
  } catch (error) {
    for (const open of writers.values()) open.abandon(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  // of a group those that stay are the lower ones, in the order that they had
  const made = layers
    .toSorted((one, other) => one.group - other.group)
    .map(({ group, ...layer }) => ({ ...layer, group: groups[group] ?? 'removed' }));
  const json = (value: object) => [Buffer.from(JSON.stringify(value))];
  const changed: ImageManifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: await writeBlob(layout, mediaTypes.config, json(configOf(config, keep, made)), { signal }),
    layers: [...manifest.layers.slice(0, keep), ...made.map(layer => layer.descriptor)],
  };
  return {
    manifest: await writeBlob(layout, mediaTypes.manifest, json(changed), { signal }),
    made: made.map(({ group, descriptor }) => ({ group, size: descriptor.size })),
    dropped: plan.dropped,
  };
}

/** How many of the layers that stay have below them what they had. */
function undisturbed({ stay, writes, headers }: Plan): number {
  const lowest = Math.min(...[...writes.values(), ...headers].map(({ group }) => group));
  const inOrder = [...stay].toSorted(([a, of], [b, other]) => of - other || a - b);
  const first = inOrder.findIndex(([number, group], at) => number !== at || group > lowest);
  return first < 0 ? inOrder.length : first;
}

function planOf(visible: VisibleEntries, upper: readonly Descriptor[], request: RegroupRequest): Plan {
  const { entries } = visible;
  const { groupOf, drop, keep } = request;
  const names = new Map<Place, string[]>();
  const left = new Map<Place, number>();
  const below: string[] = [];
  for (const [path, entry] of entries) {
    requirePlace(path, entry, keep === 0);
    const folder = entry.header.type === 'directory';
    if (drop(path, folder)) {
      if (entry.place && entry.header.type === 'file') left.set(entry.place, entry.header.size);
    } else if (entry.place) names.set(entry.place, [...(names.get(entry.place) ?? []), path]);
    else below.push(path);
  }
  const stay = new Map<number, number>();
  for (const [number, { size }] of upper.entries()) {
    const group = size < large ? undefined : groupOfAll(number, visible, names, request);
    if (group !== undefined) stay.set(number, group);
  }
  const layerThatStays = (place: Place) => {
    const group = stay.get(Number(place.split('/', 1)[0]));
    return group === undefined ? undefined : levelThatStays(group);
  };
  // all names of a file are in the layer of its bytes
  const level = new Map<string, number>();
  for (const [place, [first, ...others]] of names)
    for (const path of [first!, ...others]) level.set(path, layerThatStays(place) ?? levelOf(groupOf(first!)));
  for (const path of below) level.set(path, levelOf(groupOf(path)));
  // a folder that is missing in a layer is made with rights of its own, which the entry in a higher one sets right
  const raise = (folder: string, to: number) => {
    if (level.has(folder)) level.set(folder, Math.max(level.get(folder)!, to));
  };
  for (const [path, own] of [...level]) for (const folder of ancestors(path)) raise(folder, own);
  for (const [number, group] of stay)
    for (const path of visible.layers[number]!.entries.keys()) raise(path, levelThatStays(group));
  const groupAt = (path: string) => Math.floor(level.get(path)! / 2);
  const writes = new Map<Place, { readonly group: number; readonly names: readonly string[] }>();
  const headers = below.map(path => ({ group: groupAt(path), header: named(entries.get(path)!.header, path) }));
  for (const [place, all] of names) {
    const [path] = all as [string];
    const group = groupAt(path);
    const there = layerThatStays(place);
    if (there === undefined) writes.set(place, { group, names: all });
    else if (level.get(path)! > there) headers.push({ group, header: named(entries.get(path)!.header, path) });
  }
  const lost = [...left].filter(([place]) => !names.has(place));
  return {
    ...{ stay, writes, headers },
    dropped: { files: lost.length, bytes: lost.reduce((sum, [, size]) => sum + size, 0) },
  };
}

/** How high the layer of a group lies that is made, and below it those of the group that stay. */
const levelOf = (group: number) => 2 * group + 1;
const levelThatStays = (group: number) => 2 * group;

/**
 * The group of everything that a layer holds. Undefined where that is several, and where the layer cannot stay as it is: something of it is
 * hidden or left out, or it hides something, or shares a file with another layer.
 */
function groupOfAll(
  number: number,
  { layers, entries }: VisibleEntries,
  names: ReadonlyMap<Place, readonly string[]>,
  { groupOf, drop }: RegroupRequest,
): number | undefined {
  const { entries: own, plain } = layers[number]!;
  if (!plain) return undefined;
  const found = new Set<number>();
  for (const [path, entry] of own) {
    const shown = entries.get(path);
    const folder = entry.header.type === 'directory';
    if (shown === undefined || drop(path, folder)) return undefined;
    if (folder ? shown.header.type !== 'directory' : shown !== entry) return undefined;
    if (folder) continue;
    if (!entry.place?.startsWith(`${number}/`)) return undefined;
    if (!names.get(entry.place)?.every(name => own.has(name))) return undefined;
    found.add(groupOf(path));
  }
  return found.size === 1 ? [...found][0] : undefined;
}

/** Names of what hides files of the layers that stay. */
function markers({ entries, removed, emptied }: VisibleEntries): readonly string[] {
  const hides = (folder: string) =>
    removed.has(folder) || emptied.has(folder) || (entries.get(folder)?.header.type ?? 'directory') !== 'directory';
  const covered = (path: string) => ancestors(path).some(hides);
  return [
    ...[...removed]
      .filter(path => !covered(path))
      .sort()
      .map(path => posix.join(posix.dirname(path), `.wh.${posix.basename(path)}`)),
    ...[...emptied].sort().map(path => posix.join(path, '.wh..wh..opq')),
  ];
}

/** An entry's headers under the name that it is shown by. */
function named(header: TarHeader, path: string): Buffer {
  return tarHeader(header, header.type === 'directory' ? `${path || '.'}/` : path);
}

/** The history has an entry for each layer, so that those of the layers that stay are known among them. */
function configOf(before: ImageConfig, keep: number, made: readonly (StoredLayer & { readonly group: string })[]) {
  const history = before.history ?? [];
  let layers = 0;
  const end = history.findIndex(({ empty_layer: empty }) => !empty && layers++ === keep);
  const own = made.map(({ group }) => ({ created: before.created, created_by: `fairway optimize: ${group}` }));
  return {
    ...before,
    rootfs: {
      type: 'layers',
      diff_ids: [...before.rootfs.diff_ids.slice(0, keep), ...made.map(({ diffId }) => diffId)],
    },
    history: [...(keep > 0 ? history.slice(0, end < 0 ? undefined : end) : []), ...own],
  };
}
