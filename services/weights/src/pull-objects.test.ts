import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketDouble } from '../../../test/fixtures/bucket-double.ts';
import type { BucketDouble } from '../../../test/fixtures/bucket-double.ts';
import { hubDouble } from '../../../test/fixtures/hub-double.ts';
import { openBucket } from './object-store.ts';
import { pullObjects } from './pull-objects.ts';

const main = join(import.meta.dirname, 'main.ts');
const files = { 'config.json': Buffer.from('{}'), 'sub/größe 1.safetensors': Buffer.alloc(300_000, 'weights ') };
let root: string;
let folder: string;
let store: BucketDouble;
let digest: string;
let said: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-objects-'));
  folder = join(root, 'weights');
  await mkdir(folder);
  store = await bucketDouble();
  said = [];
  for (const [path, content] of Object.entries(files)) store.objects.set(`team/tiny/${path}`, content);
  await putSums(Object.keys(files));
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true });
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
});

/** The list that GNU's sha256sum writes. */
async function putSums(paths: readonly string[]): Promise<void> {
  const from = join(root, 'source');
  await mkdir(join(from, 'sub'), { recursive: true });
  for (const path of paths) await writeFile(join(from, path), files[path as keyof typeof files]);
  putList(execFileSync('sha256sum', [...paths], { cwd: from }));
}

function putList(list: Buffer): void {
  store.objects.set('team/tiny/SHA256SUMS', list);
  digest = execFileSync('sha256sum', { input: list }).toString().split(' ')[0]!;
}

const bucket = 's3://models/team/tiny';
const noHub = { url: 'http://127.0.0.1:1', fetch };

const pull = (more: Partial<Parameters<typeof pullObjects>[0]> = {}, address = bucket) =>
  pullObjects({
    ...{ bucket: address, hashes: `sha256:${digest}`, reference: '', name: digest, folder, hub: noHub },
    ...{ store: openBucket({ address, endpoint: store.url }), times: { beat: 40, gone: 400 } },
    ...{ signal: new AbortController().signal, say: text => said.push(text) },
    ...more,
  });

test('the files of the list become a folder, and the next pod finds it', async () => {
  store.objects.set('team/tiny/other.bin', Buffer.from('not asked for'));
  await pull();
  for (const [path, content] of Object.entries(files))
    expect((await readFile(join(folder, digest, path))).equals(content)).toBe(true);
  expect((await readdir(folder)).toSorted()).toEqual([digest, `${digest}.json`].toSorted());
  expect(store.asked.map(({ key }) => key)).not.toContain('team/tiny/other.bin');
  const asked = store.asked.length;
  await pull();
  expect(store.asked).toHaveLength(asked);
  expect(said.at(-1)).toBe('s3://models/team/tiny is there already.');
});

test('a file that breaks off goes on where it was', async () => {
  store.most = 100_000;
  await pull();
  const path = 'sub/größe 1.safetensors';
  expect((await readFile(join(folder, digest, path))).equals(files[path])).toBe(true);
  const ranges = store.asked.filter(({ key }) => key.endsWith(path)).map(({ range }) => range);
  expect(ranges[0]).toBeUndefined();
  expect(ranges.length).toBeGreaterThan(1);
  expect(ranges.slice(1).every(range => /^bytes=[1-9]\d*-$/.test(range ?? ''))).toBe(true);
});

test('a model that changed under the digest of its list is refused, and leaves nothing', async () => {
  const changed = Buffer.from(files['config.json']);
  changed[0] = '['.charCodeAt(0);
  store.objects.set('team/tiny/config.json', changed);
  await expect(pull()).rejects.toThrow(
    /^config\.json of s3:\/\/models\/team\/tiny is not what SHA256SUMS has: its SHA-256 is [0-9a-f]{64}, and it must be 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\. Nothing of it was taken/,
  );
  expect(await readdir(folder)).toEqual([]);
});

test('so is a list that changed', async () => {
  const before = digest;
  await putSums(['config.json']);
  await expect(pull({ hashes: `sha256:${before}` })).rejects.toThrow(
    `SHA256SUMS has the digest sha256:${digest}, and model.weights.hashes is sha256:${before}: somebody changed the list`,
  );
});

