import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog, rekorHandler } from '@sigstore/mock';
import { StatementSigner, keyOfPem } from './sign.ts';
import { predicateTypes } from './statement.ts';
import type { Statement } from './statement.ts';
import { verifiedStatement } from './verify.ts';

const statement: Statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'hello', digest: { sha256: 'ab'.repeat(32) } }],
  predicateType: predicateTypes.signature,
  predicate: {},
};

let server: Server;
let address: string;
let root: TrustedRoot;

/** An authority and a log of Sigstore's own double, as HTTP servers. */
beforeAll(async () => {
  const pair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const [caKeys, ctKeys, logKeys] = [pair(), pair(), pair()];
  server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ctLog = await initializeCTLog(ctKeys);
  const ca = await initializeCA(caKeys, ctLog);
  const log = await initializeTLog(address, logKeys);
  // Fulcio takes the address of the job's workflow for the certificate's name (docs/oidc.md in sigstore/fulcio)
  const handlers = [fulcioHandler(ca, { subjectClaim: 'workflow_address' }), rekorHandler(log)];
  server.on('request', (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const handler = handlers.find(({ path }) => path === request.url);
      void handler?.fn(stored(Buffer.concat(chunks).toString())).then(answer => {
        response.writeHead(answer.statusCode, { 'content-type': answer.contentType });
        response.end(answer.response);
      });
    });
  });
  const since = { start: new Date(0).toISOString() };
  const logOf = (key: Buffer) => ({
    baseUrl: address,
    hashAlgorithm: HashAlgorithm[HashAlgorithm.SHA2_256],
    publicKey: {
      rawBytes: key.toString('base64'),
      keyDetails: PublicKeyDetails[PublicKeyDetails.PKIX_ECDSA_P256_SHA_256],
      validFor: since,
    },
    logId: { keyId: createHash('sha256').update(key).digest('base64') },
  });
  root = TrustedRoot.fromJSON({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [logOf(log.publicKey)],
    ctlogs: [logOf(ctLog.publicKey)],
    certificateAuthorities: [
      {
        uri: address,
        certChain: { certificates: [{ rawBytes: Buffer.from(ca.rootCertificate as Uint8Array).toString('base64') }] },
        validFor: since,
      },
    ],
  });
});

afterAll(() => new Promise(resolve => server.close(resolve)));

/** Rekor stores the hashes and the signatures of a DSSE envelope, and not the envelope itself (pkg/types/dsse in sigstore/rekor). */
function stored(body: string): string {
  const entry = JSON.parse(body) as { spec?: { proposedContent?: { envelope: string; verifiers: string[] } } };
  const proposed = entry.spec?.proposedContent;
  if (!proposed) return body;
  const envelope = JSON.parse(proposed.envelope) as { payload: string; signatures: { sig: string }[] };
  const hash = (data: Buffer | string) => ({
    algorithm: 'sha256',
    value: createHash('sha256').update(data).digest('hex'),
  });
  const spec = {
    envelopeHash: hash(proposed.envelope),
    payloadHash: hash(Buffer.from(envelope.payload, 'base64')),
    signatures: envelope.signatures.map(({ sig }, index) => ({ signature: sig, verifier: proposed.verifiers[index] })),
  };
  return JSON.stringify({ ...entry, spec });
}

const workflow = 'https://github.com/platform/fairway/.github/workflows/deliver.yml@refs/heads/main';

/** A token as GitHub gives it to a job; who signed it is the authority's business. */
function jobToken(repository: string, issuer = 'https://token.actions.githubusercontent.com'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sub = `repo:${repository}:ref:refs/heads/main`;
  const claims = { iss: issuer, aud: 'sigstore', sub, repository, workflow_address: workflow };
  return `${part({ alg: 'RS256' })}.${part(claims)}.${part({})}`;
}

async function signedBy(token: string): Promise<Buffer> {
  return new StatementSigner({ token: async () => token, fulcio: address, rekor: address }).sign(statement);
}

test('what a workflow of the repository signs counts, and the workflow is known', async () => {
  const bundle = await signedBy(jobToken('team/service'));
  expect(verifiedStatement(bundle, { repository: 'https://github.com/team/service', root })).toEqual({
    ...statement,
    workflow,
  });
});

test.each<[string, string, RegExp]>([
  ['of another repository', jobToken('team/other'), /missing OID 1\.3\.6\.1\.4\.1\.57264\.1\.12/],
  ['of one whose name only begins alike', jobToken('team/service-copy'), /missing OID/],
  ['that another issuer names', jobToken('team/service', 'https://issuer.example'), /expected issuer=https:\/\/token/],
])('a workflow %s does not count', async (_name, token, problem) => {
  const bundle = await signedBy(token);
  expect(() => verifiedStatement(bundle, { repository: 'https://github.com/team/service', root })).toThrow(problem);
});

test('a statement that was changed afterwards does not count', async () => {
  const bundle = JSON.parse((await signedBy(jobToken('team/service'))).toString()) as {
    dsseEnvelope: { payload: string };
  };
  const changed = { ...statement, subject: [{ name: 'hello', digest: { sha256: 'cd'.repeat(32) } }] };
  bundle.dsseEnvelope.payload = Buffer.from(JSON.stringify(changed)).toString('base64');
  const bytes = Buffer.from(JSON.stringify(bundle));
  expect(() => verifiedStatement(bytes, { repository: 'https://github.com/team/service', root })).toThrow(/./);
});

test('what is signed by a key does not count as a workflow', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const bundle = await new StatementSigner({ key: keyOfPem(key) }).sign(statement);
  expect(() => verifiedStatement(bundle, { repository: 'https://github.com/team/service', root })).toThrow(
    'it was made with a key, not by a workflow of GitHub',
  );
});

test('an authority that does not answer is named without the token', async () => {
  const token = jobToken('team/service');
  const signer = new StatementSigner({ token: async () => token, fulcio: 'http://127.0.0.1:1', rekor: address });
  await expect(signer.sign(statement)).rejects.toThrow(/^sigstore: signing the statement .*id-token: write/);
  await expect(signer.sign(statement)).rejects.not.toThrow(token);
});
