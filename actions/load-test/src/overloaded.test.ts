import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLoadedStage } from '../../../test/run-loaded-stage.ts';
import { serviceFolder } from '../../../test/service-folder.ts';

let root: string;
let server: Server;
let answered = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-overloaded-'));
  // an engine with one place: an answer takes half a second, and whoever comes meanwhile waits
  let free = Promise.resolve();
  server = createServer((_request, response) => {
    free = free.then(async () => {
      if (!server.listening) return;
      await new Promise(resolve => setTimeout(resolve, 500));
      answered++;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('data: {"choices":[{"delta":{"content":"x"},"finish_reason":"length"}]}\n\ndata: [DONE]\n\n');
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true });
});

test('a service that has many times the requests that it can answer fails long before these end', async () => {
  const folder = await serviceFolder(
    root,
    'assistant',
    `model: { name: assistant, reference: 'hf://team/assistant@${'0'.repeat(40)}' }
objectives:
  availability: 90
  timeToFirstToken: { percentile: 90, milliseconds: 1000 }
  interTokenLatency: { percentile: 90, milliseconds: 100 }
access: { requestsPerMinute: 3000 }
load: { requestsPerSecond: 10, outputTokens: 4, maxSeconds: 300 }
`,
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { verdict, reason } = await runLoadedStage('load-test', folder, { url, token: 'none' });
  expect({ verdict, reason }).toEqual({
    verdict: 'fail',
    reason: 'time to first token, p90 never came, the objective is at most 1000 ms.',
  });
  // those of the warm-up stand in front of the first that was measured
  expect(answered).toBeLessThan(100);
});
