import { join } from 'node:path';
import { downloadImage, openRepository, parseRepository } from '@fairway/clients/registry/index';
import type { ImagePart } from '../parts.ts';
import type { Builder, Versions } from './builder.ts';

/** The archive in the part's folder. */
export const imageArchive = 'image.tar';

/** Pulls a public image by its digest, without credentials, under a name of our own that no registry answers for. */
export async function pullImagePart(part: ImagePart, builder: Builder): Promise<Versions> {
  const [name = '', digest = ''] = part.reference.split('@');
  builder.progress(`pulling ${part.reference}`);
  const image = `localhost/fairway/${part.name}:${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
  await downloadImage(openRepository(parseRepository(name.replace(/:[^:/]+$/, '')), {}, builder.signal), {
    digest,
    architecture: process.arch,
    name: image,
    archive: join(builder.target, imageArchive),
    progress: builder.progress,
  });
  return { image };
}
