import { join, posix } from 'node:path';
import type { Adapter } from '@fairway/service/model-names';
import type { Service } from '@fairway/service/schema';

/** What the engine loads: `/models/<last part of the path, or the repository's name>`, or the repository where it loads from the hub itself. */
export function modelLocation(service: Service): string {
  const { path, reference, weights } = service.model;
  if (weights?.from === 'hub') return pinned(service).repository;
  // a file of a repository lies under its own name, a repository or a folder of it under the repository's
  const file = /@[0-9a-f]{40}\/(.+\.gguf)$/.exec(reference ?? '')?.[1];
  const name =
    path === undefined ? (file ?? (reference ?? '').replace(/@.*$/, '')) : posix.normalize(path).replace(/\/$/, '');
  return `/models/${posix.basename(name)}`;
}

/** Arguments that keep an engine that loads from the hub to the commit of `model.reference`; none for others. */
export function revisionArguments(service: Service): readonly string[] {
  return service.model.weights?.from === 'hub' ? ['--revision', pinned(service).commit] : [];
}

function pinned({ model: { reference = '' } }: Service): { readonly repository: string; readonly commit: string } {
  const [, repository = '', commit = ''] = /^hf:\/\/(.+)@([0-9a-f]{40})$/.exec(reference) ?? [];
  return { repository, commit };
}

/** Folder in the pod over which a volume with the model is mounted: of a model that is one file the one around it. */
export function modelFolder(service: Service): string {
  const location = modelLocation(service);
  return location.endsWith('.gguf') ? posix.dirname(location) : location;
}

/** The folder of an adapter in the pod: beside the model in the image, inside what `model.weights` brings, or where an init container puts it. */
export function adapterLocation(service: Service, adapter: Adapter): string {
  const { path, folder = '', reference } = adapter;
  if (reference !== undefined) return `/adapters/${service.model.adapters?.indexOf(adapter)}`;
  return path === undefined
    ? posix.join(modelFolder(service), folder).replace(/\/$/, '')
    : `/models/${posix.basename(posix.normalize(path))}`;
}

/**
 * The model in the folder of a service whose image has none, for a container on this machine.
 * @param folder of the service
 * @returns undefined when the image has the model, or the folder does not
 */
export function modelBeside(
  service: Service,
  folder: string,
): { readonly host: string; readonly at: string } | undefined {
  const { path, weights } = service.model;
  if (!weights || path === undefined) return undefined;
  return { host: join(folder, path), at: modelLocation(service) };
}
