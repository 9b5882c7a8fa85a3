import { createHash } from 'node:crypto';
import { ConfigurationError } from '@fairway/service';
import type { Service } from '@fairway/service';
import { errorReason, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { changeFolder, proposalState, readFolder } from '@fairway/clients/github/index';
import type { BroughtChange, GithubAccess, RepositoryFolder } from '@fairway/clients/github/index';
import { ToolError } from '@fairway/clients/tool-error';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { listName, planFolder } from './folder.ts';
import type { FolderContent, Renderer } from './folder.ts';
import { proposalText, versionFiles } from './proposal-text.ts';

export type ByRepository = NonNullable<Service['apply']> & { readonly repository: string };

/** Who brings a change to a repository, and of what it is a part. */
export interface Bringing {
  /** Of the repository; undefined where nobody gave it. */
  readonly token: string | undefined;
  readonly environment: string | undefined;
  /** Address of the run that delivers; absent where it is none of GitHub. */
  readonly run?: string;
  readonly signal: AbortSignal;
}

/** Whether objects go to a repository and not to a folder of the disk. */
export function isByRepository(apply: NonNullable<Service['apply']>): apply is ByRepository {
  return apply.repository !== undefined;
}

/**
 * Writes objects to the folder of the repository, by a commit or in the service's one pull request.
 * @throws ConfigurationError without a token, and for a folder that holds something else
 * @throws ToolError when GitHub does not take it
 */
export async function bringObjects(
  service: Pick<Service, 'name' | 'namespace'> & { readonly apply: ByRepository },
  renderer: Renderer,
  objects: readonly KubernetesObject[],
  versions: readonly string[] | undefined,
  bringing: Bringing,
): Promise<BroughtChange> {
  const { apply, name } = service;
  const { folder: path, branch } = apply;
  const { environment, run } = bringing;
  const title = `Deliver ${name}${environment ? ` to ${environment}` : ''}`;
  const proposal = apply.as === 'commit' ? undefined : proposalBranch(name, apply);
  return changeFolder(accessOf(apply, bringing), { path, branch, proposal }, async folder => {
    const plan = planFolder(await contentOf(apply, folder), new Map([[renderer, objects]]), versions);
    const files = new Map<string, string | undefined>([
      ...plan.removed.map(file => [file, undefined] as const),
      ...plan.files,
    ]);
    const before = new Map<string, string>();
    for (const file of versionFiles(folder.files.keys(), name)) before.set(file, await folder.read(file));
    const message = `${title}\n\nWritten by ${renderer} of Fairway${run ? `: ${run}` : '.'}\n`;
    return { files, message, title, body: proposalText({ ...service, environment, run }, before, files) };
  });
}

/**
 * Looks whether the token sees the folder, and whether that is one that may be written.
 * @throws ConfigurationError or ToolError when not
 */
export async function tryRepository(apply: ByRepository, bringing: Pick<Bringing, 'token' | 'signal'>): Promise<void> {
  const folder = await readFolder(accessOf(apply, bringing), { path: apply.folder, branch: apply.branch });
  planFolder(await contentOf(apply, folder), new Map());
}

/** What has to be done so that the cluster gets what was brought. */
export async function afterwards(
  apply: ByRepository,
  { branch, pull }: BroughtChange,
  bringing: Pick<Bringing, 'token' | 'signal'>,
): Promise<Reason> {
  const state =
    pull &&
    (await proposalState(accessOf(apply, bringing), pull.number).catch((error: unknown) => {
      // a token of an App may have ended meanwhile
      if (error instanceof ToolError) return error;
      throw error;
    }));
  if (!pull) return reasonOf('folder.pushed', { branch, repository: apply.repository });
  if (state instanceof ToolError) return reasonOf('folder.look', { pull: pull.url, words: errorReason(state) });
  if (state === 'open') return reasonOf('folder.open', { pull: pull.url });
  return reasonOf(state === 'closed' ? 'folder.closed' : 'folder.merged', { pull: pull.url });
}

function accessOf({ repository }: ByRepository, { token, signal }: Pick<Bringing, 'token' | 'signal'>): GithubAccess {
  if (!token) throw new ConfigurationError(reasonOf('input.gitops', { repository }));
  return { repository, token, tokenName: 'the input gitops-token', signal };
}

async function contentOf({ repository, folder }: ByRepository, found: RepositoryFolder): Promise<FolderContent> {
  return {
    place: `${folder} of ${repository}`,
    list: found.files.has(listName) ? await found.read(listName) : undefined,
    names: [...new Set([...found.files.keys()].map(path => path.split('/')[0] ?? path))],
  };
}

/** The same for all deliveries to a folder, and another one for each. */
function proposalBranch(name: string, { folder, branch = '' }: ByRepository): string {
  const hash = createHash('sha256').update(`${branch} ${folder}`).digest('hex');
  return `fairway/deliver-${name}-${hash.slice(0, 8)}`;
}
