import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { certify } from '../../../../test/certify.ts';
import { clusterConnections } from './connections.ts';

type Fields = Readonly<Record<string, unknown>>;

let folder: string;
let cluster: Server;
let url: string;
let caData: string;
let caFile: string;
let authorization: string | undefined;

/** Where the libraries of the clouds ask for tokens. */
let cloud: Server;
let cloudUrl: string;
let answer: (request: IncomingMessage, body: URLSearchParams) => string;
const asked: { readonly request: IncomingMessage; readonly body: URLSearchParams }[] = [];

const listen = async (server: Server) => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-located-'));
  const { certificate: ca } = await certify(folder, 'authority');
  const { certificate: cert, key } = await certify(folder, 'server', 'authority');
  caData = Buffer.from(ca).toString('base64');
  caFile = join(folder, 'ca.crt');
  await writeFile(caFile, ca);
  cluster = createServer({ cert, key }, (request, response) => {
    ({ authorization } = request.headers);
    response.end('{}');
  });
  url = `https://127.0.0.1:${await listen(cluster)}`;
  cloud = createPlainServer((request, response) => {
    void (async () => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const body = new URLSearchParams(text);
      asked.push({ request, body });
      response.setHeader('metadata-flavor', 'Google');
      response.setHeader('content-type', 'application/json');
      response.end(answer(request, body));
    })();
  });
  cloudUrl = `http://127.0.0.1:${await listen(cloud)}`;
});
afterAll(async () => {
  for (const server of [cluster, cloud]) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true });
});

const before = { ...process.env };
beforeEach(() => {
  authorization = undefined;
  asked.length = 0;
  // what the machine of the tests has is nobody's here
  process.env = { PATH: before['PATH'], HOME: folder };
});
afterEach(() => void (process.env = before));

const learnt: string[] = [];
function connections(methods: readonly Fields[], names: readonly string[] = ['one'], around: Fields = {}) {
  const kubernetes = { clusterLocatorMethods: methods, ...(around['kubernetes'] as Fields | undefined) };
  const fairway = { clusters: names.map(name => ({ name, prometheusUrl: 'http://p' })) };
  const config = { ...around, kubernetes, fairway };
  return clusterConnections(new ConfigReader(JSON.parse(JSON.stringify(config))), token => void learnt.push(token));
}
const config = (...clusters: Fields[]) => [
  { type: 'config', clusters: clusters.map(one => ({ name: 'one', url, ...one })) },
];

async function sent(methods: readonly Fields[], around?: Fields): Promise<string> {
  const [connection] = connections(methods, ['one'], around);
  await connection!.open(AbortSignal.timeout(60_000)).request('GET', '/version');
  return String(authorization).replace(/^Bearer /, '');
}

test('a token, with the authority in the configuration, in a file, or with any certificate', async () => {
  const login = { authProvider: 'serviceAccount', serviceAccountToken: 'of-account' };
  for (const authority of [{ caData }, { caFile }, { skipTLSVerify: true }])
    expect(await sent(config({ ...login, ...authority }))).toBe('of-account');
  await expect(sent(config(login))).rejects.toThrow(/certificate/);
  const authMetadata = { 'kubernetes.io/auth-provider': 'serviceAccount', serviceAccountToken: 'of-metadata' };
  expect(await sent(config({ caData, authMetadata }))).toBe('of-metadata');
});

test("Fairway's own fields stand beside the name, and other clusters of the plugin are left alone", () => {
  const other = { name: 'other', authProvider: 'oidc' };
  const found = connections(config(other, { authProvider: 'serviceAccount', serviceAccountToken: 't' }));
  expect(found).toMatchObject([{ name: 'one', prometheusUrl: 'http://p', actions: false }]);
  expect(found[0]!.open(new AbortController().signal).server).toBe(url);
  expect(connections(config(other), [])).toEqual([]);
});

