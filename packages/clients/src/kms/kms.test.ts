import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { awsKms, azureVault, googleKms, vaultTransit } from '../../../../test/fixtures/key-services.ts';
import type { Double } from '../../../../test/fixtures/key-services.ts';
import { StatementSigner, predicateTypes, verifiedStatement } from '../sigstore/index.ts';
import type { SigningKey, Statement } from '../sigstore/index.ts';
import { keyAddress } from './address.ts';
import { awsKey } from './aws.ts';
import { azureKey, derOf } from './azure.ts';
import { googleKey } from './google.ts';
import { vaultKey } from './vault.ts';

const statement: Statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'hello', digest: { sha256: 'ab'.repeat(32) } }],
  predicateType: predicateTypes.signature,
  predicate: {},
};
const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const [own, older, rsa] = [pair(), pair(), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey];
const publicKey = createPublicKey(own).export({ type: 'spki', format: 'pem' }).toString();

const region = 'eu-central-1';
const credentials = { accessKeyId: 'AKIDRIGHT', secretAccessKey: 'right-secret', sessionToken: 'session/+==' };
const token = 'right-token';
const ring = 'projects/p/locations/global/keyRings/r/cryptoKeys';
const arn = (name: string) => `arn:aws:kms:${region}:111122223333:alias/${name}`;

/** A service with the keys "own", of which there is an older version, and "rsa", and how its key is opened with a login. */
interface Service {
  readonly tool: string;
  readonly permissions: RegExp;
  readonly start: () => Promise<Double>;
  readonly open: (name: string, url: string, login: string) => Promise<SigningKey>;
}

const keys = { own: [older, own], rsa: [rsa] };
const services: readonly Service[] = [
  {
    tool: 'AWS KMS',
    permissions: /kms:GetPublicKey and kms:Sign for the key arn:/,
    start: () => awsKms({ region, service: 'kms', credentials }, { [arn('own')]: keys.own, [arn('rsa')]: keys.rsa }),
    open: (name, url, login) =>
      awsKey(arn(name), {
        url: `${url}/`,
        login: {
          region,
          credentials: async () => (login === token ? credentials : { ...credentials, secretAccessKey: login }),
        },
      }),
  },
  {
    tool: 'Google Cloud KMS',
    permissions: /cloudkms\.cryptoKeyVersions\.viewPublicKey and useToSign .* for the key projects\//,
    start: () =>
      googleKms(token, { [`${ring}/own/cryptoKeyVersions/1`]: [own], [`${ring}/rsa/cryptoKeyVersions/1`]: [rsa] }),
    open: (name, url, login) => googleKey(`${ring}/${name}/cryptoKeyVersions/1`, { url, bearer: async () => login }),
  },
  {
    tool: 'Azure Key Vault',
    permissions: /keys\/get and keys\/sign .* for the key own/,
    start: () => azureVault(token, keys),
    open: (name, url, login) => azureKey({ name }, { url, bearer: async () => login }),
  },
  {
    tool: 'Vault',
    permissions: /read on transit\/keys\/own and update on transit\/sign\/own for the key/,
    start: () => vaultTransit(token, keys),
    open: (name, url, login) => vaultKey(name, { url, token: login }),
  },
];

const started: Double[] = [];
afterAll(() => started.forEach(double => double.close()));

async function running(start: Promise<Double>): Promise<Double> {
  const double = await start;
  started.push(double);
  return double;
}

describe.each(services)('$tool', ({ tool, permissions, start, open }) => {
  let url: string;
  beforeAll(async () => {
    ({ url } = await running(start()));
  });

  test('signs what our verifier takes with the public key', async () => {
    const signer = new StatementSigner({ key: await open('own', url, token) });
    for (const count of [1, 2]) {
      const of = { ...statement, predicate: { count } };
      const bundle = await signer.sign(of);
      expect(verifiedStatement(bundle, { publicKey })).toEqual({ ...of, workflow: undefined });
    }
  });

  test('a wrong login is named with what is needed, and not shown', async () => {
    const said = String(await open('own', url, 'wrong-secret').catch((error: unknown) => error));
    expect(said).toMatch(
      new RegExp(`^ToolError: ${tool}: .* ended with 4\\d\\d: .*The job needs a valid login at ${tool}`),
    );
    expect(said).toMatch(permissions);
    expect(said).not.toMatch(/wrong-secret|right-secret|session/);
  });

  test('an unknown key', async () => {
    await expect(open('missing', url, token)).rejects.toThrow(
      new RegExp(`${tool} has no key .*missing.*: check signing-key`),
    );
  });

  test('a key of another type', async () => {
    await expect(open('rsa', url, token)).rejects.toThrow(
      /it is of the type (?:RSA|rsa).*\. Give a key that is made to sign with ECDSA on P-256\.$/,
    );
  });

  test('a service that does not answer', async () => {
    await expect(open('own', 'http://127.0.0.1:1', token)).rejects.toThrow(
      new RegExp(`^${tool}: .*The runner needs a way to ${tool}: check the address of the key\\.$`),
    );
  });
});

