import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobPath, mediaTypes, nameImage, openLayout, readManifest, writeBlob } from '@fairway/image';
import type { Descriptor, Layout } from '@fairway/image';
import { ToolError } from '../tool-error.ts';
import { uploadBlob, uploadPlace } from './content.ts';
import {
  attachArtifact,
  checkPush,
  digestOf,
  headManifest,
  listReferrers,
  manifestTypes,
  mountFrom,
  openRepository,
  parseRepository,
  pushImage,
  putBlob,
} from './index.ts';
import type { RegistryCredentials } from './index.ts';

/** A small registry with a token service, as the distribution specification 1.1 and Docker's token specification describe them. */
interface Behaviour {
  /** Asks for user and password, and knows no tokens. */
  basic?: boolean;
  /** Seconds that a token lasts by its own account, and whether the server forgets it after one use. */
  expiresIn?: number;
  forgets?: boolean;
  referrers?: 'none' | 400 | 404 | 406 | 501 | 'paged' | 'api' | { type: string; body: string };
  /** Takes no request for a part of a blob, as Google's Artifact Registry, or one of no more than so many bytes, as GitHub's. */
  ranges?: 'none' | number;
  /** How far an upload is is said as of its first request, as by Amazon's ECR (aws/containers-roadmap#2831), or not at all. */
  progress?: 'stale' | 'none';
  /** What the registry names as place of an upload. */
  location?: string;
  /** Rights of the user: a push is denied with 401, as Docker Hub does, after the token was given. */
  denies?: boolean;
  /** Headers of a manifest. */
  manifestHeaders?: Record<string, string>;
  /** What the token service answers. */
  tokens?: string;
  /** What it does before that, once each: a status, or a connection that breaks. */
  tokenFaults?: (number | 'breaks')[];
  /** Blobs that another repository has. */
  elsewhere?: Set<string>;
  /** A repository for which no token is given, nor one for others with it, as GitHub's token service does. */
  forbidden?: string;
  /** What a manifest is rejected with. */
  rejects?: { status: number; type: string; body: string };
  /** Sends 429 so often before it takes a manifest. */
  slowDown?: { times: number; retryAfter: string };
  /** Breaks the connection of so many PATCH requests in the middle. */
  drops?: number;
  /** Of so many PUT requests of a blob it keeps a half and breaks the connection or answers 503, or stores it and gives no answer, or has it of another push. */
  dropsPut?: { times: number; when: 'midway' | 'busy' | 'stored' | 'raced' };
  /** Takes no other manifest for a tag than the one that it has, in the words of Amazon ECR. */
  immutable?: boolean;
  /** What cancelling an upload answers. */
  cancels?: number;
  /** Called between reading and writing of a manifest by tag. */
  beforePut?: (tag: string) => void;
}

let server: Server;
let origin: string;
let behaviour: Behaviour;
let tokens: Map<string, { scopes: readonly string[]; uses: number }>;
let manifests: Map<string, { type: string; bytes: Buffer }>;
let blobs: Set<string>;
let upload: Buffer;
let asked: string[];

const user = `Basic ${Buffer.from('jo:secret').toString('base64')}`;

