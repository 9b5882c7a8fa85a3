import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { alertmanager } from '@fairway/clients/alertmanager/index';
import { prometheus } from '@fairway/clients/prometheus/index';
import { certify } from '../../../../test/certify.ts';
import { clusterConnections } from './connections.ts';

let server: Server;
let url: string;
let folder: string;
let headers: IncomingHttpHeaders;

beforeAll(async () => {
  server = createServer((request, response) => {
    ({ headers } = request);
    const alertmanagers = request.url?.startsWith('/api/v2/');
    response.end(JSON.stringify(alertmanagers ? [] : { status: 'success', data: { result: [] } }));
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

const systems = ['prometheus', 'alertmanager'] as const;
type System = (typeof systems)[number];

function connection(of: System, login: { [name: string]: string }, address = url) {
  const cluster = { name: 'east', kubeconfig: '/none', context: 'c' };
  const entry = { ...cluster, [`${of}Url`]: address, [`${of}Login`]: login };
  return clusterConnections(new ConfigReader({ fairway: { clusters: [entry] } }))[0]!;
}

async function ask(of: System, login: { [name: string]: string }, address = url): Promise<void> {
  const { prometheusLogin, alertmanagerLogin } = connection(of, login, address);
  if (of === 'prometheus') await prometheus(address, undefined, prometheusLogin).query('up');
  else expect(await alertmanager(address, undefined, alertmanagerLogin).alerts()).toEqual([]);
}

describe.each(systems)('of %s', of => {
  const sent = async (login: { [name: string]: string }): Promise<IncomingHttpHeaders> => {
    await ask(of, login);
    return headers;
  };

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
    [{ token: 'hush', awsRegion: 'eu-central-1' }, undefined, `${of}Login.token and ${of}Login.awsRegion`],
    [{ token: 'hush' }, 'https://ann:hush@p.example', `${of}Login.token and a user and a password in ${of}Url`],
  ])('two logins at once: %j', (login, address, expected) => {
    expect(() => connection(of, login, address)).toThrow(expected);
    expect(() => connection(of, login, address)).not.toThrow(/hush/);
  });

  test('an authority of the company vouches for it', async () => {
    const { certificate: ca } = await certify(folder, 'authority');
    const { certificate: cert, key } = await certify(folder, 'server', 'authority');
    const { certificate: other } = await certify(folder, 'stranger');
    const answer = of === 'alertmanager' ? [] : { status: 'success', data: { result: [] } };
    const secure = createTlsServer({ cert, key }, (request, response) => {
      ({ headers } = request);
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>(resolve => secure.listen(0, '127.0.0.1', resolve));
    const address = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
    try {
      await ask(of, { ca, token: 'given' }, address);
      expect(headers.authorization).toBe('Bearer given');
      await expect(ask(of, { ca: other, token: 'given' }, address)).rejects.toThrow(/certificate/);
    } finally {
      secure.closeAllConnections();
      secure.close();
    }
  });
});
