import { resolve } from 'node:path';
import type { Service } from '@fairway/service';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import type { BroughtChange } from '@fairway/clients/github/index';
import { afterwards, bringObjects, isByRepository } from './by-repository.ts';
import type { Bringing } from './by-repository.ts';
import { writeObjects } from './folder.ts';
import type { Renderer } from './folder.ts';
import { waitUntilShown } from './shown.ts';

type Applied = Pick<Service, 'name' | 'namespace'> & { readonly apply: NonNullable<Service['apply']> };

/** Of the context of a stage. */
export interface Delivering extends Pick<Bringing, 'environment' | 'run' | 'signal'> {
  /** The service folder. */
  readonly folder: string;
  readonly log: { progress(message: string): void };
}

export interface ByFolderOptions extends Pick<Bringing, 'token'> {
  /** Versions whose files stay; default: all. */
  readonly versions?: readonly string[];
}

/**
 * Writes the objects of a stage to the folder that `apply` names, and waits until whoever applies it has done so.
 * @returns why the stage cannot go on, as a paragraph; undefined when the cluster has the objects
 */
export async function applyByFolder(
  cluster: Cluster,
  service: Applied,
  renderer: Renderer,
  objects: readonly KubernetesObject[],
  { folder, environment, run, signal, log: { progress } }: Delivering,
  { token, versions }: ByFolderOptions,
): Promise<string | undefined> {
  const { apply } = service;
  const bringing = { token, environment, run, signal };
  const { maxSeconds } = apply;
  const place = placeOf(folder, apply);
  let then = async () =>
    'Commit and push the folder, look at what its controller says (its Application or Kustomization), and deliver again; the files stay.';
  let awaited = place;
  if (isByRepository(apply)) {
    const brought = await bringObjects({ ...service, apply }, renderer, objects, versions, bringing);
    progress(whatBecame(place, brought));
    then = () => afterwards(apply, brought, bringing);
    awaited = brought.pull?.url ?? place;
  } else await writeObjects(place, new Map([[renderer, objects]]), versions);
  const lacking = await waitUntilShown(cluster, objects, { place: awaited, maxSeconds, signal, progress });
  if (lacking.length === 0) return undefined;
  const more = lacking.length > 3 ? `; and ${lacking.length - 3} more` : '';
  return `After ${maxSeconds} s the cluster has not what ${awaited} holds: ${lacking.slice(0, 3).join('; ')}${more}. ${await then()}`;
}

/** What stands after a failure, since nobody but the owner of the folder takes its objects back. */
export function folderStays(folder: string, { apply }: Pick<Applied, 'apply'>): string {
  return `Its objects stay as long as ${placeOf(folder, apply)} holds them: take the change back there, or deliver again.`;
}

/** The folder of `apply` as a user finds it. */
function placeOf(folder: string, apply: Applied['apply']): string {
  return isByRepository(apply) ? `${apply.folder} of ${apply.repository}` : resolve(folder, apply.folder);
}

function whatBecame(place: string, { branch, commit, pull }: BroughtChange): string {
  if (pull) return `the change of ${place} is the pull request ${pull.url}, which is to be merged into ${branch}`;
  return commit ? `${branch} has the change of ${place}: ${commit}` : `nothing is to be changed in ${place}`;
}
