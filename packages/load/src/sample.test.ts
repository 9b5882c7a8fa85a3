import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openInference } from '@fairway/clients/inference/index';
import { RequestTally, timePerOutputToken } from '@fairway/indicators';
import { tinyService } from '../../../test/fixtures/service.ts';
import { ratesOf } from './result.ts';
import { sampleOf } from './sample.ts';

let server: Server;
/** What the server says at the end of its four tokens, which come 50 ms apart. */
let end: object[];

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: 'ab' } }] })}\n\n`);
      if (++sent < 4) return;
      clearInterval(timer);
      for (const event of end) response.write(`data: ${JSON.stringify(event)}\n\n`);
      response.end('data: [DONE]\n\n');
    }, 50);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());

async function sample() {
  const endpoint = openInference(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const request = { api: 'chat', body: '{}', headers: {}, timeout: 5000, end: 'done', wantsText: false } as const;
  const outcome = await endpoint.exchange(request).outcome;
  endpoint.close();
  return sampleOf(0, 0, outcome.sentAt, 100, outcome, 'a');
}

const counted = (completion_tokens: number, more: object = {}) => ({
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens, total_tokens: 9 + completion_tokens, ...more },
});

const { objectives } = tinyService({
  objectives: {
    timeToFirstToken: { percentile: 90, milliseconds: 1000 },
    interTokenLatency: { percentile: 90, milliseconds: 20 },
  },
});

test('reasoning that is counted and not sent makes no answer quicker, and is in no rate', async () => {
  end = [counted(96 + 4, { completion_tokens_details: { reasoning_tokens: 96 } })];
  const one = await sample();
  expect(one).toMatchObject({ tokens: 4, tokensBy: 'usage', hiddenTokens: 96, gapsAreTokens: true });
  // three gaps of 50 ms, not ninety-nine parts of 150 ms
  expect(timePerOutputToken(one)).toBeGreaterThan(40);
  const tally = new RequestTally(objectives);
  tally.add([one]);
  expect(tally.counts()).toMatchObject({ goodput: { events: 1, bad: 1 }, 'inter-token-latency': { bad: 1 } });
  const second = { from: one.sentAt, to: one.sentAt + 1000 };
  expect(ratesOf([one], [], { kind: 'closed', concurrency: 1, seconds: 1 }, second.from, second.to).tokens).toBe(4);
});

test.each([
  ['the count of the server', [counted(100)]],
  ['the length that ended the answer', [{ choices: [{ delta: {}, finish_reason: 'length' }] }]],
])('more tokens than came, by %s, leave the time of one open', async (_name, events) => {
  end = events;
  const one = await sample();
  expect(one).toMatchObject({ tokens: 4, tokensBy: 'chunks', gapsAreTokens: false });
  const tally = new RequestTally(objectives);
  tally.add([one]);
  expect(tally.counts().goodput).toMatchObject({ events: 1, bad: 1, leastBad: 0 });
});
