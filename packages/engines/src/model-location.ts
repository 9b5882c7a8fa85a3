import { posix } from 'node:path';
import type { Service } from '@fairway/service/schema';

/** Where the model lies inside the image: `/models/<last part of the path, or the repository's name>`. */
export function modelLocation(service: Service): string {
  const { path, reference } = service.model;
  // a file of a repository lies under its own name, a repository or a folder of it under the repository's
  const file = /@[0-9a-f]{40}\/(.+\.gguf)$/.exec(reference ?? '')?.[1];
  const name =
    path === undefined ? (file ?? (reference ?? '').replace(/@.*$/, '')) : posix.normalize(path).replace(/\/$/, '');
  return `/models/${posix.basename(name)}`;
}
