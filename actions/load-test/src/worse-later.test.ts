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
let asked = 0;
/** Milliseconds before the first token, by the number of the request. */
let pause: (request: number) => number;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-worse-later-'));
  server = createServer((_request, response) => {
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = (value: object) => response.write(`data: ${JSON.stringify(value)}\n\n`);
      event({ choices: [{ delta: { content: 'x' } }] });
      event({ choices: [{ delta: { content: 'y' }, finish_reason: 'length' }] });
      event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 2 } });
      response.end('data: [DONE]\n\n');
    }, pause(++asked));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true });
});

const loaded = async (load: string, availability: number) => {
  const folder = await serviceFolder(
    root,
    'assistant',
    `model: { name: assistant, reference: 'hf://team/assistant@${'0'.repeat(40)}' }
objectives:
  availability: ${availability}
  goodput: 50
  timeToFirstToken: { percentile: 80, milliseconds: 4000 }
  interTokenLatency: { percentile: 80, milliseconds: 1000 }
access: { requestsPerMinute: 30000 }
load: { ${load}, outputTokens: 2 }
`,
  );
  asked = 0;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return runLoadedStage('load-test', folder, { url, token: 'none' });
};

test('a service that gets slow after its first tokens had passed fails, while availability needs more requests', async () => {
  // p80 passes with 14 good answers, 99 % need 299; the warm-up has some of them
  pause = request => (request < 250 ? 1 : 6000);
  const { verdict, reason } = await loaded('requestsPerSecond: 50, maxSeconds: 60', 99);
  expect({ verdict, reason }).toMatchObject({
    ...{ verdict: 'fail', reason: expect.stringMatching(/^time to first token, p80 /) },
  });
});

test('what was sent in the last second has the time to end, and counts as the good answer that it is', async () => {
  // each answer takes longer than the whole measured part
  pause = () => 1500;
  const { verdict, reason } = await loaded('requestsPerSecond: 50, maxSeconds: 1', 80);
  expect({ verdict, reason }).toMatchObject({ verdict: 'pass', reason: expect.stringMatching(/meet the objectives/) });
});
