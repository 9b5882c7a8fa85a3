import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '../tool-error.ts';
import { asked, connect, isRuled } from './access.ts';
import type { GithubAccess } from './access.ts';
import { absent, openPull, putProposal, writeTree } from './proposal.ts';

/** How often a change is made anew because others pushed in between. */
const attempts = 5;

export interface FolderPlace {
  /** Path in the repository. */
  readonly path: string;
  /** Branch that shall have the change; default: that of the repository. */
  readonly branch?: string;
  /** Branch of a pull request with the change, which is its alone; without one the change is a commit of `branch`. */
  readonly proposal?: string;
}

/** A folder as it is at one commit. */
export interface RepositoryFolder {
  readonly commit: string;
  /** Git's name of the folder's tree; undefined where there is no such folder. */
  readonly tree: string | undefined;
  /** Git's names of the contents of its files, by their paths in the folder. */
  readonly files: ReadonlyMap<string, string>;
  /** The text of one of them. */
  read(path: string): Promise<string>;
}

export interface FolderChange {
  /** Text of each file by its path in the folder, undefined for one that shall not be there; others stay. */
  readonly files: ReadonlyMap<string, string | undefined>;
  readonly message: string;
  readonly title: string;
  readonly body: string;
}

/** Where a change is. */
export interface BroughtChange {
  /** Branch that has it, or gets it when the pull request is merged. */
  readonly branch: string;
  /** Address of the commit; absent where the branch has it already or a pull request waits. */
  readonly commit?: string;
  readonly pull?: { readonly number: number; readonly url: string };
}

/**
 * Brings a change of a folder to a branch or its pull request. Where others push in between, it is planned anew on what they pushed. An open pull
 * request that has all of it stays as it is, with its reviews; one that is not needed any more is closed.
 * @param plan makes the change of the folder as it is
 * @throws ToolError when GitHub does not take it
 */
export async function changeFolder(
  access: GithubAccess,
  { path, branch: named, proposal }: FolderPlace,
  plan: (folder: RepositoryFolder) => Promise<FolderChange>,
): Promise<BroughtChange> {
  const branch = named ?? (await defaultBranch(access));
  for (let attempt = 1; ; attempt++) {
    const base = await folderOf(access, branch, path);
    const open = proposal ? await openProposal(access, proposal, branch) : undefined;
    if (proposal && open && (await hasAll(access, { path, proposal }, base, plan)))
      return { branch, pull: { number: open.number, url: open.html_url } };
    const change = await plan(base);
    const files = differing(base, change, path);
    if (files.size === 0) {
      if (open) await close(access, open.number);
      return { branch };
    }
    const { message, title, body } = change;
    const written = { parent: base.commit, files, message };
    try {
      if (!proposal) return { branch, commit: await commitFiles(access, branch, written) };
      const { number, url } = await putProposal(access, { branch: proposal, base: branch, ...written, title, body });
      return { branch, pull: { number, url } };
    } catch (error) {
      if (!isOvertaken(error) || attempt === attempts) throw error;
      await sleep(Math.random() * 500 * attempt, undefined, { signal: access.signal });
    }
  }
}

/** Whether a token may read the folder, and what is in it. */
export async function readFolder(
  access: GithubAccess,
  { path, branch }: Omit<FolderPlace, 'proposal'>,
): Promise<RepositoryFolder> {
  return folderOf(access, branch ?? (await defaultBranch(access)), path);
}

/** What became of a pull request. */
export async function proposalState(access: GithubAccess, number: number): Promise<'open' | 'merged' | 'closed'> {
  const { octokit, owner, repo } = await connect(access);
  const { data } = await asked(access, `reading the pull request ${number}`, 'pull-requests: read', () =>
    octokit.rest.pulls.get({ owner, repo, pull_number: number }),
  );
  return data.merged ? 'merged' : data.state === 'open' ? 'open' : 'closed';
}

async function defaultBranch(access: GithubAccess): Promise<string> {
  const { octokit, owner, repo } = await connect(access);
  const found = await asked(access, 'reading the repository', 'contents: read', () =>
    octokit.rest.repos.get({ owner, repo }),
  );
  return found.data.default_branch;
}

async function folderOf(access: GithubAccess, branch: string, path: string): Promise<RepositoryFolder> {
  const { octokit, owner, repo } = await connect(access);
  const found = await asked(access, `reading the branch ${branch}`, 'contents: read', () =>
    octokit.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }).catch(absent),
  );
  if (found) return folderAt(access, found.data.object.sha, path);
  // which GitHub also answers where the repository may not be seen
  await defaultBranch(access);
  throw new ToolError(
    'github',
    reasonOf('github.readBranch', { branch, repository: access.repository }),
    404,
    '',
    reasonOf('github.noBranch'),
  );
}