test.each([
  ['nonsense', /^Line 1 of SHA256SUMS is "nonsense", and must be/],
  [`SHA256 (a) = ${'a'.repeat(64)}`, /^Line 1 of SHA256SUMS is "SHA256 \(a\)/],
  [`${'a'.repeat(64)}  ../a`, /^Line 1 of SHA256SUMS names \.\.\/a, which is no path inside/],
  [`${'a'.repeat(64)}  /a`, /no path inside/],
  ['\n', /names no file/],
])('the list %j is none', async (list, expected) => {
  putList(Buffer.from(list));
  await expect(pull()).rejects.toThrow(expected);
});

test('the hashes of the commit at the hub do as well, without the files that no engine loads', async () => {
  const hub = await hubDouble({
    ...files,
    'pytorch_model.bin': Buffer.from('pickle'),
    '.gitattributes': Buffer.from('x'),
  });
  try {
    const reference = `hf://team/tiny@${hub.commit}`;
    const hashed = { hashes: 'hub', reference, name: hub.commit, hub: { url: hub.url, fetch } };
    await pull(hashed);
    expect((await readdir(join(folder, hub.commit))).toSorted()).toEqual(['config.json', 'sub']);
    await rm(join(folder, hub.commit), { recursive: true });
    store.objects.set('team/tiny/config.json', Buffer.from('[]'));
    // git hash-object of [] and {}
    await expect(pull(hashed)).rejects.toThrow(
      `config.json of ${bucket} is not what ${reference} has: its git hash (SHA-1) is 0637a088a01e8ddab3bf3fa98dbe804cbde1a0dc, and it must be 9e26dfeeb6e641a33dae4961196235bdb965b21b.`,
    );
  } finally {
    await hub.close();
  }
});

test.each([
  ['team/none', () => {}, /none\/SHA256SUMS is not in the bucket of .*Make the list in the folder of the model/],
  [
    'team/tiny',
    () => void store.objects.delete('team/tiny/config.json'),
    /tiny\/config\.json is not in the bucket of .*the list of hashes names it/,
  ],
  [
    'team/tiny',
    () => (store.closed = true),
    /did not let s3:\/\/models\/team\/tiny\/SHA256SUMS be read \(AccessDenied: said AccessDenied\).*need s3:GetObject/,
  ],
])('%s where something is amiss says what to do', async (path, change, expected) => {
  change();
  await expect(pull({}, `s3://models/${path}`)).rejects.toThrow(expected);
});

test('a bucket that is not there says so', async () => {
  await expect(pull({}, 's3://other/team/tiny')).rejects.toThrow(/has no bucket of s3:\/\/other\/team\/tiny/);
});

/** What the program says in a pod with an environment. */
function pod(environment: Readonly<Record<string, string>>): Promise<{ code: number | null; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...{ HOME: root, FOLDER: folder, BUCKET: bucket, ENDPOINT: store.url },
        ...{ HASHES: `sha256:${digest}`, NAME: digest, AWS_EC2_METADATA_DISABLED: 'true' },
        ...environment,
      },
    });
    let errors = '';
    child.stderr.on('data', chunk => (errors += chunk));
    child.on('error', reject);
    child.on('close', code => resolve({ code, errors }));
  });
}

test('a bucket of another region says which', async () => {
  store.region = 'eu-central-1';
  await expect(pull()).rejects.toThrow(
    /lies in another region, eu-central-1 \(PermanentRedirect.*Set model\.weights\.region/,
  );
});

test('a store that is not there says so', async () => {
  const { code, errors } = await pod({
    ...{ ENDPOINT: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
  });
  expect(code).toBe(1);
  expect(errors).toMatch(
    /^The model was not pulled\. http:\/\/127\.0\.0\.1:1 could not be reached .*ECONNREFUSED.*model\.weights\.endpoint/,
  );
});

describe('a pod without a Secret', () => {
  let identity: Server;
  let url: string;
  const seen: string[] = [];

  beforeEach(async () => {
    identity = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      seen.push(`${request.headers.authorization ?? ''} ${body}`);
      const [id, secret, token, until] = ['ASIAROLE', 'role-secret', 'role-session', '2099-01-01T00:00:00Z'];
      if (request.method === 'GET')
        // https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
        return void response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ AccessKeyId: id, SecretAccessKey: secret, Token: token, Expiration: until }));
      // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
      const credentials = `<AccessKeyId>${id}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${until}</Expiration>`;
      return void response
        .setHeader('content-type', 'text/xml')
        .end(
          `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
        );
    });
    await new Promise<void>(resolve => identity.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(identity.address() as AddressInfo).port}`;
    seen.length = 0;
    await writeFile(join(root, 'token'), 'token-of-the-account');
  });
  afterEach(() => void identity.close());

  test('takes the role of its service account at AWS (IRSA)', async () => {
    const role = { AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/models', AWS_REGION: 'eu-central-1' };
    const token = { AWS_WEB_IDENTITY_TOKEN_FILE: join(root, 'token'), AWS_ENDPOINT_URL_STS: url };
    expect(await pod({ ...role, ...token })).toEqual({ code: 0, errors: '' });
    expect(seen[0]).toContain('WebIdentityToken=token-of-the-account');
    expect(new Set(store.asked.map(({ user, token: session }) => `${user} ${session}`))).toEqual(
      new Set(['ASIAROLE role-session']),
    );
  });

  test('takes the role that EKS Pod Identity gives it', async () => {
    const token = { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(root, 'token') };
    expect(await pod({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1/credentials`, ...token })).toEqual({
      code: 0,
      errors: '',
    });
    expect(seen[0]).toBe('token-of-the-account ');
    expect(store.asked[0]).toMatchObject({ user: 'ASIAROLE', token: 'role-session' });
  });

  test('and without a role says what to do', async () => {
    const { code, errors } = await pod({});
    expect(code).toBe(1);
    expect(errors).toMatch(
      /^The model was not pulled\. There are no credentials to read s3:\/\/models\/team\/tiny\/SHA256SUMS with .*model\.weights\.secret, or a service account/,
    );
    expect(store.asked).toEqual([]);
  });
});