describe('aws', () => {
  const role = 'arn:aws:iam::123456789012:role/portal';
  const decoded = (token: string) => new URL(Buffer.from(token.replace('k8s-aws-v1.', ''), 'base64url').toString());
  const identity = { AWS_ACCESS_KEY_ID: 'AKIDPORTAL', AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'eu-central-1' };
  /** As AWS's STS answers, https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html. */
  const sts = (_request: IncomingMessage, body: URLSearchParams) => {
    if (body.get('Action') === 'GetCallerIdentity')
      return '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>999999999999</Account></GetCallerIdentityResult></GetCallerIdentityResponse>';
    return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>y</SecretAccessKey><SessionToken>session</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  };
  const roles = () => asked.filter(({ body }) => body.get('Action') === 'AssumeRole');
  beforeEach(() => {
    answer = sts;
    Object.assign(process.env, identity, { AWS_ENDPOINT_URL_STS: cloudUrl });
  });

  test('the identity of the portal, for the name of the cluster', async () => {
    const token = await sent(config({ caData, authProvider: 'aws' }));
    const { host, searchParams } = decoded(token);
    expect(host).toBe('sts.eu-central-1.amazonaws.com');
    expect(searchParams.get('X-Amz-Credential')).toMatch(/^AKIDPORTAL\/\d{8}\/eu-central-1\/sts\/aws4_request$/);
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('host;x-k8s-aws-id');
    expect(asked).toEqual([]);
    expect(learnt).toContain(token);
  });

  test('a role with an external ID', async () => {
    const token = await sent(config({ caData, authProvider: 'aws', assumeRole: role, externalId: 'of-partner' }));
    expect(decoded(token).searchParams.get('X-Amz-Credential')).toMatch(/^ASIAROLE\//);
    expect(roles().map(({ body }) => [body.get('RoleArn'), body.get('ExternalId')])).toEqual([[role, 'of-partner']]);
  });

  test("who takes the role is whom Backstage's configuration of AWS says for its account", async () => {
    const accounts = [{ accountId: '123456789012', accessKeyId: 'AKIDACCOUNT', secretAccessKey: 'z' }];
    const authMetadata = { 'kubernetes.io/auth-provider': 'aws', 'kubernetes.io/aws-assume-role': role };
    await sent(config({ caData, authMetadata }), { aws: { accounts } });
    const own = { 'kubernetes.io/auth-provider': 'aws', 'kubernetes.io/aws-account-id': '123456789012' };
    const token = await sent(config({ caData, authMetadata: own }), { aws: { accounts } });
    expect(decoded(token).searchParams.get('X-Amz-Credential')).toMatch(/^AKIDACCOUNT\//);
    expect(roles().map(({ request }) => request.headers.authorization)).toEqual([
      expect.stringContaining('Credential=AKIDACCOUNT/'),
    ]);
  });
});

describe('googleServiceAccount', () => {
  test('the account of the machine', async () => {
    // https://cloud.google.com/compute/docs/access/authenticate-workloads
    answer = ({ url: path = '' }) =>
      path.includes('/service-accounts/default/token')
        ? '{"access_token":"of-machine","expires_in":3600,"token_type":"Bearer"}'
        : 'a-project';
    Object.assign(process.env, { GCE_METADATA_HOST: cloudUrl, METADATA_SERVER_DETECTION: 'assume-present' });
    expect(await sent(config({ caData, authProvider: 'googleServiceAccount' }))).toBe('of-machine');
    expect(learnt).toContain('of-machine');
  });

  test('the key in the configuration', async () => {
    await writeFile(join(folder, 'subject'), 'of-workload');
    // a key whose token comes from an address of its own, https://google.aip.dev/auth/4117
    const key = {
      ...{ type: 'external_account', audience: '//iam.googleapis.com/a', token_url: `${cloudUrl}/token` },
      ...{
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        credential_source: { file: join(folder, 'subject') },
      },
    };
    answer = () => '{"access_token":"of-key","issued_token_type":"t","token_type":"Bearer","expires_in":3600}';
    const around = { kubernetes: { googleServiceAccountCredentials: JSON.stringify(key) } };
    expect(await sent(config({ caData, authProvider: 'googleServiceAccount' }), around)).toBe('of-key');
    expect(asked.map(({ body }) => body.get('subject_token'))).toEqual(['of-workload']);
  });
});

test('azure: the identity of the machine, asked for the API server of AKS', async () => {
  // https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
  const end = Math.floor(Date.now() / 1000) + 86400;
  answer = () => `{"access_token":"of-identity","expires_on":"${end}","token_type":"Bearer"}`;
  Object.assign(process.env, { IDENTITY_ENDPOINT: `${cloudUrl}/msi/token`, IDENTITY_HEADER: 'of-header' });
  expect(await sent(config({ caData, authProvider: 'azure' }))).toBe('of-identity');
  expect(learnt).toContain('of-identity');
  const [{ request }] = asked as [(typeof asked)[number]];
  expect(new URL(request.url!, cloudUrl).searchParams.get('resource')).toBe('6dae42f8-4368-4678-94ff-3960e28e3630');
  expect(request.headers['x-identity-header']).toBe('of-header');
});

test.each([
  ['aws', { AWS_EC2_METADATA_DISABLED: 'true' }, 'Give the portal an identity that the SDK of AWS finds'],
  // only what a server has, not the command line of who runs the tests
  ['azure', { AZURE_TOKEN_CREDENTIALS: 'EnvironmentCredential' }, 'Give the portal a workload identity'],
])('a token of %s that nobody gives is said on one line, and what to do', async (provider, environment, advice) => {
  Object.assign(process.env, environment);
  await expect(sent(config({ caData, authProvider: provider }))).rejects.toThrow(
    new RegExp(`^${provider}: asking for a token for the cluster "one" failed: .* ${advice}[^\\n]*$`),
  );
});

test('a proxy that signs in itself gets no token', async () => {
  answer = ({ headers }) => JSON.stringify({ authorization: headers.authorization ?? 'none' });
  const [connection] = connections(config({ url: cloudUrl, authProvider: 'localKubectlProxy' }));
  const opened = connection!.open(AbortSignal.timeout(60_000));
  expect(await opened.request('GET', '/version')).toEqual({ authorization: 'none' });
  const [local] = connections([{ type: 'localKubectlProxy' }], ['local']);
  // where `kubectl proxy` listens without more
  expect(local!.open(new AbortController().signal).server).toBe('http://localhost:8001');
});

test.each<[string, readonly Fields[], readonly string[], RegExp]>([
  [
    'clusters that ask for the token of a user are all named',
    [
      {
        type: 'config',
        clusters: [
          { name: 'a', url: 'https://a', authProvider: 'oidc' },
          { name: 'b', url: 'https://b', authProvider: 'google' },
        ],
      },
    ],
    ['a', 'b'],
    /^kubernetes\.clusterLocatorMethods in the app-config signs in to "a" \(oidc\), "b" \(google\) with the token of the user who looks, .* Give each of these entries/,
  ],
  [
    'a provider of a module',
    [{ type: 'config', clusters: [{ name: 'one', url: 'https://a', authProvider: 'pinniped' }] }],
    ['one'],
    /^The cluster "one" of kubernetes\.clusterLocatorMethods .* has the authProvider "pinniped", and Fairway signs in by serviceAccount, aws, .* Set one of them/,
  ],
  [
    'no provider',
    [{ type: 'config', clusters: [{ name: 'one', url: 'https://a' }] }],
    ['one'],
    /"one" .* has no authProvider, and Fairway signs in by/,
  ],
  [
    'a token for everybody on the way',
    [{ type: 'config', clusters: [{ name: 'one', url: 'http://a', authProvider: 'aws' }] }],
    ['one'],
    /url of the cluster "one" of kubernetes\.clusterLocatorMethods .* must begin with https:\/\/.*; found "http:\/\/a"/,
  ],
  [
    'a name that the configuration does not have, and kinds of locators that are not read',
    [
      { type: 'gke', projectId: 'p' },
      { type: 'catalog' },
      { type: 'config', clusters: [{ name: 'prod', url: 'https://a' }] },
    ],
    ['one'],
    /"one" .* has no cluster of this name \(it has "prod"\); its locators of type gke and catalog are not read\. Give a kubeconfig/,
  ],
])('%s', (_name, methods, names, message) => {
  expect(() => connections(methods, names)).toThrow(message);
});

test('a key that is none, without a word of it', () => {
  const around = { kubernetes: { googleServiceAccountCredentials: 'hush-hush' } };
  const wrong = () => connections(config({ authProvider: 'googleServiceAccount' }), ['one'], around);
  expect(wrong).toThrow(
    /^kubernetes\.googleServiceAccountCredentials in the app-config is no JSON object\. Give the whole/,
  );
  expect(wrong).not.toThrow(/hush/);
});
