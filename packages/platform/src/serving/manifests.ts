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
