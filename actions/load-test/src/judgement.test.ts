import { ObjectiveJudge, RequestTally } from '@fairway/indicators';
import type { RequestSample } from '@fairway/indicators';
import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { tinyService } from '../../../test/fixtures/service.ts';
import { checksOf, judgement } from './judgement.ts';

describe('judgement', () => {
  const { objectives } = tinyService();
  const sample = (more: Partial<RequestSample> = {}): RequestSample => ({
    scheduledAt: 0,
    sentAt: 0,
    firstTokenAt: 100,
    lastTokenAt: 120,
    endedAt: 121,
    tokens: 3,
    tokensBy: 'usage',
    gaps: [10, 10],
    status: 200,
    revision: 'a',
    ...more,
  });
  const samples = (count: number, bad: number, how: Partial<RequestSample>) =>
    Array.from({ length: count }, (_, index) => sample(index < bad ? how : {}));
  const broken = {
    error: 'status',
    status: 503,
    firstTokenAt: undefined,
    lastTokenAt: undefined,
    gaps: [],
    tokens: undefined,
  };

  const judged = (given: readonly RequestSample[]) => {
    const tally = new RequestTally(objectives);
    tally.add(given);
    const decisions = new ObjectiveJudge(objectives, Math.max(1, given.length)).look(tally.counts());
    return judgement(
      decisions,
      checksOf(decisions, tally.figures(), objectives),
      [reasonOf('loadTest.errors', { errors: '1 status', words: 'HTTP 503' })],
      [],
    );
  };

  test.each([
    ['all good', samples(600, 0, {}), 'pass', /600 requests meet the objectives/],
    ['one good request proves nothing', samples(1, 0, {}), 'inconclusive', /1 requests do not decide: .*598 requests/],
    [
      'all slow',
      samples(30, 30, { firstTokenAt: 2000 }),
      'fail',
      /p95 is 2000 ms \(2000 to –\), the objective is at most 1500 ms/,
    ],
    ['halting', samples(30, 30, { gaps: [400, 400] }), 'fail', /inter-token latency, p95 is 400 ms/],
    ['all broken', samples(30, 30, broken), 'fail', /answered without an error is 0 %.*Errors/],
    ['one slow of few', samples(30, 1, { firstTokenAt: 2000 }), 'inconclusive', /do not decide/],
    ['no request', [], 'inconclusive', /No request was measured/],
    [
      'streams of one token have no gaps',
      samples(600, 600, { gaps: [], tokens: 1 }),
      'inconclusive',
      /inter-token latency, p95 could not be measured/,
    ],
    [
      'nobody counted the tokens',
      samples(600, 600, { tokensBy: 'chunks', gaps: [400, 400] }),
      'inconclusive',
      /gaps between their chunks are no inter-token latency/,
    ],
    [
      'nobody counted the tokens, and not even the chunks were slow',
      samples(600, 600, { tokensBy: 'chunks' }),
      'pass',
      /inter-token latency, p95 is .* by the gaps between chunks/,
    ],
  ])('%s', (_name, given, verdict, reason) => {
    const found = judged(given);
    expect(found.verdict).toBe(verdict);
    expect(english(found.reason)).toMatch(reason);
  });
});
