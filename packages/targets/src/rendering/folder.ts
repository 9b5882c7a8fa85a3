import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ConfigurationError, systemErrorCode } from '@fairway/service';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { revisionLabel } from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { adapterRules } from '../workload/adapter-rules.ts';

/** Who makes objects, in the order in which they are applied. */
export const renderedBy = ['deploy', 'mesh', 'monitor'] as const;
export type Renderer = (typeof renderedBy)[number];

export const listName = 'kustomization.yaml';
/** What an adapter of the cluster has to know for a HorizontalPodAutoscaler of the folder. It is no object, so the list does not name it. */
const rulesName = 'prometheus-adapter.yaml';
const header = '# Made by Fairway from fairway.yaml; the next rendering overwrites this folder.\n';
/** kubectl reads YAML 1.1, where `on` is a boolean. */
const plain = { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 } as const;
/** Folder of what belongs to one version of the service. */
const versionsFolder = 'versions';

export interface RenderedFiles {
  /** Written, relative to the folder, in the order in which they are applied. */
  readonly written: readonly string[];
  /** Were there before and are gone. */
  readonly removed: readonly string[];
}

/** A folder as it is, wherever it is. */
export interface FolderContent {
  /** As a user finds it. */
  readonly place: string;
  /** Text of its kustomization.yaml; undefined where there is none. */
  readonly list: string | undefined;
  /** What is directly in it. */
  readonly names: readonly string[];
}

export interface FolderPlan extends RenderedFiles {
  /** Text of each file that is written, the list among them. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Makes files of objects, one each, with a list for kustomize: what belongs to a version goes to `versions/<revision>/<renderer>`, the
 * rest to `<renderer>`. What these renderers wrote before for the same versions goes, all else stays.
 * @param versions whose files stay, besides those that are written; default: all
 * @throws ConfigurationError for a folder that holds something else
 */
export function planFolder(
  content: FolderContent,
  objects: ReadonlyMap<Renderer, readonly KubernetesObject[]>,
  versions?: readonly string[],
): FolderPlan {
  const before = listed(content);
  const files = new Map<string, string>();
  for (const [renderer, made] of objects)
    for (const object of made) files.set(pathOf(renderer, object), header + stringify(object, plain));
  const written = [...files.keys()];
  const replaced = new Set<string>([...objects.keys(), ...written.map(dirname)]);
  const stays = (path: string) => {
    const [top, revision = ''] = path.split('/');
    return !replaced.has(dirname(path)) && !(top === versionsFolder && versions && !versions.includes(revision));
  };
  const scaled = objects.get('deploy')?.some(({ kind }) => kind === 'HorizontalPodAutoscaler');
  const unused = scaled === false && content.names.includes(rulesName) ? [rulesName] : [];
  const removed = [...before.filter(path => !stays(path) && !files.has(path)), ...unused];
  const rank = (path: string) => renderedBy.indexOf(dirname(path).split('/').at(-1) as Renderer);
  const resources = [...before.filter(stays), ...written].sort((a, b) => rank(a) - rank(b));
  const list = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
  if (scaled) files.set(rulesName, header + adapterRules());
  files.set(listName, header + stringify(list));
  return { files, written: resources.filter(path => files.has(path)), removed };
}

/** Writes objects to a folder of the disk, as `planFolder` says. */
export async function writeObjects(
  folder: string,
  objects: ReadonlyMap<Renderer, readonly KubernetesObject[]>,
  versions?: readonly string[],
): Promise<RenderedFiles> {
  await mkdir(folder, { recursive: true });
  const list = await readFile(join(folder, listName), 'utf8').catch(absent);
  const { files, written, removed } = planFolder(
    { place: folder, list, names: await readdir(folder) },
    objects,
    versions,
  );
  for (const path of removed) await rm(join(folder, path), { force: true });
  // the list last
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return { written, removed };
}

function pathOf(renderer: Renderer, { kind, metadata }: KubernetesObject): string {
  const revision = metadata.labels?.[revisionLabel];
  const name = [kind.toLowerCase(), metadata.namespace, metadata.name].filter(part => part !== undefined).join('.');
  return [...(revision ? [versionsFolder, revision] : []), renderer, `${name}.yaml`].join('/');
}

/** The files of the folder by its list; none of a folder that is empty or not there. */
function listed({ place, list, names }: FolderContent): readonly string[] {
  if (list === undefined) {
    const found = names.filter(name => name !== '.git');
    if (found.length === 0) return [];
    const first = found.slice(0, 3).join(', ');
    throw new ConfigurationError(
      reasonOf('folder.others', {
        ...{ place, list: listName },
        found: found.length > 3 ? reasonOf('folder.andMore', { first }) : first,
      }),
    );
  }
  if (!list.startsWith(header))
    throw new ConfigurationError(reasonOf('folder.foreign', { file: `${place}/${listName}` }));
  return (parse(list) as { readonly resources?: readonly string[] }).resources ?? [];
}

function absent(error: unknown): undefined {
  if (systemErrorCode(error) !== 'ENOENT') throw error;
}
