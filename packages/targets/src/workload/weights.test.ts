import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { Cluster } from '@fairway/clients/kubernetes/cluster';
import { kubeConfigOf } from '../../../../test/fixtures/kube-config.ts';
import { inEnglish } from '../../../../test/fixtures/in-english.ts';
import { tinyService } from '../../../../test/fixtures/service.ts';
import { weightsInCluster } from './weights.ts';

let server: Server;
let cluster: Cluster;
/** Access modes by the name of a claim. */
let claims: Record<string, readonly string[]>;
let secrets: readonly string[];

// lists and objects as the API server answers them
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://server');
    if (pathname === '/api/v1')
      return void response.end(
        JSON.stringify({
          resources: [
            { name: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', namespaced: true },
            { name: 'secrets', kind: 'Secret', namespaced: true },
          ],
        }),
      );
    if (pathname.endsWith('/persistentvolumeclaims')) {
      const items = Object.entries(claims).map(([name, accessModes]) => ({
        metadata: { name },
        spec: { accessModes },
      }));
      return void response.end(JSON.stringify({ metadata: {}, items }));
    }
    const name = pathname.split('/').at(-1) ?? '';
    const there = pathname.includes('/secrets/') && secrets.includes(name);
    return void response.writeHead(there ? 200 : 404).end(JSON.stringify(there ? { metadata: { name } } : {}));
  });
  const config = await kubeConfigOf(server, 'prod');
  cluster = new Cluster(config, 'prod');
});
beforeEach(() => {
  claims = {};
  secrets = [];
});
afterAll(() => (server.closeAllConnections(), server.close()));

const hashes = `sha256:${'a'.repeat(64)}`;
const look = async (weights: object) =>
  inEnglish(
    await weightsInCluster(
      cluster,
      tinyService({ engine: { name: 'vllm' }, model: { name: 'tiny', path: 'model', weights } }),
    ),
  );

test('what a pod verifies on a volume is noted there, so the claim must be writable', async () => {
  claims = { models: ['ReadOnlyMany'] };
  expect(await look({ from: 'volume', claim: 'models' })).toEqual({});
  expect((await look({ from: 'volume', claim: 'models', hashes })).missing).toMatch(
    /^The PersistentVolumeClaim models can only be read \(ReadOnlyMany\), .*Set model\.weights\.verify to always/,
  );
  expect(await look({ from: 'volume', claim: 'models', hashes, verify: 'always' })).toEqual({});
  claims = { models: ['ReadOnlyMany', 'ReadWriteMany'] };
  expect(await look({ from: 'volume', claim: 'models', hashes })).toEqual({});
});

test('so must be the one that a model of a bucket is put on', async () => {
  const bucket = { from: 'bucket', bucket: 's3://models/tiny', hashes };
  expect(await look(bucket)).toEqual({});
  claims = { models: ['ReadOnlyMany'] };
  expect((await look({ ...bucket, claim: 'models' })).missing).toMatch(/the first pod puts the model there/);
  expect((await look({ ...bucket, claim: 'other' })).missing).toMatch(/it has models\./);
});

test('a Secret that is not there yet is said, with the keys that it must have', async () => {
  const bucket = { from: 'bucket', bucket: 's3://models/tiny', hashes, secret: 'keys' };
  expect((await look(bucket)).unknown).toMatch(/no Secret keys yet .*AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\.$/);
  secrets = ['keys'];
  expect(await look(bucket)).toEqual({});
});

test('so is one for an adapter of the hub, also where the model is in the image', async () => {
  const reference = `hf://team/sql@${'0'.repeat(40)}`;
  const adapters = [
    { name: 'a', path: 'a' },
    { name: 'b', reference, secret: 'token' },
  ];
  const service = tinyService({ engine: { name: 'vllm' }, model: { name: 'tiny', path: 'model', adapters } });
  expect((await weightsInCluster(cluster, service)).unknown).toMatch(
    /no Secret token yet \(model\.adapters\[1\]\.secret\)\. .* HF_TOKEN\.$/,
  );
  secrets = ['token'];
  expect(await weightsInCluster(cluster, service)).toEqual({});
});
