import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { english } from '@fairway/service/reasons/delivery-reason';
import type { StageContext } from '@fairway/stage';
import { Cluster } from '@fairway/clients/kubernetes/cluster';
import { kubeConfigOf } from '../../../test/fixtures/kube-config.ts';
import { tinyService } from '../../../test/fixtures/service.ts';
import { coldFirstToken } from './cold-first-token.ts';

const image = 'registry.example.com/llm@sha256:5c62';
let server: Server;
let evidence: Record<string, unknown>;
let allowed: boolean;

/** An API server that lists one ready pod and passes requests on to an engine which takes 300 ms to its first token. */
async function cluster(): Promise<Cluster> {
  server = createServer(async ({ url = '' }, response) => {
    if (url.includes('/proxy/')) {
      if (!allowed) return void response.writeHead(403).end('{"message":"pods/proxy is forbidden"}');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      await sleep(300);
      response.write('data: {"choices":[{"delta":{"content":"Hello"}}]}\n\n');
      return void response.end('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
    }
    const status = { conditions: [{ type: 'Ready', status: 'True' }] };
    const resources = [{ name: 'pods', kind: 'Pod', namespaced: true }];
    response.end(
      JSON.stringify(/\/pods/.test(url) ? { items: [{ metadata: { name: 'llm-x' }, status }] } : { resources }),
    );
  });
  return new Cluster(await kubeConfigOf(server, 'c'), 'c');
}

async function measured(
  seconds: number | undefined,
  maxColdSeconds?: number,
  former: Readonly<Record<string, string>> = {},
) {
  const entry = (outputs: object) => ({ outputs });
  const context = {
    log: { info: () => undefined, progress: () => undefined },
    signal: new AbortController().signal,
    record: { stages: { optimize: entry({ compression: 'zstd' }), deploy: entry(former) } },
    evidence: (name: string, _type: string, text: string) => {
      evidence[name] = JSON.parse(text);
      return Promise.resolve({ mediaType: 'application/json', path: name, digest: '' });
    },
  } as unknown as StageContext;
  const service = tinyService({ image: { maxColdSeconds } });
  const found = await coldFirstToken(service, { revision: '12345678', image, seconds }, await cluster(), context);
  server.closeAllConnections();
  server.close();
  return { ...found, said: found.said && english(found.said) };
}

beforeEach(() => {
  evidence = {};
  allowed = true;
});

test('the time from the pull to the first token is that of the pod and of its first answer, and the record says in which form', async () => {
  const { outputs, over, said } = await measured(20);
  const seconds = Number(outputs['cold-first-token']);
  expect(seconds).toBeGreaterThanOrEqual(20.3);
  const { firstTokenMilliseconds } = evidence['cold-start.json'] as { firstTokenMilliseconds: number };
  expect(outputs['cold-first-token']).toBe((20 + firstTokenMilliseconds / 1000).toFixed(1));
  expect({ over, said, image: outputs['cold-image'] }).toEqual({ over: false, said: undefined, image });
  expect(evidence['cold-start.json']).toMatchObject({ image, compression: 'zstd', readySeconds: 20 });
});

test('a start over its budget fails with the figures', async () => {
  expect(await measured(20, 60)).toMatchObject({ over: false, said: expect.stringMatching(/ 2\d\.\d s of the 60 s /) });
  const { over, said } = await measured(61, 60);
  expect(over).toBe(true);
  expect(said).toMatch(
    /^From the begin of the pull to the first token it took 61\.\d s, and image\.maxColdSeconds allows 60 s\./,
  );
});

test('where nodes had the image, its last measure counts, and never that of another image', async () => {
  const former = { 'cold-first-token': '75.0', 'cold-image': image };
  expect(await measured(undefined, 60, former)).toMatchObject({ over: true, outputs: former });
  const { over, said, outputs } = await measured(undefined, 60, { ...former, 'cold-image': 'another' });
  expect({ over, outputs }).toEqual({ over: false, outputs: {} });
  expect(said).toBe(
    'Nobody knows whether a cold start takes the 60 s of image.maxColdSeconds: the nodes had the image already.',
  );
});

test('without the right to ask a pod nothing is measured, and nothing fails', async () => {
  allowed = false;
  expect(await measured(20)).toEqual({ outputs: {}, evidence: [], over: false, said: undefined });
  expect((await measured(20, 60)).said).toMatch(/: no pod gave a token through the API server \(.*403/);
});
