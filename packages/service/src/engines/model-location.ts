import { posix } from 'node:path';
import type { Service } from '../schema.ts';

/** Where the model lies inside the image: `/models/<last part of the path, or the repository's name>`. */
export function modelLocation(service: Service): string {
  const { path, reference } = service.model;
  const name = path === undefined ? (reference ?? '').replace(/@.*$/, '') : posix.normalize(path).replace(/\/$/, '');
  return `/models/${posix.basename(name)}`;
}
