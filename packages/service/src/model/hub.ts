import { posix } from 'node:path';
import * as z from 'zod';
import { ConfigurationError } from '../configuration-error.ts';
import { factsOf, splitStem, type ModelFacts, type ModelFiles } from './facts.ts';
import type { FileHash } from './file-hash.ts';
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

const siblingSchema = z.object({
  rfilename: z.string(),
  size: z.number().int().nonnegative().optional(),
  blobId: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
  lfs: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }).nullish(),
});
type Sibling = z.infer<typeof siblingSchema>;
const revisionSchema = z.object({ sha: z.string(), siblings: z.array(siblingSchema) });

/**
 * Reads the headers of a model on the hub with range requests; the weights are not fetched.
 * @param reference hf://organization/name@<40 hexadecimal digits>, and /path for one file or folder
 * @param declared  the licence that the service declares
 */
export async function readHubModelFacts(reference: string, hub: Hub, declared?: string): Promise<ModelFacts> {
  const model = await hubModelFiles(reference, hub);
  return await factsOf(model, model.revision, declared);
}

/** The files that a reference names, read with range requests. */
export async function hubModelFiles(reference: string, hub: Hub): Promise<ModelFiles & { readonly revision: string }> {
  const { revision, files } = await listFiles(reference, hub);
  const url = (path: string): string => files.find(file => file.path === path)?.url ?? '';
  return {
    name: reference,
    revision,
    paths: files.map(({ path }) => path),
    weights: async (path, read) => await read(await remoteFile(hub, url(path), reference)),
    text: async path => await (await askHub(hub, url(path), reference)).text(),
  };
}

interface ListedFile {
  /** From the folder that the reference names, or that of the file that it names. */
  readonly path: string;
  /** Below the address of the hub. */
  readonly url: string;
  readonly listed: Sibling;
}

/**
 * What a reference names at its commit.
 * @param query what the hub is to say beside the names, such as `?blobs=true`
 */
async function listFiles(
  reference: string,
  hub: Hub,
  query = '',
): Promise<{ readonly revision: string; readonly files: readonly ListedFile[] }> {
  const { repository, revision, inside } = referenceParts(reference);
  const answer = await askHub(hub, `/api/models/${repository}/revision/${revision}${query}`, reference);
  const listing = revisionSchema.safeParse(await answer.json());
  if (!listing.success) throw new ConfigurationError(reasonOf('hub.other', { hub: hub.url, reference }));
  if (listing.data.sha !== revision)
    throw new ConfigurationError(reasonOf('hub.otherCommit', { hub: hub.url, reference, commit: listing.data.sha }));

  const all = new Map(listing.data.siblings.map(file => [file.rfilename, file]));
  const names = [...all.keys()];
  const paths = inside === undefined ? names : pathsUnder(names, inside);
  if (paths.length === 0)
    throw new ConfigurationError(
      reasonOf('hub.noPath', { repository, path: inside ?? '', commit: revision.slice(0, 12) }),
    );
  // of a folder, files are named from there
  const root = paths.some(path => path === inside) ? posix.dirname(inside ?? '') : (inside ?? '.');
  const files = paths.map(path => ({
    path: posix.relative(root, path),
    // a file may have a # or a ? in its name, which encodeURI leaves
    url: `/${repository}/resolve/${revision}/${path.split('/').map(encodeURIComponent).join('/')}`,
    listed: all.get(path)!,
  }));
  return { revision, files };
}

/**
 * What a pinned reference is made of.
 * @throws ConfigurationError for one without a whole commit
 */
export function referenceParts(reference: string): {
  readonly repository: string;
  readonly revision: string;
  /** One file or folder. */
  readonly inside?: string;
} {
  const parts = /^hf:\/\/([^@]+)@([0-9a-f]{40})(?:\/(.+?)\/?)?$/.exec(reference);
  if (!parts) throw new ConfigurationError(reasonOf('hub.unpinned', { reference }));
  const [, repository = '', revision = '', inside] = parts;
  return { repository, revision, inside };
}

/** A file of the hub with what its content must be. */
export interface HubFile {
  readonly path: string;
  /** Below the address of the hub. */
  readonly url: string;
  readonly size: number;
  /** Of a file in large file storage the SHA-256, of others git's own. */
  readonly hash: FileHash;
}

/**
 * Formats that no engine here loads: of other frameworks, or such as may run code when they are loaded, which repositories have beside the same
 * weights in another one; and what only git reads.
 */
const unused = /(?:\.(?:bin|pt|pth|ckpt|pkl|h5|msgpack|ot|onnx|onnx_data|tflite|mlmodel|pdparams)|(?:^|\/)\.git[^/]*)$/;

/** Whether a file of a repository is one that no engine loads. */
export function isUnused({ path }: Pick<HubFile, 'path'>): boolean {
  return unused.test(path);
}

/**
 * Every file that a reference names, with size and hash as the commit has them.
 * @throws ConfigurationError for a hub that leaves a hash out
 */
export async function hubFiles(reference: string, hub: Hub): Promise<readonly HubFile[]> {
  const { files } = await listFiles(reference, hub, '?blobs=true');
  return files.map(({ path, url, listed: { size, blobId, lfs } }) => {
    // git has no such name, and it would lead out of the folder
    if (path.split('/').includes('..'))
      throw new ConfigurationError(reasonOf('hub.other', { hub: hub.url, reference }));
    // what stands beside `lfs` is of the text file that points to the content
    if (lfs) return { path, url, size: lfs.size, hash: { kind: 'sha256', hex: lfs.sha256 } };
    if (size === undefined || blobId === undefined)
      throw new ConfigurationError(reasonOf('hub.noHash', { hub: hub.url, reference, path }));
    return { path, url, size, hash: { kind: 'git', hex: blobId } };
  });
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
  const answer = await askHub(hub, `/api/models/${repository}/revision/${revision}`, name);
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
    const response = await askHub(hub, path, reference, { Range: `bytes=${from}-${to}` });
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

/**
 * Asks a hub for what a reference names.
 * @throws ConfigurationError that says what to do where the hub does not give it
 */
export async function askHub(
  hub: Hub,
  path: string,
  reference: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  const authorization: Record<string, string> = hub.token === undefined ? {} : { Authorization: `Bearer ${hub.token}` };
  const response = await hub.fetch(`${hub.url}${path}`, { headers: { ...headers, ...authorization }, signal });
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
