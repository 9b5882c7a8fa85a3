import { resolve } from 'node:path';
import type { Service } from '@fairway/service';
import { english, listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
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
 * @returns why the stage cannot go on; undefined when the cluster has the objects
 */
export async function applyByFolder(
  cluster: Cluster,
  service: Applied,
  renderer: Renderer,
  objects: readonly KubernetesObject[],
  { folder, environment, run, signal, log: { progress } }: Delivering,
  { token, versions }: ByFolderOptions,
): Promise<Reason | undefined> {
  const { apply } = service;
  const bringing = { token, environment, run, signal };
  const { maxSeconds } = apply;
  const place = placeOf(folder, apply);
  let then = async () => reasonOf('folder.push');
  let awaited: Reason | string = place;
  if (isByRepository(apply)) {
    const brought = await bringObjects({ ...service, apply }, renderer, objects, versions, bringing);
    progress(whatBecame(english(place), brought));
    then = () => afterwards(apply, brought, bringing);
    awaited = brought.pull?.url ?? place;
  } else await writeObjects(english(place), new Map([[renderer, objects]]), versions);
  const lacking = await waitUntilShown(cluster, objects, { place: english(awaited), maxSeconds, signal, progress });
  if (lacking.length === 0) return undefined;
  const named = listOf('list.also', lacking.slice(0, 3));
  const number = lacking.length - 3;
  const all = number > 0 ? reasonOf('folder.more', { objects: named, number }) : named;
  return reasonOf('folder.lacks', { seconds: maxSeconds, place: awaited, objects: all, then: await then() });
}

/** What stands after a failure, since nobody but the owner of the folder takes its objects back. */
export function folderStays(folder: string, { apply }: Pick<Applied, 'apply'>): Reason {
  return reasonOf('folder.stays', { place: placeOf(folder, apply) });
}

/** The folder of `apply` as a user finds it. */
function placeOf(folder: string, apply: Applied['apply']): Reason | string {
  if (!isByRepository(apply)) return resolve(folder, apply.folder);
  return reasonOf('folder.of', { folder: apply.folder, repository: apply.repository });
}

function whatBecame(place: string, { branch, commit, pull }: BroughtChange): string {
  if (pull) return `the change of ${place} is the pull request ${pull.url}, which is to be merged into ${branch}`;
  return commit ? `${branch} has the change of ${place}: ${commit}` : `nothing is to be changed in ${place}`;
}
