import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { freePort } from '@fairway/clients/docker/free-port';
import { issuerAddresses, prepareIssuer } from './issuer.ts';
import { serveIssuer } from './issuer-server.ts';

describe('the issuer', () => {
  let folder: string;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'issuer-'));
    port = await freePort();
    server = await serveIssuer(join(folder, 'issuer'), port, 'fairway');
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  const ask = async (client: 'user' | 'viewer', scope: string, secret?: string) => {
    const { clients } = await prepareIssuer(join(folder, 'issuer'));
    const password = secret ?? (await readFile(clients[client].secretFile, 'utf8'));
    const answer = await fetch(issuerAddresses(port).tokenUrl, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${client}:${password}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  test('gives a token that its published keys verify', async () => {
    const { status, body } = await ask('user', 'llm:chat llm:read');
    expect(status).toBe(200);
    const { url, jwksUrl } = issuerAddresses(port);
    const { payload, protectedHeader } = await jwtVerify(
      String(body.access_token),
      createRemoteJWKSet(new URL(jwksUrl)),
      {
        issuer: url,
        audience: 'fairway',
        algorithms: ['RS256'],
      },
    );
    expect(payload).toMatchObject({ sub: 'user', scope: 'llm:chat llm:read' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(900);
    expect(protectedHeader.kid).toEqual(expect.any(String));
  });

  test.each([
    ['a scope the client may not have', 'viewer', 'llm:chat', undefined, 400, 'invalid_scope'],
    ['a wrong secret', 'user', 'llm:chat', 'wrong', 401, 'invalid_client'],
  ] as const)('refuses %s', async (_, client, scope, secret, status, error) => {
    expect(await ask(client, scope, secret)).toMatchObject({ status, body: { error } });
  });

  test('keeps its key and secrets to its owner and over a restart', async () => {
    const { clients, keysFile } = await prepareIssuer(join(folder, 'issuer'));
    const files = [keysFile, clients.user.secretFile, clients.viewer.secretFile];
    const before = await Promise.all(files.map(file => readFile(file, 'utf8')));
    await prepareIssuer(join(folder, 'issuer'));
    expect(await Promise.all(files.map(file => readFile(file, 'utf8')))).toEqual(before);
    for (const file of files) expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});
