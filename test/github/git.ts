import { createHash } from 'node:crypto';
import { created, notFound, ok, unprocessable } from './answer.ts';
import type { Operations } from './answer.ts';
import { example } from './example.ts';
import type { Examples } from './example.ts';
import { addressOf } from './repository.ts';
import type { RepositoryFacts } from './repository.ts';

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

/** Git objects and refs of a repository. */
export interface GitState {
  readonly operations: Operations;
  /** The files of a branch by their paths; undefined where there is no such branch. */
  files(branch: string): ReadonlyMap<string, string> | undefined;
  /** The newest first; none where there is no such branch. */
  commits(branch: string): readonly Commit[];
  /** Somebody else pushes a commit with these files, which come to those that are there. */
  push(branch: string, files: Readonly<Record<string, string>>): void;
  /** Somebody else merges a branch whose base has not moved. */
  merge(branch: string, head: string): void;
}

/**
 * @param files of the branch main
 * @param first its commit
 */
export function gitState(
  examples: Examples,
  facts: RepositoryFacts,
  files: Readonly<Record<string, string>>,
  first: string,
): GitState {
  const trees = new Map<string, ReadonlyMap<string, string>>();
  const commits = new Map<string, Commit & { readonly message: string }>();
  const refs = new Map<string, string>();
  const hash = (value: unknown) => createHash('sha1').update(JSON.stringify(value)).digest('hex');
  const blobs = new Map<string, string>();
  const storeBlob = (content: string) => {
    const name = blobName(content);
    blobs.set(name, content);
    return name;
  };
  const storeTree = (tree: ReadonlyMap<string, string>) => {
    const name = hash([...tree].toSorted());
    trees.set(name, tree);
    return name;
  };
  const storeCommit = (commit: Omit<Commit, 'sha'> & { readonly message: string }) => {
    // two commits of the same are two, since their times differ
    const sha = hash([commit, commits.size]);
    commits.set(sha, { sha, ...commit });
    return sha;
  };
  /** What a tree shows: all files, or what is directly in it. */
  const entriesOf = (tree: ReadonlyMap<string, string>, recursive: boolean) => {
    const file = ([path, content]: readonly [string, string]) => ({
      path,
      mode: '100644',
      type: 'blob',
      sha: storeBlob(content),
    });
    if (recursive) return [...tree].map(file);
    const folders = Map.groupBy(
      [...tree].filter(([path]) => path.includes('/')),
      ([path]) => path.slice(0, path.indexOf('/')),
    );
    return [
      ...[...tree].filter(([path]) => !path.includes('/')).map(file),
      ...[...folders].map(([path, files]) => {
        const below = new Map(files.map(([one, content]) => [one.slice(path.length + 1), content]));
        return { path, mode: '040000', type: 'tree', sha: storeTree(below) };
      }),
    ];
  };
  const shown = ({ sha, tree, parents, message }: Commit & { readonly message: string }) => ({
    ...example(examples, 'git-commit'),
    sha,
    url: `${addressOf(facts)}/git/commits/${sha}`,
    message,
    tree: { sha: tree, url: `${addressOf(facts)}/git/trees/${tree}` },
    parents: parents.map(parent => ({
      sha: parent,
      url: `${addressOf(facts)}/git/commits/${parent}`,
      html_url: `https://github.com/${facts.owner}/${facts.name}/commit/${parent}`,
    })),
  });
  const shownRef = (ref: string) => ({
    ...example(examples, 'git-ref'),
    ref: `refs/${ref}`,
    url: `${addressOf(facts)}/git/refs/${ref}`,
    object: { type: 'commit', sha: refs.get(ref), url: `${addressOf(facts)}/git/commits/${refs.get(ref)}` },
  });
  commits.set(first, { sha: first, tree: storeTree(new Map(Object.entries(files))), parents: [], message: 'first' });
  refs.set('heads/main', first);
  const headOf = (branch: string) => commits.get(refs.get(`heads/${branch}`) ?? '');
  return {
    operations: {
      'git/create-tree'({ body }) {
        const base = body['base_tree'] === undefined ? new Map<string, string>() : trees.get(String(body['base_tree']));
        if (!base) return notFound;
        const tree = new Map(base);
        for (const change of body['tree'] as readonly { path: string; content?: string; sha?: null }[]) {
          if (change.content !== undefined) tree.set(change.path, change.content);
          // a file that is not there cannot be removed
          else if (!tree.delete(change.path)) return unprocessable('GitRPC::BadObjectState');
        }
        const sha = storeTree(tree);
        const entries = entriesOf(tree, true);
        return created({ sha, url: `${addressOf(facts)}/git/trees/${sha}`, truncated: false, tree: entries });
      },
      'git/get-tree'({ path, query }) {
        const tree = trees.get(path['tree_sha'] ?? '');
        if (!tree) return notFound;
        const entries = entriesOf(tree, query.has('recursive'));
        return ok({ sha: path['tree_sha'], url: addressOf(facts), truncated: false, tree: entries });
      },
      'git/get-blob'({ path }) {
        const sha = path['file_sha'] ?? '';
        const content = blobs.get(sha);
        if (content === undefined) return notFound;
        return ok({
          sha,
          node_id: sha,
          size: Buffer.byteLength(content),
          url: `${addressOf(facts)}/git/blobs/${sha}`,
          content: Buffer.from(content).toString('base64'),
          encoding: 'base64',
        });
      },
      'git/create-commit'({ body }) {
        const commit = { tree: String(body['tree']), parents: (body['parents'] ?? []) as string[] };
        if (!trees.has(commit.tree)) return unprocessable('Tree SHA does not exist');
        const parent = commit.parents.find(one => !commits.has(one));
        if (parent !== undefined) return unprocessable('Parent SHA does not exist or is not a commit object');
        const sha = storeCommit({ message: String(body['message']), ...commit });
        return created(shown(commits.get(sha)!));
      },
      'git/get-commit'({ path }) {
        const commit = commits.get(path['commit_sha'] ?? '');
        return commit ? ok(shown(commit)) : notFound;
      },
      'git/get-ref'({ path }) {
        const ref = path['ref'] ?? '';
        return refs.has(ref) ? ok(shownRef(ref)) : notFound;
      },
      'git/create-ref'({ body }) {
        const full = String(body['ref']);
        if (!/^refs\/.+\/.+/.test(full)) return unprocessable('Reference name is not valid');
        const ref = full.replace(/^refs\//, '');
        if (refs.has(ref)) return unprocessable('Reference already exists');
        if (!commits.has(String(body['sha']))) return unprocessable('Object does not exist');
        refs.set(ref, String(body['sha']));
        return created(shownRef(ref));
      },
      'git/update-ref'({ path, body }) {
        const ref = path['ref'] ?? '';
        const commit = commits.get(String(body['sha']));
        if (!refs.has(ref)) return unprocessable('Reference does not exist');
        if (!commit) return unprocessable('Object does not exist');
        if (body['force'] !== true && !commit.parents.includes(refs.get(ref) ?? ''))
          return unprocessable('Update is not a fast forward');
        refs.set(ref, commit.sha);
        return ok(shownRef(ref));
      },
    },
    files: branch => trees.get(headOf(branch)?.tree ?? ''),
    commits(branch) {
      const found: Commit[] = [];
      for (let at = headOf(branch); at; at = commits.get(at.parents[0] ?? '')) found.push(at);
      return found;
    },
    push(branch, more) {
      const head = headOf(branch);
      const tree = new Map([...(trees.get(head?.tree ?? '') ?? []), ...Object.entries(more)]);
      const parents = head ? [head.sha] : [];
      refs.set(`heads/${branch}`, storeCommit({ tree: storeTree(tree), parents, message: 'of somebody else' }));
    },
    merge(branch, head) {
      const [into, from] = [headOf(branch)!, headOf(head)!];
      const merged = { tree: from.tree, parents: [into.sha, from.sha], message: `Merge ${head}` };
      refs.set(`heads/${branch}`, storeCommit(merged));
    },
  };
}

/** Git's name of a file's content. @see https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
function blobName(content: string): string {
  return createHash('sha1')
    .update(`blob ${Buffer.byteLength(content)}\0${content}`)
    .digest('hex');
}
