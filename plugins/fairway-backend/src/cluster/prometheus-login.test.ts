import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { prometheus } from '@fairway/clients/prometheus/index';
import { clusterConnections } from './connections.ts';

let server: Server;
let url: string;
let folder: string;
let headers: IncomingHttpHeaders;

beforeAll(async () => {
  server = createServer((request, response) => {
    ({ headers } = request);
    response.end(JSON.stringify({ status: 'success', data: { result: [] } }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'fairway-portal-login-'));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

function connection(login: { [name: string]: string }, prometheusUrl = url) {
  const entry = { name: 'east', kubeconfig: '/none', context: 'c', prometheusUrl, prometheusLogin: login };
  return clusterConnections(new ConfigReader({ fairway: { clusters: [entry] } }))[0]!;
}

async function sent(login: { [name: string]: string }): Promise<IncomingHttpHeaders> {
  const { prometheusUrl, prometheusLogin } = connection(login);
  await prometheus(prometheusUrl!, undefined, prometheusLogin).query('up');
  return headers;
}

test('a token, a file of one, a command and a tenant', async () => {
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, 'of-file\n');
  expect(await sent({ token: 'given', tenant: 'team-a' })).toMatchObject({
    authorization: 'Bearer given',
    'x-scope-orgid': 'team-a',
  });
  expect((await sent({ tokenFile })).authorization).toBe('Bearer of-file');
  expect((await sent({ tokenCommand: 'echo of-command' })).authorization).toBe('Bearer of-command');
});

test("requests to Amazon's are signed with what AWS's SDK finds", async () => {
  const before = { ...process.env };
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDPORTAL', AWS_SECRET_ACCESS_KEY: 'x' });
  try {
    expect((await sent({ awsRegion: 'eu-central-1' })).authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDPORTAL\/\d{8}\/eu-central-1\/aps\/aws4_request, SignedHeaders=host;x-amz-date, /,
    );
  } finally {
    process.env = before;
  }
});

test.each([
  [{ token: 'hush', awsRegion: 'eu-central-1' }, undefined, /prometheusLogin.token and prometheusLogin.awsRegion/],
  [{ token: 'hush' }, 'https://ann:hush@p.example', /prometheusLogin.token and a user and a password in prometheusUrl/],
])('two logins at once: %j', (login, address, expected) => {
  expect(() => connection(login, address)).toThrow(expected);
  expect(() => connection(login, address)).not.toThrow(/hush/);
});
