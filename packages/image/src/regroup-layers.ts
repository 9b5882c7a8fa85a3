import { posix } from 'node:path';
import { writeBlob } from './blobs.ts';
import type { Layout } from './blobs.ts';
import { openLayer } from './layer-writer.ts';
import type { LayerWriter } from './layer-writer.ts';
import { readConfig, readManifest } from './layout.ts';
import type { WrittenLayer } from './layers.ts';
import { mediaTypes } from './oci.ts';
import type { Descriptor, ImageConfig, ImageManifest } from './oci.ts';
import { readLayer } from './read-layer.ts';
import type { LayerEntry } from './read-layer.ts';
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
  readonly signal?: AbortSignal;
}

export interface RegroupedImage {
  readonly manifest: Descriptor;
  /** Those that were made, with the name of their group, lowest first. */
  readonly made: readonly { readonly group: string; readonly size: number }[];
  /** Files left out, and their bytes. */
  readonly dropped: { readonly files: number; readonly bytes: number };
}

interface Plan {
  /** Entries by their place in the source: the names under which each is written, and in which group. */
  readonly writes: ReadonlyMap<Place, { readonly group: number; readonly names: readonly string[] }>;
  /** Hard links to files of layers that stay. */
  readonly links: readonly { readonly group: number; readonly path: string; readonly header: TarHeader }[];
  readonly dropped: RegroupedImage['dropped'];
}

/** The group of what is hidden of the layers that stay. */
const removals = -1;

/**
 * Makes an image whose lowest layers are those of the source and whose others hold what changes together, so that registries and nodes
 * have most of the next version. Its configuration, but for the layers, and the files that stay are the same to the byte; the same
 * source always gives the same image.
 */
export async function regroupLayers(layout: Layout, request: RegroupRequest): Promise<RegroupedImage> {
  const { groups, keep, signal, source } = request;
  const manifest = await readManifest(layout, source);
  const config = await readConfig(layout, manifest);
  const upper = manifest.layers.slice(keep);
  const visible = await visibleEntries(layout, upper, signal);
  const plan = planOf(visible, request);
  const writers = new Map<number, LayerWriter>();
  const writer = (group: number) => {
    const open = writers.get(group) ?? openLayer(layout, signal);
    writers.set(group, open);
    return open;
  };
  const made: (WrittenLayer & { readonly group: string })[] = [];
  try {
    for (const [number, layer] of upper.entries()) {
      let at = -1;
      const write = async ({ header, content }: LayerEntry) => {
        const wanted = plan.writes.get(`${number}/${++at}`);
        if (!wanted) return;
        const [first = '', ...others] = wanted.names;
        const name = header.type === 'directory' ? `${first || '.'}/` : first;
        await writer(wanted.group).add(tarHeader(header, name), content);
        for (const other of others) await writer(wanted.group).add(tarHeader(header, other, first));
      };
      await readLayer(layout, layer, write, signal);
    }
    for (const { group, path, header } of plan.links) await writer(group).add(tarHeader(header, path));
    // below all others, in a layer of its own: a file that is removed too changes no large layer
    if (keep > 0) for (const name of markers(visible)) await writer(removals).add(emptyFile(name));
    for (const [at, open] of [...writers].sort(([one], [other]) => one - other))
      made.push({ ...(await open.close()), group: groups[at] ?? 'removed' });
  } catch (error) {
    for (const open of writers.values()) open.abandon(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
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

function planOf({ entries }: VisibleEntries, { groupOf, drop, keep }: RegroupRequest): Plan {
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
  // all names of a file are in the layer of its bytes
  const group = new Map<string, number>();
  for (const [first, ...others] of names.values())
    for (const path of [first!, ...others]) group.set(path, groupOf(first!));
  for (const path of below) group.set(path, groupOf(path));
  // a folder that is missing in a layer is made with rights of its own, which the entry in a higher one sets right
  for (const [path, own] of [...group])
    for (const folder of ancestors(path)) if (group.has(folder)) group.set(folder, Math.max(group.get(folder)!, own));
  const lost = [...left].filter(([place]) => !names.has(place));
  return {
    writes: new Map([...names].map(([place, all]) => [place, { group: group.get(all[0]!)!, names: all }])),
    links: below.map(path => ({ group: group.get(path)!, path, header: entries.get(path)!.header })),
    dropped: { files: lost.length, bytes: lost.reduce((sum, [, size]) => sum + size, 0) },
  };
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

/** The history has an entry for each layer, so that those of the layers that stay are known among them. */
function configOf(before: ImageConfig, keep: number, made: readonly (WrittenLayer & { readonly group: string })[]) {
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
