import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import type { KubernetesObject } from '@fairway/clients/kubernetes/index';
import { runCommand } from '../command.ts';
import { parseManifest } from './manifests.ts';

/** The cluster-wide parts as a GitOps folder, which platform teams take over. */
export const platformTemplate = join(import.meta.dirname, '../../../../templates/inference-platform');

/** One field of one object that only this machine knows. */
export interface Change {
  readonly kind: string;
  readonly name: string;
  /** JSON pointer; the field is there already. */
  readonly path: string;
  readonly value: unknown;
}

export interface Overlay {
  /** Folder below the template, such as `overlays/laptop`. */
  readonly of: string;
  /** What this machine calls the images, by their names in the template (without tag). Default: none. */
  readonly images?: ReadonlyMap<string, string>;
  readonly changes?: readonly Change[];
  /** The one file of a generated ConfigMap, by the ConfigMap's namespace and name, that takes the place of the template's. */
  readonly configuration?: {
    readonly namespace: string;
    readonly name: string;
    readonly key: string;
    readonly text: string;
  };
}

/**
 * The objects of an overlay, as kustomize makes them of the template and an overlay of this machine over it.
 * @param kubernetes folder of the part
 * @throws ToolError with kustomize's words
 */
export async function renderOverlay(
  kubernetes: string,
  overlay: Overlay,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  // kustomize takes relative paths only, and compares real ones
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'fairway-overlay-')));
  try {
    const base = relative(folder, await realpath(join(platformTemplate, overlay.of)));
    const { configuration } = overlay;
    if (configuration) await writeFile(join(folder, configuration.key), configuration.text);
    await writeFile(join(folder, 'kustomization.yaml'), stringify(kustomization(base, overlay)));
    const text = await runCommand(join(kubernetes, 'kubectl'), ['kustomize', folder], { signal });
    return parseManifest(text, overlay.of);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function kustomization(base: string, { images = new Map(), changes = [], configuration }: Overlay): object {
  return {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [base],
    images: [...images].map(([name, reference]) => {
      const colon = reference.lastIndexOf(':');
      return { name, newName: reference.slice(0, colon), newTag: reference.slice(colon + 1) };
    }),
    patches: changes.map(({ kind, name, path, value }) => ({
      target: { kind, name },
      patch: JSON.stringify([{ op: 'replace', path, value }]),
    })),
    ...(configuration && {
      configMapGenerator: [
        {
          name: configuration.name,
          namespace: configuration.namespace,
          behavior: 'replace',
          files: [configuration.key],
        },
      ],
    }),
  };
}
