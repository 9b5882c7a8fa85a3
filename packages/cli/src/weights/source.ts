import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hubDownload } from '@fairway/clients/hub/index';
import { digestOf } from '@fairway/clients/registry/index';
import type { Descriptor } from '@fairway/clients/registry/index';
import { FilesLayer, requireSpace } from '@fairway/image';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { fileDigest } from '@fairway/service/file-digest';
import { hubFiles, isUnused, referenceParts } from '@fairway/service/model/hub';
import type { Hub, HubFile } from '@fairway/service/model/hub';
import { localModel } from '@fairway/service/model/local';
import { systemErrorCode } from '@fairway/service/system-error';
import type { Service } from '@fairway/service';
import { downloadFile, sizeOf } from '@fairway/service/model/download';
import type { ModelFile } from './layers.ts';

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Gets what is done with a file and the bytes since it was called last. */
  passed(doing: 'reading' | 'downloading', bytes: number): void;
}

/** A layer whose files lie on this machine. */
export interface ReadyLayer {
  readonly descriptor: Descriptor;
  readonly layer: FilesLayer;
  /** Frees what was written for it. */
  free(): Promise<void>;
}

/** The model that is pushed. */
export interface WeightsSource {
  /** How the model is named to people. */
  readonly name: string;
  /** Below the registry. */
  readonly repository: string;
  readonly revision: string;
  /** Made of the revision and of what is taken of it. */
  readonly tag: string;
  /** The files, without those that no engine loads; asked for only where they are needed. */
  files(): Promise<{ readonly files: readonly ModelFile[]; readonly left: readonly ModelFile[] }>;
  /** What a layer is, where an earlier run has noted it. */
  known(files: readonly ModelFile[]): Promise<Descriptor | undefined>;
  ready(files: readonly ModelFile[], options: ReadOptions): Promise<ReadyLayer>;
}

/** A model in the folder of a service. Its revision is the digest of its content, as `prepare` has it. */
export async function localSource(path: string, shown: string, options: ReadOptions): Promise<WeightsSource> {
  const { folder, paths } = await localModel(path);
  const sizes = new Map<string, number>();
  const hash = createHash('sha256');
  for (const file of paths) {
    const { size } = await stat(join(folder, file));
    sizes.set(file, size);
    hash.update(`${file}\0${await fileDigest(join(folder, file), options.signal)}\n`);
    options.passed('reading', size);
  }
  const hex = hash.digest('hex');
  return {
    name: shown,
    repository: repositoryName(basename(path)),
    revision: `sha256:${hex}`,
    tag: hex,
    files: async () => ({ files: paths.map(file => ({ path: file, size: sizes.get(file)! })), left: [] }),
    known: async () => undefined,
    async ready(files, { signal, passed }) {
      const layer = new FilesLayer(files.map(file => ({ ...file, source: join(folder, file.path) })));
      const descriptor = await layer.describe(signal, bytes => passed('reading', bytes));
      return { descriptor, layer, free: async () => undefined };
    },
  };
}

/**
 * A model of a hub at its commit. A file is downloaded when its layer is needed, and lies in the cache until the layer is in the registry.
 * @param cache folder that may hold the largest layer
 */
export function hubSource(reference: string, hub: Omit<Hub, 'fetch'> & Partial<Hub>, cache: string): WeightsSource {
  const { repository, revision, inside } = referenceParts(reference);
  const asked: Hub = { fetch: hubDownload, ...hub };
  const note = (files: readonly ModelFile[]) =>
    join(
      cache,
      'layers',
      createHash('sha256')
        .update(JSON.stringify(files.map(identity)))
        .digest('hex'),
    );
  return {
    name: reference,
    repository: repository.split('/').map(repositoryName).join('/'),
    revision,
    // a part of a commit is another model
    tag: inside === undefined ? revision : `${revision}-${digestOf(inside).slice('sha256:'.length, 19)}`,
    async files() {
      const all = await hubFiles(reference, asked);
      const files = all.filter(file => !isUnused(file));
      if (files.some(({ path }) => /\.(?:safetensors|gguf)$/.test(path))) return { files, left: all.filter(isUnused) };
      throw new ConfigurationError(
        `${reference} holds no weights: neither *.safetensors nor *.gguf is in it. Name a model that has them in model.reference.`,
      );
    },
    async known(files) {
      const text = await readFile(note(files), 'utf8').catch((error: unknown) => {
        if (systemErrorCode(error) === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : (JSON.parse(text) as Descriptor);
    },
    async ready(given, { signal, passed }) {
      const files = given as readonly HubFile[];
      await mkdir(join(cache, 'layers'), { recursive: true });
      const target = ({ hash }: HubFile) => join(cache, `${hash.kind}-${hash.hex}`);
      const bytes = files.reduce((sum, { size }) => sum + size, 0);
      const there = await Promise.all(files.map(file => sizeOf(target(file))));
      await requireSpace(
        [{ folder: cache, bytes: bytes - there.reduce((sum, size) => sum + size, 0) }],
        `Downloading ${files.length === 1 ? files[0]!.path : `${files.length} files`} of ${reference}`,
      );
      for (const file of files)
        await downloadFile(asked, {
          ...{ reference, file, target: target(file), signal },
          passed: part => passed('downloading', part),
        });
      const layer = new FilesLayer(
        files.map(({ path, size, ...file }) => ({ path, size, source: target({ path, size, ...file }) })),
      );
      const descriptor = await layer.describe(signal, part => passed('reading', part));
      // whole or not at all
      await writeFile(`${note(files)}.${process.pid}`, JSON.stringify(descriptor));
      await rename(`${note(files)}.${process.pid}`, note(files));
      const free = async () => {
        for (const file of files) await rm(target(file), { force: true });
      };
      return { descriptor, layer, free };
    },
  };
}

function identity(file: ModelFile): readonly unknown[] {
  return [file.path, file.size, (file as HubFile).hash.hex];
}

/** A name as the distribution specification has it: lower case, and one sign between two words. */
export function repositoryName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, run => (/^(?:\.|_|__|-+)$/.test(run) ? run : '-'))
    .replace(/^[._-]+|[._-]+$/g, '');
}

/** What a service names as its model. */
export async function sourceOf(
  { model }: Service,
  folder: string,
  hub: Omit<Hub, 'fetch'>,
  cache: string,
  options: ReadOptions,
): Promise<WeightsSource> {
  if (model.reference !== undefined) return hubSource(model.reference, hub, cache);
  return localSource(join(folder, model.path ?? ''), model.path ?? '', options);
}
