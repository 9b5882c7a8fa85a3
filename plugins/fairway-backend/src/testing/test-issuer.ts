import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { commit } from './sample-delivery.ts';

/** An issuer of OpenID Connect tokens on this machine, as GitHub's is one on the internet. */
export interface TestIssuer {
  readonly url: string;
  /** A token as a run of acme/hello-llm gets one; `claims` replace its own. */
  token(claims?: JWTPayload): Promise<string>;
  /** The same token, signed by somebody else under the issuer's key id. */
  forgedToken(): Promise<string>;
  /** While false, it answers 503. */
  answers(well: boolean): void;
  close(): void;
}

export const workflow = 'acme/fairway/.github/workflows/deliver.yml@refs/tags/v1';

export async function startTestIssuer(): Promise<TestIssuer> {
  const ours = await generateKeyPair('RS256', { extractable: true });
  const theirs = await generateKeyPair('RS256');
  const keys = { keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
  let well = true;
  let url = '';
  const server = http.createServer((request, response) => {
    if (!well) return void response.writeHead(503).end();
    response.setHeader('content-type', 'application/json');
    if (request.url === '/keys') return void response.end(JSON.stringify(keys));
    if (request.url === '/.well-known/openid-configuration') {
      return void response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }));
    }
    response.writeHead(404).end();
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sign = (key: CryptoKey, claims: JWTPayload) => {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: url,
      aud: 'http://portal.test',
      iat: now,
      exp: now + 300,
      repository: 'acme/hello-llm',
      repository_id: '1001',
      job_workflow_ref: workflow,
      sha: commit,
      run_id: '42',
      ...claims,
    };
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
  };
  return {
    url,
    token: (claims = {}) => sign(ours.privateKey, claims),
    forgedToken: () => sign(theirs.privateKey, {}),
    answers: now => void (well = now),
    close: () => void server.close(),
  };
}