beforeEach(async () => {
  behaviour = {};
  [tokens, manifests, blobs, upload, asked] = [new Map(), new Map(), new Set(), Buffer.alloc(0), []];
  server = createServer((request, response) => void answer(request, response).catch(() => request.destroy()));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  return new Promise(resolve => server.close(resolve));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', `http://${origin}`);
  const reply = (status: number, headers: Record<string, string> = {}, body?: string | Buffer) =>
    void response.writeHead(status, headers).end(body);
  if (url.pathname === '/token') return token(request, url, reply);
  asked.push(`${request.method} ${url.pathname}`);
  if (behaviour.basic && request.headers.authorization !== user)
    return reply(401, { 'www-authenticate': 'Basic realm="registry"' });
  if (behaviour.basic) return reply(404);
  const push = request.method !== 'GET' && request.method !== 'HEAD';
  if (behaviour.denies && push) tokens.clear();
  const known = tokens.get(request.headers.authorization?.slice('Bearer '.length) ?? '');
  const wanted = push ? 'repository:team/a:pull,push' : 'repository:team/a:pull';
  // Docker's registry asks for both rights at once
  const source = url.searchParams.get('from');
  if (
    !known ||
    (behaviour.forgets && known.uses++ > 0) ||
    !known.scopes.some(scope => scope === wanted || scope.endsWith('pull,push')) ||
    (source !== null && !known.scopes.includes(`repository:${source}:pull`))
  ) {
    request.resume();
    const challenge = `Bearer realm="http://${origin}/token",service="registry",scope="${wanted}${source === null ? '' : ` repository:${source}:pull`}"`;
    return reply(401, { 'www-authenticate': challenge }, '{"errors":[{"code":"UNAUTHORIZED"}]}');
  }
  const [, kind = '', reference = ''] = /^\/v2\/team\/a\/(\w+)\/(.*)$/.exec(url.pathname) ?? [];
  if (kind === 'referrers') return referrers(reference, url, reply);
  if (kind === 'manifests' && request.method === 'PUT') {
    const bytes = await bodyOf(request);
    if (behaviour.rejects)
      return reply(behaviour.rejects.status, { 'content-type': behaviour.rejects.type }, behaviour.rejects.body);
    if (behaviour.slowDown && behaviour.slowDown.times-- > 0)
      return reply(429, { 'retry-after': behaviour.slowDown.retryAfter });
    behaviour.beforePut?.(reference);
    const isTag = !reference.startsWith('sha256:');
    if (behaviour.immutable && isTag && manifests.has(reference)) {
      const message = `The image tag '${reference}' already exists in the 'a' repository and cannot be overwritten because the tag is immutable.`;
      return reply(400, {}, JSON.stringify({ errors: [{ code: 'TAG_INVALID', message }] }));
    }
    const type = request.headers['content-type'] ?? '';
    for (const key of [reference, digestOf(bytes)]) manifests.set(key, { type, bytes });
    const subject = (JSON.parse(bytes.toString()) as { subject?: { digest: string } }).subject?.digest;
    const headers: Record<string, string> = behaviour.referrers === 'api' && subject ? { 'oci-subject': subject } : {};
    return reply(201, { 'docker-content-digest': digestOf(bytes), ...headers });
  }
  if (kind === 'manifests') {
    const found = manifests.get(reference);
    const headers = { 'content-type': found?.type ?? '', ...behaviour.manifestHeaders };
    return found ? reply(200, headers, found.bytes) : reply(404);
  }
  if (kind === 'blobs') return blob(request, url, reference, reply);
  return reply(kind === '' && url.pathname === '/v2/' ? 200 : 404);
}

type Reply = (status: number, headers?: Record<string, string>, body?: string | Buffer) => void;

async function token(request: IncomingMessage, url: URL, reply: Reply): Promise<void> {
  const form = new URLSearchParams((await bodyOf(request)).toString());
  const scopes = request.method === 'POST' ? (form.get('scope') ?? '').split(' ') : url.searchParams.getAll('scope');
  asked.push(`token ${scopes.join(' ')}`);
  const right =
    request.method === 'POST' ? form.get('refresh_token') === 'refresh' : request.headers.authorization === user;
  if (!right) return reply(401, {}, '{"errors":[{"code":"UNAUTHORIZED","message":"wrong"}]}');
  if (behaviour.forbidden && scopes.some(scope => scope.includes(behaviour.forbidden!)))
    return reply(403, {}, '{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}');
  const fault = behaviour.tokenFaults?.shift();
  if (fault === 'breaks') return void request.socket.destroy();
  if (fault !== undefined) return reply(fault, { 'retry-after': '0' });
  const text = randomBytes(8).toString('hex');
  tokens.set(text, { scopes, uses: 0 });
  reply(200, {}, behaviour.tokens ?? JSON.stringify({ token: text, expires_in: behaviour.expiresIn }));
}

function referrers(subject: string, url: URL, reply: Reply): void {
  if (typeof behaviour.referrers === 'object')
    return reply(200, { 'content-type': behaviour.referrers.type }, behaviour.referrers.body);
  if (behaviour.referrers === 'api') {
    const referring = [...manifests].filter(
      ([key, { bytes }]) => key.startsWith('sha256:') && bytes.includes(`"digest":"${subject}"`),
    );
    const listed = referring.map(([digest, { type, bytes }]) => ({ mediaType: type, digest, size: bytes.length }));
    return reply(200, { 'content-type': manifestTypes.index }, JSON.stringify({ manifests: listed }));
  }
  if (behaviour.referrers !== 'paged')
    return reply(typeof behaviour.referrers === 'number' ? behaviour.referrers : 404);
  const page = Number(url.searchParams.get('page') ?? 1);
  const link = page < 3 ? { link: `</v2/team/a/referrers/${subject}?page=${page + 1}>; rel="next"` } : undefined;
  const one = { mediaType: manifestTypes.image, digest: `sha256:${String(page).repeat(64)}`, size: 1 };
  reply(200, { 'content-type': manifestTypes.index, ...link }, JSON.stringify({ manifests: [one] }));
}

async function blob(request: IncomingMessage, url: URL, reference: string, reply: Reply): Promise<void> {
  const place = { location: '/v2/team/a/blobs/uploads/1', range: `0-${upload.length - 1}` };
  switch (request.method) {
    case 'HEAD':
      return reply(blobs.has(reference) ? 200 : 404);
    case 'POST':
      if (behaviour.elsewhere?.has(url.searchParams.get('mount') ?? '')) {
        blobs.add(url.searchParams.get('mount')!);
        return reply(201, { location: `/v2/team/a/blobs/${url.searchParams.get('mount')}` });
      }
      upload = Buffer.alloc(0);
      return reply(202, { location: behaviour.location ?? place.location });
    case 'GET':
      return reply(204, place);
    case 'DELETE':
      return reply(behaviour.cancels ?? 204);
    case 'PATCH': {
      const [range, start = ''] = /^(\d+)-\d+$/.exec(request.headers['content-range'] ?? '') ?? [];
      const tooLarge =
        typeof behaviour.ranges === 'number' && Number(request.headers['content-length']) > behaviour.ranges;
      if (range !== undefined && (behaviour.ranges === 'none' || tooLarge)) {
        request.resume();
        return reply(416);
      }
      if (Number(start) !== upload.length) return reply(416, place);
      const drops = (behaviour.drops ?? 0) > 0;
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of request) {
        chunks.push(chunk as Buffer);
        size += (chunk as Buffer).length;
        if (drops && size > 1_000_000) {
          behaviour.drops!--;
          upload = Buffer.concat([upload, ...chunks]);
          return void request.socket.destroy();
        }
      }
      upload = Buffer.concat([upload, ...chunks]);
      if (behaviour.progress === 'none') return reply(202);
      return reply(202, { ...place, range: behaviour.progress === 'stale' ? '0-16777215' : `0-${upload.length - 1}` });
    }
    default: {
      const drops = behaviour.dropsPut && behaviour.dropsPut.times-- > 0 ? behaviour.dropsPut.when : undefined;
      upload = Buffer.concat([upload, await bodyOf(request)]);
      if (drops === 'midway' || drops === 'busy') {
        upload = upload.subarray(0, upload.length / 2);
        return drops === 'busy' ? reply(503) : void request.socket.destroy();
      }
      const digest = `sha256:${createHash('sha256').update(upload).digest('hex')}`;
      blobs.add(digest);
      upload = Buffer.alloc(0);
      if (drops === 'stored') return void request.socket.destroy();
      if (drops === 'raced')
        return reply(400, {}, '{"errors":[{"code":"BLOB_UPLOAD_INVALID","message":"blob upload invalid"}]}');
      return reply(digest === url.searchParams.get('digest') ? 201 : 400);
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const open = (credentials: RegistryCredentials = { username: 'jo', password: 'secret' }) =>
  openRepository(parseRepository(`${origin}/team/a`), credentials, new AbortController().signal);
const subject = { mediaType: manifestTypes.image, digest: `sha256:${'a'.repeat(64)}`, size: 1 };
const sbom = (text: string, title = 'sbom.json') => ({
  artifactType: 'application/vnd.cyclonedx+json',
  content: Buffer.from(text),
  title,
});

test('a token for pulling is changed for one for pushing, and not back', async () => {
  const client = open();
  await client.send({ method: 'GET', path: 'manifests/none', expect: [404] });
  await putBlob(client, 'text/plain', Buffer.from('a'));
  expect(asked.filter(line => line.startsWith('token'))).toEqual([
    'token repository:team/a:pull',
    'token repository:team/a:pull repository:team/a:pull,push',
  ]);
});

test('requests that the registry asks for a password at the same time all send it, and a wrong one is said', async () => {
  behaviour.basic = true;
  const look = (client = open()) => client.send({ method: 'GET', path: 'manifests/none', expect: [404] });
  const client = open();
  await Promise.all([look(client), look(client), look(client)]);
  expect(asked).toHaveLength(6);
  await expect(look(open({ username: 'jo', password: 'x' }))).rejects.toThrow('does not accept the credentials');
});

test('a token that the registry forgets in the middle is renewed', async () => {
  behaviour.forgets = true;
  await putBlob(open(), 'text/plain', Buffer.from('a'));
  expect(blobs.has(digestOf('a'))).toBe(true);
});

test('a token is renewed before it ends', async () => {
  jest.useFakeTimers({
    now: 0,
    doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'setInterval', 'queueMicrotask'],
  });
  try {
    behaviour.expiresIn = 300;
    const client = open();
    const look = () => client.send({ method: 'GET', path: 'manifests/none', expect: [404] });
    const fetched = () => asked.filter(line => line.startsWith('token')).length;
    await look();
    jest.setSystemTime(280_000);
    await look();
    expect(fetched()).toBe(1);
    jest.setSystemTime(295_000);
    await look();
    expect(fetched()).toBe(2);
  } finally {
    jest.useRealTimers();
  }
});

test('an identity token is changed for an access token by POST; wrong ones and wrong passwords are said once', async () => {
  await putBlob(open({ identityToken: 'refresh' }), 'text/plain', Buffer.from('a'));
  expect(blobs.size).toBe(1);
  await expect(putBlob(open({ identityToken: 'old' }), 'text/plain', Buffer.from('b'))).rejects.toThrow(
    '/token ended with 401',
  );
  await expect(putBlob(open({ username: 'jo', password: 'x' }), 'text/plain', Buffer.from('b'))).rejects.toThrow(
    'does not accept the credentials of the user "jo": check username and password.',
  );
});

test.each([
  ['a number of seconds', () => '1'],
  ['a date', () => new Date(Date.now() + 3_000).toUTCString()],
])('Retry-After as %s is waited for', async (_name, retryAfter) => {
  behaviour.slowDown = { times: 1, retryAfter: retryAfter() };
  const began = Date.now();
  const put = { method: 'PUT', path: 'manifests/a', body: '{}', expect: [201] } as const;
  await open().send(put);
  expect(Date.now() - began).toBeGreaterThan(900);
});

test('a registry that asks to wait for an hour is not waited for', async () => {
  behaviour.slowDown = { times: 1, retryAfter: '3600' };
  const put = { method: 'PUT', path: 'manifests/a', body: '{}', expect: [201] } as const;
  await expect(open().send(put)).rejects.toThrow('asks to slow down: try again after 3600 s.');
});

test('an upload that breaks off goes on where the registry has it', async () => {
  behaviour.drops = 2;
  const content = randomBytes(18 << 20);
  await putBlob(open(), 'application/octet-stream', content);
  expect(blobs).toEqual(new Set([digestOf(content)]));
  expect(asked.filter(line => line.startsWith('PATCH'))).toHaveLength(3);
  expect(asked.filter(line => line.startsWith('POST'))).toHaveLength(2);
});

test.each<[string, Behaviour]>([
  ['a registry that takes no parts', { ranges: 'none' }],
  ['a registry that takes small parts alone', { ranges: 4 << 20 }],
  ['a registry whose progress is old', { progress: 'stale' }],
  ['a registry that does not say how far it is, nor where to go on', { progress: 'none' }],
  ['one that takes no parts, where the connection breaks', { ranges: 'none', drops: 1 }],
  ['one that breaks the connection at the end', { dropsPut: { times: 1, when: 'midway' } }],
  ['one that fails at the end', { dropsPut: { times: 1, when: 'busy' } }],
  ['one that takes no parts and fails at the end', { ranges: 'none', dropsPut: { times: 1, when: 'busy' } }],
  ['one that another push has given it meanwhile', { dropsPut: { times: 1, when: 'raced' } }],
  ['one that stores it and gives no answer', { dropsPut: { times: 1, when: 'stored' } }],
])('%s gets a large blob', async (_name, so) => {
  behaviour = so;
  const content = randomBytes(18 << 20);
  await putBlob(open(), 'application/octet-stream', content);
  expect(blobs).toEqual(new Set([digestOf(content)]));
});

test.each([
  ['relative to the request', () => '1'],
  ['with a query', () => '/v2/team/a/blobs/uploads/1?_state=a%2Bb%3D%3D'],
  ['as an address', () => `http://${origin}/v2/team/a/blobs/uploads/1`],
])('a place to upload to %s is found (RFC 9110, 10.2.2)', async (_name, location) => {
  behaviour.location = location();
  await putBlob(open(), 'text/plain', Buffer.from('a'));
  expect(blobs.size).toBe(1);
  expect(asked.at(-1)).toBe('PUT /v2/team/a/blobs/uploads/1');
});

test('a place that a registry behind a proxy names without TLS is asked for with it, and that of another host as it is', () => {
  const client = openRepository(parseRepository('r.example/a'), {}, new AbortController().signal);
  const answer = (location: string) =>
    Object.defineProperty(new Response(null, { headers: { location } }), 'url', {
      value: 'https://r.example/v2/a/blobs/uploads/',
    });
  expect(uploadPlace(client, answer('http://r.example/v2/a/blobs/uploads/1'))).toBe(
    'https://r.example/v2/a/blobs/uploads/1',
  );
  expect(uploadPlace(client, answer('http://s.example/1'))).toBe('http://s.example/1');
});

test('who has a token and too few rights is not said to have a wrong password', async () => {
  behaviour.denies = true;
  await expect(putBlob(open(), 'text/plain', Buffer.from('a'))).rejects.toThrow(
    'knows the user "jo" but does not let it do this: ask for push rights on team/a, and look whether the repository exists.',
  );
});

test('a token service that is restarted or asks to slow down ends no push', async () => {
  behaviour.tokenFaults = [503, 'breaks', 429];
  await putBlob(open(), 'text/plain', Buffer.from('a'));
  expect(blobs.size).toBe(1);
  behaviour.tokenFaults = Array.from({ length: 12 }, () => 'breaks');
  await expect(headManifest(open(), 'a')).rejects.toThrow(
    `The registry sends clients to ${origin} for tokens, which cannot be reached: check that it runs.`,
  );
});

const nginx = (status: string) =>
  `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
const errors = (code: string, message: string, detail?: unknown) =>
  JSON.stringify({ errors: [{ code, message, detail }] });

// in the registries' own words: goharbor/harbor#17390, jib#3057, distribution's storage drivers, nginx, the token service of RFC 6749, Amazon's gateway
test.each<[string, number, string, string, RegExp]>([
  [
    'Harbor over its quota',
    403,
    'application/json',
    errors(
      'DENIED',
      'adding 29.0 MiB of storage resource, which when updated to current usage of 152.4 MiB will exceed the configured upper limit of 10.0 MiB.',
    ),
    /403: DENIED: adding 29\.0 MiB .* upper limit of 10\.0 MiB\. The registry \S+ has no room for more in team\/a: delete images/,
  ],
  [
    'Nexus without redeployment',
    400,
    'application/json',
    errors('BLOB_UPLOAD_INVALID', 'blob upload invalid', 'Repository does not allow updating assets: docker'),
    /blob upload invalid: Repository does not allow updating assets: docker\. Another image has the tag a, and the registry lets nobody change it/,
  ],
  [
    "Docker's registry on a full disk",
    507,
    'application/json',
    errors('UNKNOWN', 'unknown error', { DriverName: 'filesystem', Enclosed: { Op: 'write', Path: '/r', Err: 28 } }),
    /unknown error: \{"DriverName":"filesystem".* has no room for more in team\/a/,
  ],
  [
    'nginx with a limit',
    413,
    'text/html',
    nginx('413 Request Entity Too Large'),
    /413: 413 Request Entity Too Large\. What stands before the registry \S+ takes no request of this size/,
  ],
  ['an API gateway', 403, 'application/json', '{"message":"Forbidden"}', /403: Forbidden\. .* ask for push rights/],
  [
    'OAuth',
    400,
    'application/json',
    '{"error":"invalid_scope","error_description":"The scope is unknown"}',
    /400: invalid_scope: The scope is unknown$/,
  ],
  [
    'an object store',
    403,
    'application/xml',
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
    /403: AccessDenied\./,
  ],
  ['what says nothing', 400, 'application/json', 'null', /400: null$/],
])('%s is said in one paragraph', async (_name, status, type, body, said) => {
  behaviour.rejects = { status, type, body };
  const put = open().send({ method: 'PUT', path: 'manifests/a', body: '{}', expect: [201], repeat: false });
  const error = await put.catch((caught: Error) => caught);
  expect(error).toBeInstanceOf(ToolError);
  expect((error as Error).message).toMatch(said);
  expect((error as Error).message).not.toMatch(/\n|<|undefined|\[object/);
});

test('a token service that answers with a page is said', async () => {
  behaviour.tokens = '<html>Log in</html>';
  await expect(putBlob(open(), 'text/plain', Buffer.from('a'))).rejects.toThrow(
    'the token service did not answer in JSON.',
  );
});

test('the size and the type of a manifest are its own, whatever a proxy makes of its headers', async () => {
  const bytes = Buffer.from('{"a":1}');
  manifests.set('latest', { type: `${manifestTypes.image}; charset=utf-8`, bytes });
  const expected = { mediaType: manifestTypes.image, digest: digestOf(bytes), size: bytes.length };
  expect(await headManifest(open(), 'latest')).toEqual(expected);
  behaviour.manifestHeaders = { 'docker-content-digest': digestOf(bytes), 'transfer-encoding': 'chunked' };
  expect(await headManifest(open(), 'latest')).toEqual(expected);
});

test.each([
  ['of another type', { type: 'application/json', body: JSON.stringify({ manifests: [subject] }) }, [subject]],
  ['that is null', { type: manifestTypes.index, body: '{"manifests":null}' }, []],
  ['that is a page for people', { type: 'text/html', body: '<html></html>' }, []],
])('a list of referrers %s', async (_name, referrers, expected) => {
  behaviour.referrers = referrers;
  expect(await listReferrers(open(), subject.digest)).toEqual(expected);
});

test.each([
  ['midway, and begins anew', 'midway', 2],
  ['with an error of the registry, and begins anew', 'busy', 2],
  ['after the registry stored it, and is not sent again', 'stored', 1],
] as const)('the last request of an upload breaks off %s', async (_case, when, sent) => {
  behaviour.dropsPut = { times: 1, when };
  await putBlob(open(), 'text/plain', Buffer.from('content'));
  expect(blobs).toEqual(new Set([digestOf('content')]));
  const begun = asked.indexOf('POST /v2/team/a/blobs/uploads/');
  // the first is answered with a challenge for the right to push
  expect(asked.slice(begun + 1).filter(line => line.startsWith('POST'))).toHaveLength(sent);
  expect(asked.filter(line => line.startsWith('PUT'))).toHaveLength(sent);
});

test('bytes that are not those of the digest are rejected', async () => {
  const tampered = { mediaType: 'text/plain', digest: digestOf('layer'), size: 5 };
  await expect(uploadBlob(open(), { ...tampered, read: async () => Buffer.from('lager') })).rejects.toThrow(
    /PUT .*\/blobs\/uploads\/1\?digest=.* ended with 400/,
  );
});

describe('a blob that the repository of the base may have', () => {
  const content = Buffer.from('a layer');
  const blobOf = { mediaType: mediaTypes.gzipLayer, digest: digestOf(content), size: content.length };
  const send = (mount = mountFrom(open(), ['team/base'])) =>
    uploadBlob(open(), { ...blobOf, read: async (start, end) => content.subarray(start, end) }, mount);

  test('is mounted from there, and not sent', async () => {
    behaviour.elsewhere = new Set([blobOf.digest]);
    expect(await send()).toBe(false);
    expect(blobs).toEqual(new Set([blobOf.digest]));
    expect(asked.filter(line => line.startsWith('PUT'))).toEqual([]);
    expect(asked).toContain('token repository:team/a:pull,push repository:team/base:pull');
  });

  test('is sent by the upload that the registry began where it is not there', async () => {
    expect(await send()).toBe(true);
    expect(asked.filter(line => line.startsWith('POST'))).toHaveLength(2);
  });

  test('is sent where the user may not read there, who is asked once', async () => {
    behaviour.forbidden = 'team/base';
    const mount = mountFrom(open(), ['team/base']);
    expect(await send(mount)).toBe(true);
    blobs.clear();
    expect(await send(mount)).toBe(true);
    expect(blobs).toEqual(new Set([blobOf.digest]));
    expect(asked.filter(line => line.startsWith('token') && line.includes('team/base'))).toHaveLength(1);
  });
});

test('a registry with the referrers API keeps the list itself, and no tag is written', async () => {
  behaviour.referrers = 'api';
  const attached = await attachArtifact(open(), subject, sbom('{}'));
  expect((await listReferrers(open(), subject.digest)).map(({ digest }) => digest)).toEqual([attached.digest]);
  expect([...manifests.keys()].filter(key => !key.startsWith('sha256:'))).toEqual([]);
  const before = asked.filter(line => line.startsWith('PUT')).length;
  await attachArtifact(open(), subject, sbom('{}'));
  expect(asked.filter(line => line.startsWith('PUT'))).toHaveLength(before);
});

describe('a registry whose tags are immutable', () => {
  let folder: string;
  let layout: Layout;
  const push = ({ digest }: Descriptor) => pushImage(open(), layout, { digest, tag: '1', progress() {} });

  beforeEach(async () => {
    behaviour.immutable = true;
    folder = await mkdtemp(join(tmpdir(), 'fairway-push-'));
    layout = await openLayout(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function image(text: string): Promise<Descriptor> {
    const json = (value: object) => [Buffer.from(JSON.stringify(value))];
    const layers = [await writeBlob(layout, mediaTypes.gzipLayer, [Buffer.from(text)])];
    const config = await writeBlob(layout, mediaTypes.config, json({ of: text }));
    const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
    const written = await writeBlob(layout, mediaTypes.manifest, json(manifest));
    await nameImage(layout, text, written);
    return written;
  }

  test('takes an image again that it has, and another one under the tag is said with what to do', async () => {
    const descriptor = await image('one');
    await push(descriptor);
    expect(await push(descriptor)).toEqual({ descriptor, sent: { blobs: 0, bytes: 0 } });
    await expect(push(await image('two'))).rejects.toThrow(
      /the tag is immutable.* give the service a repository of its own\.$/s,
    );
  });

  test('and has no referrers API is said with the tags to exempt', async () => {
    behaviour.referrers = 404;
    await attachArtifact(open(), subject, sbom('{"a":1}'));
    await expect(attachArtifact(open(), subject, sbom('{}', 'other.json'))).rejects.toThrow(
      /exempt tags that begin with "sha256-" from the rule\.$/,
    );
  });

  test('a layer that was changed on the disk ends in no registry', async () => {
    const descriptor = await image('three');
    const [layer] = (await readManifest(layout, descriptor.digest)).layers;
    await writeFile(blobPath(layout, layer!.digest), 'THREE');
    await expect(push(descriptor)).rejects.toThrow(/blobs\/uploads\/1\?digest=.* ended with 400/);
    expect(manifests.has('1')).toBe(false);
  });
});

test('a list of referrers in pages is read to its end', async () => {
  behaviour.referrers = 'paged';
  expect(await listReferrers(open(), subject.digest)).toHaveLength(3);
});

test.each([400, 404, 406, 501] as const)(
  'a registry that answers %d has no referrers API: the tag has them, others’ too',
  async status => {
    behaviour.referrers = status;
    const theirs = {
      mediaType: manifestTypes.image,
      digest: `sha256:${'b'.repeat(64)}`,
      size: 1,
      artifactType: sbom('').artifactType,
    };
    const index = JSON.stringify({ schemaVersion: 2, mediaType: manifestTypes.index, manifests: [theirs] });
    manifests.set(subject.digest.replace(':', '-'), { type: manifestTypes.index, bytes: Buffer.from(index) });
    const client = open();
    await attachArtifact(client, subject, sbom('{"a":1}'));
    const second = await attachArtifact(client, subject, sbom('{"a":2}'));
    expect((await listReferrers(client, subject.digest)).map(({ digest }) => digest)).toEqual([
      theirs.digest,
      second.digest,
    ]);
  },
);

test('an entry that another writer left out of the list is written again', async () => {
  let others = 1;
  behaviour.beforePut = tag => {
    if (!tag.startsWith('sha256-') || others-- <= 0) return;
    // the other one read before us and writes after us
    setImmediate(() => manifests.set(tag, { type: manifestTypes.index, bytes: Buffer.from('{"manifests":[]}') }));
  };
  const client = open();
  const attached = await attachArtifact(client, subject, sbom('{}'));
  expect((await listReferrers(client, subject.digest)).map(({ digest }) => digest)).toEqual([attached.digest]);
});

test.each([204, 404, 405])(
  'the right to push is proved by an upload that is cancelled (%d), and its lack is said',
  async cancels => {
    behaviour.cancels = cancels;
    await checkPush(open());
    expect(asked.filter(line => !line.startsWith('token')).slice(-2)).toEqual([
      'POST /v2/team/a/blobs/uploads/',
      'DELETE /v2/team/a/blobs/uploads/1',
    ]);
    await expect(checkPush(open({}))).rejects.toThrow('asks for credentials and none were given');
  },
);
