import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openInference } from '@fairway/clients/inference/index';
import type { LoadPlan } from './load-plan.ts';
import { Sender } from './sender.ts';

const plan: LoadPlan = {
  // a request every 10 ms
  arrivals: { kind: 'open', burstiness: Infinity, segments: [{ from: 100, to: 100, seconds: 60 }] },
  promptTokens: { kind: 'fixed', tokens: 8 },
  outputTokens: { kind: 'fixed', tokens: 1 },
  turns: 1,
  thinkSeconds: 0,
  seed: 1,
  salt: '',
  wordsPerToken: 1,
  request: { api: 'chat', model: 'tiny', stream: false, usage: true, end: 'done', extra: {} },
  warmUp: { least: 0, most: 0 },
  timeout: 10_000,
};

test('what was due while the sender was held up, and is not sent, holds back what was due after it', async () => {
  const server = http.createServer((_request, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end('{"choices":[{"message":{"content":"a"}}],"usage":{"prompt_tokens":8,"completion_tokens":1}}'),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const now = () => performance.now();
  const endpoint = openInference(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { now });
  const sender = new Sender(endpoint, plan, { index: 0, of: 1 }, {}, now);
  try {
    sender.begin();
    const from = now();
    sender.measureFrom(from);
    await sleep(100);
    const heldUp = now();
    while (now() - heldUp < 300);
    const { until, at } = sender.settled();
    expect(at - heldUp).toBeGreaterThanOrEqual(300);
    expect(until).toBeLessThan(heldUp + 20);
    // what was held back is sent, and settles once it is answered
    for (let looks = 0; looks < 300 && sender.settled().until <= heldUp + 20; looks++) await sleep(10);
    expect(sender.settled().until).toBeGreaterThan(heldUp + 20);
  } finally {
    sender.stop();
    endpoint.close();
    server.closeAllConnections();
    server.close();
  }
});
