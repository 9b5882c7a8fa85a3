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
  /** New text of each file, by its path in the repository. */
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
  readonly title: string;
  readonly body: string;
}

/**
 * Opens a pull request, or brings the open one of the same branch up to date. The commit is made by the API, so no checkout needs a credential.
 * @returns undefined in a fork, where nothing is proposed
 * @throws ToolError when GitHub does not take it
 */
export async function keepProposal(
  access: GithubAccess,
  { branch, base, parent, files, message, title, body }: Proposal,
): Promise<{ readonly number: number; readonly done: 'created' | 'updated' | 'unchanged' } | undefined> {
  const { octokit, owner, repo } = await connect(access);
  const { git, pulls, repos } = octokit.rest;
  const ask = <T>(what: string, permission: Permission, send: () => Promise<T>) =>
    asked(access, what, permission, send);
  const found = await ask('reading the repository', 'contents: read', () => repos.get({ owner, repo }));
  if (found.data.fork) return undefined;
  const before = await ask('reading the commit', 'contents: read', () =>
    git.getCommit({ owner, repo, commit_sha: parent }),
  );
  const tree = await ask('writing the files', 'contents: write', () =>
    git.createTree({
      owner,
      repo,
      base_tree: before.data.tree.sha,
      tree: [...files].map(([path, content]) => ({ path, mode: '100644', type: 'blob', content })),
    }),
  );
  let moved = false;
  await ask(`writing the branch ${branch}`, 'contents: write', async () => {
    const ref = `heads/${branch}`;
    const found = await git.getRef({ owner, repo, ref }).catch(absent);
    const last = found && (await git.getCommit({ owner, repo, commit_sha: found.data.object.sha })).data;
    // looked for again before each attempt, so that what was lost on its way is not done twice
    if (last?.tree.sha === tree.data.sha && last.parents.length === 1 && last.parents[0]?.sha === parent) return;
    const commit = await git.createCommit({ owner, repo, message, tree: tree.data.sha, parents: [parent] });
    const { sha } = commit.data;
    // also where the answer is lost
    moved = true;
    if (found) await git.updateRef({ owner, repo, ref, sha, force: true });
    else await git.createRef({ owner, repo, ref: `refs/${ref}`, sha });
  });
  return ask('opening the pull request', 'pull-requests: write', async () => {
    const open = await pulls.list({ owner, repo, state: 'open', head: `${owner}:${branch}`, base, per_page: 1 });
    const [own] = open.data;
    if (!own) {
      const made = await pulls.create({ owner, repo, head: branch, base, title, body });
      return { number: made.data.number, done: 'created' };
    }
    if (own.title === title && own.body === body) return { number: own.number, done: moved ? 'updated' : 'unchanged' };
    await pulls.update({ owner, repo, pull_number: own.number, title, body });
    return { number: own.number, done: 'updated' };
  });
}

function absent(error: { readonly status?: number }): undefined {
  if (error.status === 404) return undefined;
  throw error;
}
