import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { azureToken } from './azure-token.ts';

const asked: [string | undefined, Record<string, string>][] = [];
// https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    const form = Object.fromEntries(new URLSearchParams(body));
    asked.push([request.url, form]);
    const granted = form['client_assertion'] === 'right-assertion';
    const denied = {
      error: 'invalid_client',
      error_description: 'AADSTS700213: No matching federated identity record',
    };
    response.writeHead(granted ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(granted ? { token_type: 'Bearer', access_token: 'azure-token' } : denied));
  });
});
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'fairway-azure-'));
  environment = {
    AZURE_FEDERATED_TOKEN_FILE: join(folder, 'token'),
    AZURE_CLIENT_ID: 'client',
    AZURE_TENANT_ID: 'tenant',
    AZURE_AUTHORITY_HOST: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

test('the token of a pod becomes one of Azure', async () => {
  await writeFile(join(folder, 'token'), 'right-assertion\n');
  await expect(azureToken('https://vault.azure.net', environment)(false)).resolves.toBe('azure-token');
  expect(asked.at(-1)).toEqual([
    '/tenant/oauth2/v2.0/token',
    {
      grant_type: 'client_credentials',
      client_id: 'client',
      scope: 'https://vault.azure.net/.default',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'right-assertion',
    },
  ]);
});

test('an identity that does not trust it is named without the token', async () => {
  await writeFile(join(folder, 'token'), 'wrong-assertion');
  const said = String(await azureToken('https://vault.azure.net', environment)(false).catch((error: unknown) => error));
  expect(said).toMatch(/^ToolError: Microsoft Entra: POST .* ended with 401: .*AADSTS700213.*AZURE_CLIENT_ID/);
  expect(said).not.toContain('wrong-assertion');
});
