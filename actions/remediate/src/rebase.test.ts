import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '@fairway/clients/scanner/index';
import { newerBase } from './rebase.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const { signal } = new AbortController();
const finding = (id: string, layer?: string): Finding => ({
  ...{ id, severity: 'high', package: 'zlib1g', ecosystem: 'debian', installed: '1', fixed: '2', title: '' },
  ...(layer === undefined ? {} : { layer }),
});

// an image index of the OCI image specification, with one manifest
const index = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [{ mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: digest('b'), size: 1 }],
});
const today = `sha256:${createHash('sha256').update(index).digest('hex')}`;

let server: Server;
let dockerConfig: string;
let host: string;
beforeAll(async () => {
  dockerConfig = await mkdtemp(join(tmpdir(), 'fairway-rebase-'));
  // the distribution specification 1.1, "Pulling manifests"
  server = createServer(({ url = '', method }, response) => {
    if (![`/v2/team/base/manifests/1`, `/v2/team/base/manifests/${today}`].includes(url))
      return response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': 'application/vnd.oci.image.index.v1+json',
      'docker-content-digest': today,
      'content-length': index.length,
    });
    return response.end(method === 'HEAD' ? undefined : index);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(dockerConfig, { recursive: true });
});

const layers = [digest('1'), digest('2')];
const blocking = [finding('A', digest('2')), finding('B', digest('3')), finding('C'), finding('A', digest('1'))];
const ask = (base: string, found: readonly Finding[] = blocking) =>
  newerBase({ base, layers, blocking: found, dockerConfig, signal });

test('what the tag has now may fix what lies in layers of the base', async () => {
  await expect(ask(`${host}/team/base:1@${digest('a')}`)).resolves.toEqual({
    rebase: { action: 'rebase', package: `${host}/team/base:1`, from: digest('a'), to: today, findings: ['A'] },
  });
});

test.each([
  ['the digest is that of the tag', () => `${host}/team/base:1@${today}`],
  ['the digest is that of an image in the list of the tag', () => `${host}/team/base:1@${digest('b')}`],
])('no newer base where %s', async (_case, base) => {
  await expect(ask(base())).resolves.toEqual({});
});

test.each([
  ['the base has no tag', () => `${host}/team/base@${digest('a')}`, blocking],
  ['the base is not known', () => '', blocking],
  ['nothing lies in its layers', () => `${host}/team/base:1@${digest('a')}`, [finding('B', digest('3'))]],
])('no registry is asked where %s', async (_case, base, found) => {
  await expect(ask(base(), found)).resolves.toBeUndefined();
});

test.each([
  ['that is not there', () => '127.0.0.1:9', /^Whether 127\.0\.0\.1:9\/team\/base:2 .+ cannot be reached/],
  ['that lost the tag', () => host, /no longer has/],
])('a registry %s is said, and fails nothing', async (_case, registry, expected) => {
  await expect(ask(`${registry()}/team/base:2@${digest('a')}`)).resolves.toEqual({
    problem: expect.stringMatching(expected),
  });
});
