import { createServer, request } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '@fairway/clients/docker/free-port';
import { prometheus } from '@fairway/clients/prometheus/index';
import { bringParts } from '../bring-parts.ts';
import { prometheusLogin } from '@fairway/targets/metrics/prometheus-access';
import { startProgram, until } from '../controllers.ts';
import { certify } from '../certify.ts';

jest.setTimeout(240_000);

const { signal } = new AbortController();
const pems = new Map<string, Awaited<ReturnType<typeof certify>>>();
let root: string;
let url: string;
let front: Server;
let frontUrl: string;
let server: { stop(): Promise<void> } | undefined;

/** A Prometheus that asks for a client certificate itself, and before it what asks for a token and a tenant besides, as Mimir's gateways do. */
beforeAll(async () => {
  const parts = await bringParts(['monitoring']);
  root = await mkdtemp(join(tmpdir(), 'fairway-prometheus-'));
  for (const [name, by] of [['authority'], ['server', 'authority'], ['client', 'authority'], ['stranger']] as const)
    pems.set(name, await certify(root, name, by));
  const port = await freePort();
  url = `https://127.0.0.1:${port}`;
  await writeFile(join(root, 'prometheus.yml'), 'scrape_configs: []\n');
  await writeFile(
    join(root, 'web.yml'),
    stringify({
      tls_server_config: {
        cert_file: 'server.crt',
        key_file: 'server.key',
        client_ca_file: 'authority.crt',
        client_auth_type: 'RequireAndVerifyClientCert',
      },
    }),
  );
  server = startProgram(root, join(parts.get('monitoring')!, 'usr/bin/prometheus'), [
    '--config.file=prometheus.yml',
    '--web.config.file=web.yml',
    '--storage.tsdb.path=data',
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  front = createServer({ cert: pems.get('server')!.certificate, key: pems.get('server')!.key }, (asked, answer) => {
    const { authorization, 'x-scope-orgid': tenant } = asked.headers;
    if (authorization !== 'Bearer hush-hush') return void answer.writeHead(401).end('no token');
    if (tenant !== 'team-a') return void answer.writeHead(400).end('no org id');
    const tls = {
      ca: pems.get('authority')!.certificate,
      cert: pems.get('client')!.certificate,
      key: pems.get('client')!.key,
    };
    request(`${url}${asked.url}`, tls, found => found.pipe(answer.writeHead(found.statusCode ?? 502))).end();
  }).listen(0, '127.0.0.1');
  await new Promise(resolve => front.once('listening', resolve));
  frontUrl = `https://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const own = access(url, { 'prometheus-client-certificate': pair('client') });
  await until('Prometheus', async () => (await own.query('vector(1)').catch(() => []))[0]?.value === 1);
});

afterAll(async () => {
  front?.close();
  await server?.stop();
  await rm(root, { recursive: true });
});

test('a Prometheus that asks for a client certificate answers to the right one alone', async () => {
  const right = access(url, { 'prometheus-client-certificate': pair('client') });
  expect(await right.query('vector(2)')).toMatchObject([{ value: 2 }]);
  await expect(access(url, {}).query('1')).rejects.toThrow(/prometheus: GET https:\/\/127\.0\.0\.1/);
  await expect(access(url, { 'prometheus-client-certificate': pair('stranger') }).query('1')).rejects.toThrow(
    /prometheus: GET/,
  );
});

test('a server whose authority nobody named is not believed', async () => {
  const login = prometheusLogin({ 'prometheus-url': url, 'prometheus-client-certificate': pair('client') });
  await expect(prometheus(url, signal, login).query('1')).rejects.toThrow(/certificate/);
});

test('token and tenant are sent with each request, and shown in none', async () => {
  const both = { 'prometheus-token': 'hush-hush', 'prometheus-tenant': 'team-a' };
  const server = access(frontUrl, both);
  expect(await server.query('vector(6)')).toMatchObject([{ value: 6 }]);
  expect(await server.rules(['none'])).toEqual([]);
  await expect(access(frontUrl, { ...both, 'prometheus-tenant': 'team-b' }).query('1')).rejects.toThrow('no org id');
  const refused: unknown = await access(frontUrl, { ...both, 'prometheus-token': 'hush' })
    .query('1')
    .catch((error: unknown) => error);
  expect(String(refused)).toMatch(/ended with 401: no token/);
  expect(String(refused)).not.toContain('hush');
});

function access(of: string, inputs: Readonly<Record<string, string>>) {
  const given = { 'prometheus-url': of, 'prometheus-ca': pems.get('authority')!.certificate, ...inputs };
  return prometheus(of, signal, prometheusLogin(given));
}

function pair(name: string): string {
  const { certificate, key } = pems.get(name)!;
  return `${certificate}${key}`;
}
