import { LeasedExchange } from './exchange.ts';
import type { Leases } from './leases.ts';

const headers = {
  ':path': '/v1/chat/completions',
  'x-user': 'alice',
  'x-request-id': 'f00d',
  'x-fairway-route': JSON.stringify([{ namespace: 'llm', annotations: { service: 'hello', concurrentRequests: '4' } }]),
};
const request = {
  requestHeaders: {
    headers: { headers: Object.entries(headers).map(([key, value]) => ({ key, rawValue: Buffer.from(value) })) },
  },
};

/** Redis's answer to a request comes when a test says so. */
function exchange() {
  const answer = Promise.withResolvers<Awaited<ReturnType<Leases['take']>>>();
  const counts = { admitted: 0, refused: 0, uncounted: 0 };
  const leases = { take: () => answer.promise, held: () => 0, close: async () => undefined };
  return { exchange: new LeasedExchange(leases, counts), answer, counts };
}

test('a client that hangs up before Redis has answered has its place again', async () => {
  const { exchange: one, answer } = exchange();
  const giveBack = jest.fn();
  const said = one.answer(request);
  one.end();
  answer.resolve({ left: 3, giveBack });
  await said;
  one.end();
  expect(giveBack).toHaveBeenCalledTimes(1);
});

test('a place is given back once, however the stream ends', async () => {
  const { exchange: one, answer, counts } = exchange();
  const giveBack = jest.fn();
  answer.resolve({ left: 3, giveBack });
  const said = await one.answer(request);
  // by this the gateway knows that the request was counted
  expect(said).toMatchObject({
    dynamicMetadata: { fields: { 'fairway.concurrency': { structValue: { fields: { left: { stringValue: '3' } } } } } },
  });
  expect(giveBack).not.toHaveBeenCalled();
  one.end();
  one.end();
  expect(giveBack).toHaveBeenCalledTimes(1);
  expect(counts).toEqual({ admitted: 1, refused: 0, uncounted: 0 });
});

test('while nobody can count, the gateway is left to say what happens', async () => {
  const { exchange: one, answer, counts } = exchange();
  answer.resolve(undefined);
  expect(await one.answer(request)).toEqual({ requestHeaders: {} });
  expect(counts).toEqual({ admitted: 0, refused: 0, uncounted: 1 });
});

// the form is that of https://platform.openai.com/docs/guides/error-codes
test('a client that has all of its places taken gets an error of the OpenAI API with the id of its request', async () => {
  const { exchange: one, answer } = exchange();
  answer.resolve({ running: 4 });
  const said = await one.answer(request);
  if (!('immediateResponse' in said)) throw new Error('the request passed');
  expect(said.immediateResponse.status).toEqual({ code: 429 });
  expect(JSON.parse(Buffer.from(said.immediateResponse.body).toString())).toEqual({
    error: {
      message:
        'This client has 4 requests running at this model, and may have 4. Wait until one of them has ended, then try again.',
      type: 'requests',
      param: null,
      code: 'rate_limit_exceeded',
      request_id: 'f00d',
    },
  });
});
