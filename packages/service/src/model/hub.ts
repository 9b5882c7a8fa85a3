import { posix } from 'node:path';
import * as z from 'zod';
import { ConfigurationError } from '../configuration-error.ts';
import { factsOf, splitStem, type ModelFacts, type ModelFiles } from './facts.ts';
import type { RandomAccess } from './random-access.ts';
import { reasonOf } from '../reasons/delivery-reason.ts';

/** A server with the Hugging Face hub's interface. */
export interface Hub {
  /** Such as https://huggingface.co, without a slash at the end. */
  readonly url: string;
  /** Answers what is not 401, 403 or 404 with a good response or throws: the caller knows what to retry and how to report it. */
  readonly fetch: typeof fetch;
  /** For models that ask for consent; sent as a bearer token. */
  readonly token?: string;
}

const revisionSchema = z.object({ sha: z.string(), siblings: z.array(z.object({ rfilename: z.string() })) });

/**
 * Reads the headers of a model on the hub with range requests; the weights are not fetched.
 * @param reference hf://organization/name@<40 hexadecimal digits>, and /path for one file or folder
 * @param declared  the licence that the service declares
 */
export async function readHubModelFacts(reference: string, hub: Hub, declared?: string): Promise<ModelFacts> {
  const parts = /^hf:\/\/([^@]+)@([0-9a-f]{40})(?:\/(.+?)\/?)?$/.exec(reference);
  if (!parts) throw new ConfigurationError(reasonOf('hub.unpinned', { reference }));
  const [, repository = '', revision = '', inside] = parts;

  const answer = await ask(hub, `/api/models/${repository}/revision/${revision}`, reference);
  const listing = revisionSchema.safeParse(await answer.json());
  if (!listing.success) throw new ConfigurationError(reasonOf('hub.other', { hub: hub.url, reference }));
  if (listing.data.sha !== revision)
    throw new ConfigurationError(reasonOf('hub.otherCommit', { hub: hub.url, reference, commit: listing.data.sha }));

  const all = listing.data.siblings.map(file => file.rfilename);
  const paths = inside === undefined ? all : pathsUnder(all, inside);
  if (paths.length === 0)
    throw new ConfigurationError(
      reasonOf('hub.noPath', { repository, path: inside ?? '', commit: revision.slice(0, 12) }),
    );
  // of a folder, files are named from there
  const root = paths.some(path => path === inside) ? posix.dirname(inside ?? '') : (inside ?? '.');
  // a file may have a # or a ? in its name, which encodeURI leaves
  const url = (path: string): string =>
    `/${repository}/resolve/${revision}/${posix.join(root, path).split('/').map(encodeURIComponent).join('/')}`;
  const files: ModelFiles = {
    name: reference,
    paths: paths.map(path => posix.relative(root, path)),
    weights: async (path, read) => await read(await remoteFile(hub, url(path), reference)),
    text: async path => await (await ask(hub, url(path), reference)).text(),
  };
  return await factsOf(files, revision, declared);
}

/**
 * The pinned form of what a person writes: `organization/name`, with `@` and a branch, tag or commit, and a path behind it; `hf://` and the
 * address of the hub's page may stand before.
 */
export async function pinnedReference(written: string, hub: Hub): Promise<string> {
  const [, repository, revision = 'main', path = ''] =
    /^(?:hf:\/\/|https:\/\/[^/]+\/)?(\w[\w.-]*\/\w[\w.-]*)(?:@(\w[\w.-]*)(\/[^?#]+)?)?\/?$/.exec(written.trim()) ?? [];
  if (repository === undefined)
    throw new ConfigurationError(reasonOf('hub.noName', { written: written.slice(0, 100) }));
  const name = `hf://${repository}@${revision}`;
  const answer = await ask(hub, `/api/models/${repository}/revision/${revision}`, name);
  const listing = revisionSchema.safeParse(await answer.json());
  if (!listing.success) throw new ConfigurationError(reasonOf('hub.other', { hub: hub.url, reference: name }));
  return `hf://${repository}@${listing.data.sha}${path}`;
}

/** One file with the other parts of it, or all files of a folder. */
function pathsUnder(all: readonly string[], inside: string): string[] {
  if (!all.includes(inside)) return all.filter(path => path.startsWith(`${inside}/`));
  const stem = splitStem(inside);
  return stem === undefined ? [inside] : all.filter(path => splitStem(path) === stem);
}

async function remoteFile(hub: Hub, path: string, reference: string): Promise<RandomAccess> {
  const range = async (from: number, to: number): Promise<Response> => {
    const response = await ask(hub, path, reference, { Range: `bytes=${from}-${to}` });
    if (response.status !== 206) {
      await response.body?.cancel();
      throw new ConfigurationError(reasonOf('hub.noRanges', { hub: hub.url, path }));
    }
    return response;
  };
  const probe = await range(0, 0);
  await probe.body?.cancel();
  const size = Number(/\/(\d+)$/.exec(probe.headers.get('content-range') ?? '')?.[1]);
  if (!Number.isSafeInteger(size)) throw new ConfigurationError(reasonOf('hub.noLength', { hub: hub.url, path }));
  return {
    name: `${reference}: ${path.split('/').at(-1)}`,
    size,
    async read(offset, length) {
      const bytes = Buffer.from(await (await range(offset, offset + length - 1)).arrayBuffer());
      if (bytes.length !== length)
        throw new ConfigurationError(reasonOf('hub.short', { hub: hub.url, path, bytes: bytes.length, length }));
      return bytes;
    },
  };
}

async function ask(hub: Hub, path: string, reference: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization: Record<string, string> = hub.token === undefined ? {} : { Authorization: `Bearer ${hub.token}` };
  const response = await hub.fetch(`${hub.url}${path}`, { headers: { ...headers, ...authorization } });
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 404) throw new ConfigurationError(reasonOf('hub.unknown', { hub: hub.url, reference, path }));
  if (response.status === 401 || response.status === 403) {
    const advice = hub.token === undefined ? reasonOf('hub.private') : reasonOf('hub.consent');
    throw new ConfigurationError(
      reasonOf('hub.refuses', { hub: hub.url, reference, path, status: response.status, advice }),
    );
  }
  throw new ConfigurationError(reasonOf('hub.answered', { hub: hub.url, status: response.status, path }));
}
