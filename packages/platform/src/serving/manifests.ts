import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';

/** The objects of a YAML stream; empty documents are left out. */
export function parseManifest(text: string, file: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).flatMap(document => {
    const fault = document.errors[0];
    if (fault) throw new Error(`${file}: ${fault.message}`);
    const object = document.toJS() as KubernetesObject | null;
    return object ? [object] : [];
  });
}

/** @throws Error for an image that is not built: the manifests and the code belong together */
export function withImages(
  text: string,
  file: string,
  images: Readonly<Record<string, { readonly reference: string }>>,
): string {
  return text.replace(/localhost\/fairway\/([a-z-]+):built/g, (_, name: string) => {
    const image = images[name];
    if (!image) throw new Error(`${file} names the image ${name}, which is not built`);
    return image.reference;
  });
}