async function folderAt(access: GithubAccess, commit: string, path: string): Promise<RepositoryFolder> {
  const { octokit, owner, repo } = await connect(access);
  const { git } = octokit.rest;
  const ask = <T>(what: string, send: () => Promise<T>) => asked(access, what, 'contents: read', send);
  const { data } = await ask('reading the commit', () => git.getCommit({ owner, repo, commit_sha: commit }));
  const below = async (tree_sha: string, name: string) => {
    const level = await ask('reading the folders', () => git.getTree({ owner, repo, tree_sha }));
    return level.data.tree.find(entry => entry.path === name && entry.type === 'tree')?.sha;
  };
  let tree: string | undefined = data.tree.sha;
  for (const name of path.split('/')) tree = tree === undefined ? undefined : await below(tree, name);
  const files = new Map<string, string>();
  const tree_sha = tree;
  if (tree_sha !== undefined) {
    const whole = await ask(`reading ${path}`, () => git.getTree({ owner, repo, tree_sha, recursive: 'true' }));
    if (whole.data.truncated)
      throw new ToolError(
        'github',
        reasonOf('github.readFolder', { path, repository: access.repository }),
        undefined,
        reasonOf('github.tooManyFiles'),
        reasonOf('github.ownFolder'),
      );
    for (const entry of whole.data.tree) if (entry.type === 'blob') files.set(entry.path, entry.sha);
  }
  return {
    commit,
    tree,
    files,
    async read(file) {
      const file_sha = files.get(file) ?? '';
      const blob = await ask(`reading ${path}/${file}`, () => git.getBlob({ owner, repo, file_sha }));
      return Buffer.from(blob.data.content, 'base64').toString('utf8');
    },
  };
}

function openProposal(access: GithubAccess, proposal: string, branch: string) {
  return asked(access, 'listing the pull requests', 'pull-requests: read', () => openPull(access, proposal, branch));
}

/** Whether a pull request holds the whole change, made on the folder as it is. */
async function hasAll(
  access: GithubAccess,
  { path, proposal }: { readonly path: string; readonly proposal: string },
  base: RepositoryFolder,
  plan: (folder: RepositoryFolder) => Promise<FolderChange>,
): Promise<boolean> {
  const { octokit, owner, repo } = await connect(access);
  const offered = await folderOf(access, proposal, path);
  const { data } = await asked(access, 'reading the commit', 'contents: read', () =>
    octokit.rest.git.getCommit({ owner, repo, commit_sha: offered.commit }),
  );
  const parent = data.parents[0]?.sha;
  if (parent === undefined) return false;
  if (parent !== base.commit && (await folderAt(access, parent, path)).tree !== base.tree) return false;
  return differing(offered, await plan(offered), path).size === 0;
}

/** The files of a change that are not as the folder has them, by their paths in the repository. */
function differing(
  { files }: RepositoryFolder,
  change: FolderChange,
  path: string,
): ReadonlyMap<string, string | undefined> {
  const other = [...change.files].filter(([file, text]) =>
    text === undefined ? files.has(file) : files.get(file) !== blobName(text),
  );
  return new Map(other.map(([file, text]) => [`${path}/${file}`, text]));
}

/** Git's name of a content. @see https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobName(text: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
}

/** @returns the address of the commit */
async function commitFiles(
  access: GithubAccess,
  branch: string,
  {
    parent,
    files,
    message,
  }: {
    readonly parent: string;
    readonly files: ReadonlyMap<string, string | undefined>;
    readonly message: string;
  },
): Promise<string> {
  const { octokit, owner, repo } = await connect(access);
  const { git } = octokit.rest;
  const tree = await writeTree(access, parent, files);
  const { data } = await asked(access, 'writing the commit', 'contents: write', () =>
    git.createCommit({ owner, repo, message, tree, parents: [parent] }),
  );
  // the same commit again changes nothing, so an answer may be lost
  await asked(access, `writing the branch ${branch}`, 'contents: write', () =>
    git.updateRef({ owner, repo, ref: `heads/${branch}`, sha: data.sha }),
  );
  return data.html_url;
}

async function close(access: GithubAccess, number: number): Promise<void> {
  const { octokit, owner, repo } = await connect(access);
  await asked(access, `closing the pull request ${number}`, 'pull-requests: write', () =>
    octokit.rest.pulls.update({ owner, repo, pull_number: number, state: 'closed' }),
  );
}

/** Whether somebody else was faster. */
function isOvertaken(error: unknown): boolean {
  if (!(error instanceof ToolError) || isRuled(error.output)) return false;
  return error.status === 409 || (error.status === 422 && /not a fast forward|already exists/i.test(error.output));
}
