import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { tinyService } from '../../../test/fixtures/service.ts';
import type { ReleaseInputs } from './inputs.ts';
import { openWay } from './way.ts';

let gateway: Server;
/** What a version answers with at the gateway: a status, an error of the gateway itself, or nothing. */
let answers: Record<string, number | 'gateway'>;

beforeAll(async () => {
  gateway = createServer((request, response) => {
    if (request.url === '/token') return void response.end('{"access_token":"a","expires_in":300}');
    const revision = String(request.headers['x-fairway-revision']);
    const answer = answers[revision];
    if (answer === 'gateway') response.writeHead(503).end('no healthy upstream');
    else if (answer) response.writeHead(answer, { 'x-fairway-revision': revision }).end('{}');
  });
  await new Promise<void>(resolve => gateway.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  gateway.closeAllConnections();
  gateway.close();
});

test.each<[string, Record<string, number | 'gateway'>, boolean]>([
  ['answers for the version that serves', { old: 200 }, true],
  ['answers for it with an error of its own', { old: 500 }, true],
  ['answers for another version alone', { new: 200 }, false],
  ['fails', { old: 'gateway', new: 'gateway' }, false],
  ['answers nobody', {}, false],
])('a gateway that %s', async (_name, given, passes) => {
  answers = given;
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  const token = { 'token-url': `${url}/token`, 'client-id': 'release', 'client-secret': 's' };
  const inputs = { url, revision: 'new', ...token } as unknown as ReleaseInputs;
  const { signal } = new AbortController();
  // behind a gateway of Fairway's the cluster is not asked
  const way = await openWay(undefined as unknown as Cluster, tinyService({}), inputs, 'old', signal);
  expect(await way.passes(300)).toBe(passes);
  await way.close();
});
