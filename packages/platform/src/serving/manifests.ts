import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import type { Image, ImageName } from './images.ts';

/** Values of the `${name}` places in the manifests. */
export type Places = Readonly<Record<string, string | number>>;

/** The cluster-wide parts, which platform teams take over. */
export const platformTemplate = join(import.meta.dirname, '../../../../templates/inference-platform');

/** Reads one of the files of the template, with its places filled in and its images named as they were built. */
export async function manifest(
  file: string,
  images: Readonly<Record<ImageName, Image>>,
  places: Places = {},
): Promise<readonly KubernetesObject[]> {
  const text = await readFile(join(platformTemplate, file), 'utf8');
  return parseManifest(fill(text, file, images, places), file);
}

/** @throws Error for a place or an image that nothing is known for: the manifests and the code belong together */
export function fill(
  text: string,
  file: string,
  images: Readonly<Record<string, Pick<Image, 'reference'>>>,
  places: Places,
): string {
  return text
    .replace(/\$\{([a-z-]+)\}/g, (_, name: string) => {
      const value = places[name];
      if (value === undefined) throw new Error(`${file} has a place \${${name}} that is not filled in`);
      return String(value);
    })
    .replace(/localhost\/fairway\/([a-z-]+):built/g, (_, name: string) => {
      const image = images[name];
      if (!image) throw new Error(`${file} names the image ${name}, which is not built`);
      return image.reference;
    });
}

/** The objects of a YAML stream; empty documents are left out. */
export function parseManifest(text: string, file: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).flatMap(document => {
    const fault = document.errors[0];
    if (fault) throw new Error(`${file}: ${fault.message}`);
    const object = document.toJS() as KubernetesObject | null;
    return object ? [object] : [];
  });
}

/** Names the configuration in the pods of the deployments beside it, so that they are made anew when it changes. */
export function withConfiguration(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const configurations = objects.filter(({ kind }) => kind === 'ConfigMap');
  const digest = createHash('sha256').update(JSON.stringify(configurations)).digest('hex').slice(0, 12);
  return objects.map(object => {
    if (object.kind !== 'Deployment') return object;
    const spec = object.spec as { readonly template: { readonly metadata: { readonly annotations?: object } } };
    const { template } = spec;
    const annotations = { ...template.metadata.annotations, 'fairway.dev/configuration': digest };
    return { ...object, spec: { ...spec, template: { ...template, metadata: { ...template.metadata, annotations } } } };
  });
}
