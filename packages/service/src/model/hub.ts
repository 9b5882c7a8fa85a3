import { posix } from 'node:path';
import * as z from 'zod';
import { ConfigurationError } from '../configuration-error.ts';
import { factsOf, splitStem, type ModelFacts, type ModelFiles } from './facts.ts';
import type { RandomAccess } from './random-access.ts';

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
  if (!parts)
    throw new ConfigurationError(
      `${reference} is not a pinned model reference; write hf://organization/name@ and the 40 hexadecimal digits of a commit.`,
    );
  const [, repository = '', revision = '', inside] = parts;

  const answer = await ask(hub, `/api/models/${repository}/revision/${revision}`, reference);
  const listing = revisionSchema.safeParse(await answer.json());
  if (!listing.success)
    throw new ConfigurationError(
      `${hub.url} did not answer like a model hub for ${reference}. Check the address of the hub.`,
    );
  if (listing.data.sha !== revision)
    throw new ConfigurationError(
      `${hub.url} answered ${reference} with the commit ${listing.data.sha}. Pin that commit, or check the address of the hub.`,
    );

  const all = listing.data.siblings.map(file => file.rfilename);
  const paths = inside === undefined ? all : pathsUnder(all, inside);
  if (paths.length === 0)
    throw new ConfigurationError(
      `${repository} has no file or folder ${inside} in its commit ${revision.slice(0, 12)}. Correct the path behind the commit.`,
    );
  // of a folder, files are named from there
  const root = paths.some(path => path === inside) ? posix.dirname(inside ?? '') : (inside ?? '.');
  const url = (path: string): string => `/${repository}/resolve/${revision}/${encodeURI(posix.join(root, path))}`;
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
    throw new ConfigurationError(
      `"${written.slice(0, 100)}" names no model. Write organization/name as on the hub, with @ and a branch, tag or commit behind it if you want.`,
    );
  const name = `hf://${repository}@${revision}`;
  const answer = await ask(hub, `/api/models/${repository}/revision/${revision}`, name);
  const listing = revisionSchema.safeParse(await answer.json());
  if (!listing.success)
    throw new ConfigurationError(
      `${hub.url} did not answer like a model hub for ${name}. Check the address of the hub.`,
    );
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
      throw new ConfigurationError(
        `${hub.url}${path} ignores range requests, so that the header alone cannot be read. Use a hub or a mirror that serves ranges.`,
      );
    }
    return response;
  };
  const probe = await range(0, 0);
  await probe.body?.cancel();
  const size = Number(/\/(\d+)$/.exec(probe.headers.get('content-range') ?? '')?.[1]);
  if (!Number.isSafeInteger(size))
    throw new ConfigurationError(
      `${hub.url}${path} does not tell how long the file is. Use a hub or a mirror that serves ranges.`,
    );
  return {
    name: `${reference}: ${path.split('/').at(-1)}`,
    size,
    async read(offset, length) {
      const bytes = Buffer.from(await (await range(offset, offset + length - 1)).arrayBuffer());
      if (bytes.length !== length)
        throw new ConfigurationError(
          `${hub.url}${path} sent ${bytes.length} bytes of ${length} asked for. Run again; if it stays so, use another mirror.`,
        );
      return bytes;
    },
  };
}

async function ask(hub: Hub, path: string, reference: string, headers: Record<string, string> = {}): Promise<Response> {
  const authorization: Record<string, string> = hub.token === undefined ? {} : { Authorization: `Bearer ${hub.token}` };
  const response = await hub.fetch(`${hub.url}${path}`, { headers: { ...headers, ...authorization } });
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 404)
    throw new ConfigurationError(
      `${hub.url} knows no ${reference} (GET ${path} answered 404). Check the name and the commit; a private model needs a token.`,
    );
  if (response.status === 401 || response.status === 403) {
    const advice =
      hub.token === undefined
        ? 'It is private or asks for consent: give a token that may read it.'
        : 'The token given may not read it: accept the terms on the model page, or use another token.';
    throw new ConfigurationError(
      `${hub.url} refuses ${reference} (GET ${path} answered ${response.status}). ${advice}`,
    );
  }
  throw new ConfigurationError(`${hub.url} answered ${response.status} to GET ${path}. Check the address of the hub.`);
}
