import { resolve } from 'node:path';
import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { writeObjects } from './folder.ts';
import type { Renderer } from './folder.ts';
import { waitUntilShown } from './shown.ts';

export interface ByFolderOptions {
  /** The service folder. */
  readonly folder: string;
  /** Versions whose files stay; default: all. */
  readonly versions?: readonly string[];
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

/**
 * Writes the objects of a stage to the folder that `apply` names, and waits until whoever applies it has done so.
 * @returns why the stage cannot go on, as a paragraph; undefined when the cluster has the objects
 */
export async function applyByFolder(
  cluster: Cluster,
  { apply }: { readonly apply: NonNullable<Service['apply']> },
  renderer: Renderer,
  objects: readonly KubernetesObject[],
  { folder, versions, signal, progress }: ByFolderOptions,
): Promise<string | undefined> {
  const target = resolve(folder, apply.folder);
  await writeObjects(target, new Map([[renderer, objects]]), versions);
  const { maxSeconds } = apply;
  const lacking = await waitUntilShown(cluster, objects, { maxSeconds, signal, progress });
  if (lacking.length === 0) return undefined;
  const more = lacking.length > 3 ? `; and ${lacking.length - 3} more` : '';
  return `After ${maxSeconds} s the cluster has not what ${target} holds: ${lacking.slice(0, 3).join('; ')}${more}. Commit and push the folder, look at what its controller says (its Application or Kustomization), and deliver again; the files stay.`;
}

/** What stands after a failure, since nobody but the owner of the folder takes its objects back. */
export function folderStays(folder: string, { apply }: { readonly apply: NonNullable<Service['apply']> }): string {
  return `Its objects stay as long as ${resolve(folder, apply.folder)} holds them: take the change back there, or deliver again.`;
}
