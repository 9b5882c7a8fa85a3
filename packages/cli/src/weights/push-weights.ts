import {
  hasBlob,
  headManifest,
  manifestTypes,
  putBlob,
  tagManifest,
  uploadBlob,
} from '@fairway/clients/registry/index';
import type { Descriptor, RegistryClient } from '@fairway/clients/registry/index';
import { mediaTypes } from '@fairway/image';
import { layersOf } from './layers.ts';
import type { ModelFile } from './layers.ts';
import type { WeightsSource } from './source.ts';

export interface PushWeights {
  /** Says what would be sent, and sends nothing. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

export interface PushedWeights {
  /** Of the manifest; undefined in a dry run of what the registry lacks. */
  readonly digest?: string;
  /** Whether the registry had all of it before. */
  readonly there: boolean;
  /** Of the model, where they were asked for. */
  readonly files?: number;
  readonly bytes?: number;
  /** Files that no engine loads and that were left out. */
  readonly left?: readonly string[];
  readonly layers?: number;
  /** Layers that the registry lacked, and their bytes. */
  readonly sent: { readonly layers: number; readonly bytes: number };
}

/**
 * Pushes a model as an image of nothing but its files: layers that are not compressed, which weights do not profit from, under a tag that is made of
 * the revision. What the registry has is not sent, so a push that broke off goes on.
 * @throws ToolError for a registry that does not take it; ConfigurationError for a hub that does not give it, or gives something else
 */
export async function pushWeights(
  client: RegistryClient,
  source: WeightsSource,
  { dryRun, signal, progress }: PushWeights,
): Promise<PushedWeights> {
  const { tag } = source;
  progress(`asking the registry for ${tag.slice(0, 12)}`);
  const found = await headManifest(client, tag);
  if (found) return { digest: found.digest, there: true, sent: { layers: 0, bytes: 0 } };
  const { files, left } = await source.files();
  const layers = layersOf(files);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const facts = { there: false, files: files.length, bytes, left: left.map(({ path }) => path), layers: layers.length };
  const sent = { layers: 0, bytes: 0 };
  const descriptors: Descriptor[] = [];
  for (const [at, layer] of layers.entries()) {
    const subject = `${at + 1} of ${layers.length} layers, ${named(layer)}`;
    const known = await source.known(layer);
    if (known && (await hasBlob(client, known.digest))) {
      descriptors.push(known);
      progress(`${subject}: in the registry`);
      continue;
    }
    if (dryRun) {
      sent.layers++;
      sent.bytes += sizeOf(layer);
      continue;
    }
    const doing = { what: '', bytes: 0 };
    const passed = (what: string, part: number) => {
      if (doing.what !== what) Object.assign(doing, { what, bytes: 0 });
      doing.bytes += part;
      progress(`${subject}: ${what} ${gigabytes(doing.bytes)} of ${gigabytes(sizeOf(layer))} GB`);
    };
    const ready = await source.ready(layer, { signal, passed });
    const reader = ready.layer.reader();
    try {
      const read = async (start: number, end: number) => {
        const part = await reader.read(start, end);
        passed('sending', part.length);
        return part;
      };
      if (await uploadBlob(client, { ...ready.descriptor, read })) {
        sent.layers++;
        sent.bytes += ready.descriptor.size;
      }
    } finally {
      await reader.close();
    }
    await ready.free();
    descriptors.push(ready.descriptor);
  }
  if (dryRun) return { ...facts, sent };
  progress('writing the manifest');
  return { ...facts, digest: await putImage(client, source, descriptors), sent };
}

/** An image as engines and nodes read it. Its layers are the same on every processor, and it is pulled by name and not by platform. */
async function putImage(client: RegistryClient, source: WeightsSource, layers: readonly Descriptor[]): Promise<string> {
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {},
    // what is not compressed has one digest
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestTypes.image,
    config: await putBlob(client, mediaTypes.config, Buffer.from(JSON.stringify(config))),
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    annotations: {
      'org.opencontainers.image.title': source.name,
      'org.opencontainers.image.revision': source.revision,
    },
  };
  const content = Buffer.from(JSON.stringify(manifest));
  return (await tagManifest(client, manifestTypes.image, content, source.tag)).digest;
}

function named(files: readonly ModelFile[]): string {
  return files.length === 1 ? files[0]!.path : `${files.length} files`;
}

function sizeOf(files: readonly ModelFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

export function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(2);
}