test('a login that may read the key and not sign is named when it signs', async () => {
  const double = await running(awsKms({ region, service: 'kms', credentials }, { [arn('own')]: [own] }, true));
  const key = await awsKey(arn('own'), {
    url: `${double.url}/`,
    login: { region, credentials: async () => credentials },
  });
  const signing = new StatementSigner({ key }).sign(statement);
  await expect(signing).rejects.toThrow(/AccessDeniedException: .*kms:Sign\. The job needs .* kms:Sign for the key/);
});

test('r and s are as long in DER as their values ask for', () => {
  // of so many some begin with a byte of zeros, and half with a bit that DER takes for a sign
  for (let count = 0; count < 2000; count++) {
    const data = Buffer.from(String(count));
    const raw = sign('sha256', data, { key: own, dsaEncoding: 'ieee-p1363' });
    expect(verify('sha256', data, createPublicKey(own), derOf(raw))).toBe(true);
  }
});

test('a version of a key in Azure is the one that signs', async () => {
  const double = await running(azureVault(token, keys));
  const key = await azureKey({ name: 'own', version: '1' }, { url: double.url, bearer: async () => token });
  expect(key.publicKey.equals(createPublicKey(older))).toBe(true);
  await expect(key.sign(Buffer.from('data'))).resolves.toBeInstanceOf(Buffer);
});

test('a service that is there and cannot answer', async () => {
  const sealed = await running(vaultTransit(token, keys, [503, { errors: ['Vault is sealed'] }]));
  await expect(vaultKey('own', { url: sealed.url, token })).rejects.toThrow(
    /^Vault: GET .* ended with 503: Vault is sealed\. Vault cannot answer now: run the job again later\.$/,
  );
});

test('a signature by another key is not given out', async () => {
  // as after a restore of the service from another backup
  const shown = { ...keys };
  const double = await running(vaultTransit(token, shown));
  const key = await vaultKey('own', { url: double.url, token });
  shown.own = [own, older];
  await expect(key.sign(Buffer.from('data'))).rejects.toThrow(/the signature that was given is not by its public key/);
});

// the forms of https://docs.sigstore.dev/cosign/key_management/overview/
test.each([
  [
    'awskms:///arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    {
      service: 'aws',
      host: 'kms.us-east-2.amazonaws.com',
      region: 'us-east-2',
      arn: 'arn:aws:kms:us-east-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    },
  ],
  [
    'awskms:///arn:aws-cn:kms:cn-north-1:111122223333:alias/ExampleAlias',
    {
      service: 'aws',
      host: 'kms.cn-north-1.amazonaws.com.cn',
      region: 'cn-north-1',
      arn: 'arn:aws-cn:kms:cn-north-1:111122223333:alias/ExampleAlias',
    },
  ],
  [
    'gcpkms://projects/example.com:p/locations/global/keyRings/r/cryptoKeys/k/versions/2',
    { service: 'google', name: 'projects/example.com:p/locations/global/keyRings/r/cryptoKeys/k/cryptoKeyVersions/2' },
  ],
  [
    'azurekms://team.vault.azure.net/release/9885aa558e8d448789683188f8c194b0',
    { service: 'azure', host: 'team.vault.azure.net', name: 'release', version: '9885aa558e8d448789683188f8c194b0' },
  ],
  ['azurekms://team.vault.azure.net/release', { service: 'azure', host: 'team.vault.azure.net', name: 'release' }],
  ['hashivault://release', { service: 'vault', name: 'release' }],
  ['-----BEGIN PRIVATE KEY-----\n', undefined],
])('%s', (text, address) => {
  expect(keyAddress(text)).toEqual(address);
});

test.each([
  'awskms:///alias/release',
  'awskms://localhost:4566/arn:aws:kms:us-east-2:111122223333:alias/a',
  'gcpkms://projects/p/locations/global/keyRings/r/cryptoKeys/k',
  'azurekms://team/release',
  'azurekms://team.vault.azure.net;id/release',
  'hashivault://a/b',
  'k8s://team/release',
])('%s is rejected with the forms that are known', text => {
  expect(() => keyAddress(text)).toThrow(
    /^sigstore: reading the signing key failed: it begins with \w+:\/\/ and is no address of a key .* An address is awskms:\/\/\//,
  );
});
