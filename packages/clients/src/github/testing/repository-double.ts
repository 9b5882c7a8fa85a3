import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

interface Pull {
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly state: string;
  title: string;
  body: string;
}

/** What a test sees of a repository that is none. */
export interface RepositoryDouble {
  readonly url: string;
  /** Method and path of each request. */
  readonly requests: readonly { readonly request: string; readonly authorization?: string }[];
  readonly pulls: readonly Pull[];
  /** Answers in the place of the usual ones, one a request; `after` does what was asked all the same, so that only the answer is lost. */
  readonly busy: { status: number; headers?: Record<string, string>; body?: string; after?: boolean; when?: RegExp }[];
  fork: boolean;
  /** The files of a branch by their paths; undefined where there is no such branch. */
  files(branch: string): ReadonlyMap<string, string> | undefined;
  commits(branch: string): readonly Commit[];
  close(): Promise<void>;
}

/**
 * The part of GitHub's API that a proposed change needs, in the form of its REST description (docs.github.com/rest): the repository, its Git
 * objects, refs and pull requests.
 * @param files of the branch main
 * @param first commit of it
 */
export async function repositoryDouble(
  files: Readonly<Record<string, string>>,
  first: string,
): Promise<RepositoryDouble> {
  const trees = new Map<string, ReadonlyMap<string, string>>();
  const commits = new Map<string, Commit>();
  const refs = new Map<string, string>();
  const pulls: Pull[] = [];
  const requests: { request: string; authorization?: string }[] = [];
  const busy: RepositoryDouble['busy'] = [];
  const sha = (value: unknown) => createHash('sha1').update(JSON.stringify(value)).digest('hex');
  const storeTree = (tree: ReadonlyMap<string, string>) => {
    const name = sha([...tree].toSorted());
    trees.set(name, tree);
    return name;
  };
  const shown = ({ sha: name, tree, parents }: Commit) => ({
    sha: name,
    tree: { sha: tree },
    parents: parents.map(parent => ({ sha: parent })),
  });
  commits.set(first, { sha: first, tree: storeTree(new Map(Object.entries(files))), parents: [] });
  refs.set('heads/main', first);
  const double = { fork: false };

  const answer = (method: string, path: string, body: Record<string, unknown>): [number, unknown] => {
    const [, rest = ''] = /^\/repos\/[^/]+\/[^/]+\/?(.*)$/.exec(path) ?? [];
    const [place = '', query = ''] = rest.split('?');
    const none: [number, unknown] = [404, { message: 'Not Found' }];
    if (place === '') return [200, { default_branch: 'main', fork: double.fork }];
    if (place === 'git/trees') {
      const base = trees.get(String(body['base_tree']));
      if (!base) return none;
      const changes = body['tree'] as readonly { path: string; content: string }[];
      const name = storeTree(new Map([...base, ...changes.map(({ path: at, content }) => [at, content] as const)]));
      return [201, { sha: name }];
    }
    if (place === 'git/commits') {
      const commit = { tree: String(body['tree']), parents: body['parents'] as string[] };
      const name = sha([commit, commits.size]);
      commits.set(name, { sha: name, ...commit });
      return [201, shown(commits.get(name)!)];
    }
    if (place.startsWith('git/commits/')) {
      const commit = commits.get(place.slice('git/commits/'.length));
      return commit ? [200, shown(commit)] : none;
    }
    if (place === 'git/refs') {
      const ref = String(body['ref']).replace(/^refs\//, '');
      if (refs.has(ref)) return [422, { message: 'Reference already exists' }];
      refs.set(ref, String(body['sha']));
      return [201, { ref: `refs/${ref}`, object: { sha: body['sha'] } }];
    }
    const ref = decodeURIComponent(/^git\/refs?\/(.+)$/.exec(place)?.[1] ?? '');
    if (ref !== '') {
      if (!refs.has(ref)) return none;
      if (method === 'PATCH') refs.set(ref, String(body['sha']));
      return [200, { ref: `refs/${ref}`, object: { sha: refs.get(ref) } }];
    }
    if (place === 'pulls' && method === 'GET') {
      const head = new URLSearchParams(query).get('head')?.split(':')[1];
      return [200, pulls.filter(pull => pull.head === head && pull.state === 'open')];
    }
    if (place === 'pulls') {
      const { head, base, title, body: text } = body as unknown as Pull;
      const pull = { number: pulls.length + 1, head, base, state: 'open', title, body: text };
      pulls.push(pull);
      return [201, pull];
    }
    const pull = pulls.find(({ number }) => place === `pulls/${number}`);
    if (!pull) return none;
    Object.assign(pull, body);
    return [200, pull];
  };

  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const asked = `${request.method} ${request.url}`;
      requests.push({ request: asked, authorization: request.headers.authorization });
      response.setHeader('content-type', 'application/json');
      const at = busy.findIndex(({ when }) => when === undefined || when.test(asked));
      const [other] = at === -1 ? [] : busy.splice(at, 1);
      const body = JSON.parse(text || '{}') as Record<string, unknown>;
      const usual = other && !other.after ? undefined : answer(request.method ?? '', request.url ?? '', body);
      if (other) response.writeHead(other.status, other.headers ?? {}).end(other.body ?? '{"message":"no"}');
      else response.writeHead(usual?.[0] ?? 500).end(JSON.stringify(usual?.[1]));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const headOf = (branch: string) => commits.get(refs.get(`heads/${branch}`) ?? '');
  return Object.assign(double, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    pulls,
    busy,
    files: (branch: string) => trees.get(headOf(branch)?.tree ?? ''),
    commits(branch: string) {
      const found: Commit[] = [];
      for (let at = headOf(branch); at; at = commits.get(at.parents[0] ?? '')) found.push(at);
      return found;
    },
    close: () => new Promise<void>(resolve => server.close(() => resolve())),
  });
}
