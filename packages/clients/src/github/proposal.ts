import { asked, connect } from './access.ts';
import type { GithubAccess, Permission } from './access.ts';

/** A change of some files, as a pull request offers it. */
export interface Proposal {
  /** Branch of the repository that is this proposal's alone: what others push to it goes. */
  readonly branch: string;
  /** Branch into which it shall be merged. */
  readonly base: string;
  /** Commit of the base on which the files were changed. */
  readonly parent: string;
  /** New text of each file, by its path in the repository; undefined for one that goes. */
  readonly files: ReadonlyMap<string, string | undefined>;
  readonly message: string;
  readonly title: string;
  readonly body: string;
}

/** A pull request, and what became of it. */
export interface MadeProposal {
  readonly number: number;
  readonly url: string;
  readonly done: 'created' | 'updated' | 'unchanged';
}

/**
 * Opens a pull request, or brings the open one of the same branch up to date.
 * @returns undefined in a fork, where nothing is proposed
 * @throws ToolError when GitHub does not take it
 */
export async function keepProposal(access: GithubAccess, proposal: Proposal): Promise<MadeProposal | undefined> {
  const { octokit, owner, repo } = await connect(access);
  const found = await asked(access, 'reading the repository', 'contents: read', () =>
    octokit.rest.repos.get({ owner, repo }),
  );
  return found.data.fork ? undefined : putProposal(access, proposal);
}

/** The same in a fork too. The commit is made by the API, so no checkout needs a credential. */
export async function putProposal(
  access: GithubAccess,
  { branch, base, parent, files, message, title, body }: Proposal,
): Promise<MadeProposal> {
  const { octokit, owner, repo } = await connect(access);
  const { git, pulls } = octokit.rest;
  const ask = <T>(what: string, permission: Permission, send: () => Promise<T>) =>
    asked(access, what, permission, send);
  const tree = await writeTree(access, parent, files);
  let moved = false;
  await ask(`writing the branch ${branch}`, 'contents: write', async () => {
    const ref = `heads/${branch}`;
    const found = await git.getRef({ owner, repo, ref }).catch(absent);
    const last = found && (await git.getCommit({ owner, repo, commit_sha: found.data.object.sha })).data;
    // looked for again before each attempt, so that what was lost on its way is not done twice
    if (last?.tree.sha === tree && last.parents.length === 1 && last.parents[0]?.sha === parent) return;
    const commit = await git.createCommit({ owner, repo, message, tree, parents: [parent] });
    const { sha } = commit.data;
    // also where the answer is lost
    moved = true;
    if (found) await git.updateRef({ owner, repo, ref, sha, force: true });
    else await git.createRef({ owner, repo, ref: `refs/${ref}`, sha });
  });
  return ask('opening the pull request', 'pull-requests: write', async () => {
    const own = await openPull(access, branch, base);
    if (!own) {
      const made = await pulls.create({ owner, repo, head: branch, base, title, body });
      return { number: made.data.number, url: made.data.html_url, done: 'created' };
    }
    const { number, html_url: url } = own;
    if (own.title === title && own.body === body) return { number, url, done: moved ? 'updated' : 'unchanged' };
    await pulls.update({ owner, repo, pull_number: number, title, body });
    return { number, url, done: 'updated' };
  });
}

/** The open pull request of a branch; to be asked for by `asked`. */
export async function openPull(access: GithubAccess, branch: string, base: string) {
  const { octokit, owner, repo } = await connect(access);
  const head = `${owner}:${branch}`;
  return (await octokit.rest.pulls.list({ owner, repo, state: 'open', head, base, per_page: 1 })).data[0];
}

/**
 * Stores files with those of a commit.
 * @returns the name of the tree
 */
export async function writeTree(access: GithubAccess, parent: string, files: Proposal['files']): Promise<string> {
  const { octokit, owner, repo } = await connect(access);
  const { git } = octokit.rest;
  const before = await asked(access, 'reading the commit', 'contents: read', () =>
    git.getCommit({ owner, repo, commit_sha: parent }),
  );
  const made = await asked(access, 'writing the files', 'contents: write', () =>
    git.createTree({
      owner,
      repo,
      base_tree: before.data.tree.sha,
      tree: [...files].map(([path, content]) => ({
        path,
        mode: '100644',
        type: 'blob',
        ...(content === undefined ? { sha: null } : { content }),
      })),
    }),
  );
  return made.data.sha;
}

/** For `catch`: what is not there is undefined. */
export function absent(error: { readonly status?: number }): undefined {
  if (error.status === 404) return undefined;
  throw error;
}
