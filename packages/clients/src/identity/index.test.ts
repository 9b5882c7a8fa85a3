import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokenSource } from './index.ts';

let server: http.Server;
let tokenUrl: string;
const seen: { authorization?: string; body: string }[] = [];

beforeAll(done => {
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ authorization: request.headers.authorization, body });
      if (body.includes('refused')) return void response.writeHead(400).end('{"error":"invalid_scope"}');
      if (body.includes('page')) return void response.end('<html>Log in</html>');
      if (body.includes('text')) return void response.end('{"access_token":"t","expires_in":"300"}');
      response.end(JSON.stringify({ access_token: `token-${seen.length}`, expires_in: 300 }));
    });
  });
  server.listen(0, '127.0.0.1', () => {
    tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    done();
  });
});

afterAll(() => void server.close());
beforeEach(() => void seen.splice(0));

test('a token is kept until shortly before it ends, one for each scope', async () => {
  let now = 0;
  const source = tokenSource({ tokenUrl, clientId: 'a:b', clientSecret: 'c d', audience: 'urn:llm' }, () => now);
  expect(await Promise.all([source.token('chat'), source.token('chat')])).toEqual(['token-1', 'token-1']);
  now = 269_000;
  expect(await source.token('chat')).toBe('token-1');
  expect(await source.token('read')).toBe('token-2');
  now = 271_000;
  expect(await source.token('chat')).toBe('token-3');
  expect(seen[0]).toEqual({
    authorization: `Basic ${Buffer.from('a%3Ab:c%20d').toString('base64')}`,
    body: 'grant_type=client_credentials&scope=chat&audience=urn%3Allm',
  });
});

test('without a scope none is asked for: the parameter is of one word at least (RFC 6749, 3.3)', async () => {
  await tokenSource({ tokenUrl, clientId: 'a', clientSecret: 'b' }).token('');
  expect(seen[0]?.body).toBe('grant_type=client_credentials');
});

test('a page in place of a token is one sentence, and a lifetime may be a text', async () => {
  let now = 0;
  const source = tokenSource({ tokenUrl, clientId: 'a', clientSecret: 'b' }, () => now);
  await expect(source.token('page')).rejects.toThrow(/holds no access_token.*\.well-known\/openid-configuration/s);
  await source.token('text');
  now = 269_000;
  await source.token('text');
  expect(seen).toHaveLength(2);
  now = 271_000;
  await source.token('text');
  expect(seen).toHaveLength(3);
});

test('a refusal names the client and never its secret', async () => {
  const source = tokenSource({ tokenUrl, clientId: 'viewer', clientSecret: 'hush' });
  const error = await source.token('refused').catch((caught: Error) => caught);
  expect(String(error)).toMatch(/ended with 400: \{"error":"invalid_scope"\} The client "viewer" must be allowed/);
  expect(JSON.stringify(error) + String(error)).not.toContain('hush');
});
