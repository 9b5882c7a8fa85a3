import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerCredentials } from './docker-credentials.ts';

const path = process.env.PATH;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-docker-'));
  process.env.PATH = `${folder}:${path}`;
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(folder, { recursive: true });
});

const config = (value: object | string) =>
  writeFile(join(folder, 'config.json'), typeof value === 'string' ? value : JSON.stringify(value));

/** A helper as docker-credential-helpers describes it: the server on its input, JSON or a sentence on its output. */
async function helper(name: string): Promise<void> {
  const file = join(folder, `docker-credential-${name}`);
  await writeFile(
    file,
    `#!/bin/sh
read server
case "$1 $server" in
  "get e.example") echo '{"ServerURL":"e.example","Username":"jo","Secret":"of the helper"}' ;;
  "get token.example") echo '{"ServerURL":"token.example","Username":"<token>","Secret":"refresh"}' ;;
  "get empty.example") echo '{"ServerURL":"","Username":"","Secret":""}' ;;
  "get odd.example") echo 'Secret: abc' ;;
  "get locked.example") echo 'the keychain is locked'; exit 1 ;;
  "get cloud.example") echo 'ERROR: (gcloud.auth.docker-helper) You do not currently have an active account selected.' >&2; exit 1 ;;
  *) echo 'credentials not found in native keychain'; exit 1 ;;
esac
`,
  );
  await chmod(file, 0o755);
}

test.each<[string, object, string, object]>([
  // the base64 of Docker's documentation: user "user", password "pass"
  [
    'an entry',
    { auths: { 'e.example': { auth: 'dXNlcjpwYXNz' } } },
    'e.example',
    { username: 'user', password: 'pass' },
  ],
  [
    'an entry by address',
    { auths: { 'https://e.example/v1/': { auth: 'dXNlcjpwYXNz' } } },
    'e.example',
    { username: 'user', password: 'pass' },
  ],
  [
    'Docker Hub',
    { auths: { 'https://index.docker.io/v1/': { auth: 'dXNlcjpwYXNz' } } },
    'docker.io',
    { username: 'user', password: 'pass' },
  ],
  [
    'an identity token',
    { auths: { 'a.azurecr.io': { auth: 'MDAwMDAwMDA6', identitytoken: 'refresh' } } },
    'a.azurecr.io',
    { username: '00000000', password: '', identityToken: 'refresh' },
  ],
  // containers-auth.json(5): the login of the nearest path counts
  [
    'logins of two paths',
    {
      auths: {
        'e.example': { auth: 'YTph' },
        'e.example/team': { auth: 'dXNlcjpwYXNz' },
        'e.example/other': { auth: 'YjpiCg==' },
      },
    },
    'e.example/team/service',
    { username: 'user', password: 'pass' },
  ],
  [
    'a login of a path beside one of all',
    { auths: { 'e.example/other': { auth: 'YTph' }, 'e.example': { auth: 'dXNlcjpwYXNz' } } },
    'e.example/team',
    { username: 'user', password: 'pass' },
  ],
  ['an empty answer of a helper', { credsStore: 'keys' }, 'empty.example', {}],
  ['another registry', { auths: { 'e.example': { auth: 'dXNlcjpwYXNz' } } }, 'f.example', {}],
  [
    'a helper of the registry',
    { credHelpers: { 'e.example': 'keys' }, credsStore: 'none' },
    'e.example',
    { username: 'jo', password: 'of the helper' },
  ],
  [
    'a store of all',
    { auths: { 'e.example': {} }, credsStore: 'keys' },
    'e.example',
    { username: 'jo', password: 'of the helper' },
  ],
  ['a token of a helper', { credsStore: 'keys' }, 'token.example', { identityToken: 'refresh' }],
  ['a helper that has none', { credsStore: 'keys' }, 'f.example', {}],
])('%s', async (_name, value, host, expected) => {
  await config(value);
  await helper('keys');
  expect(await dockerCredentials(host, folder)).toEqual(expected);
});

test('no file is no login; a file that is none and a helper that fails are said, without what they hold', async () => {
  expect(await dockerCredentials('e.example', folder)).toEqual({});
  await config('{"auths": {"e.example": {"auth": "c2VjcmV0');
  await expect(dockerCredentials('e.example', folder)).rejects.toThrow(
    /config.json failed: it is not valid JSON.*log in again\.$/,
  );
  await config({ credsStore: 'missing' });
  await expect(dockerCredentials('e.example', folder)).rejects.toThrow('install it, or give username and password');
  await config({ credsStore: 'keys' });
  await helper('keys');
  await expect(dockerCredentials('cloud.example', folder)).rejects.toThrow(
    'docker-credential-keys get ended with 1: ERROR: (gcloud.auth.docker-helper) You do not currently have an active',
  );
  await expect(dockerCredentials('locked.example', folder)).rejects.toThrow(
    'docker-credential-keys get ended with 1: the keychain is locked. Log in to locked.example again.',
  );
  await expect(dockerCredentials('odd.example', folder)).rejects.toThrow(
    /keys get failed: it did not answer in JSON\.$/,
  );
});

// LoadFromReader of docker/cli takes the end of the file for no error, and Go's decoder null for an object without fields
test.each(['', '\n', 'null', '{"auths":null}', '{"auths":{"e.example":null}}'])('%j is no login', async text => {
  await config(text);
  expect(await dockerCredentials('e.example', folder)).toEqual({});
});
