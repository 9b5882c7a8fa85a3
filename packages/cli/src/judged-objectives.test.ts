import type { LoadSample } from '@fairway/load';
import { tinyService } from '../../../test/fixtures/service.ts';
import { judgeObjectives } from './judged-objectives.ts';

const good: LoadSample = {
  index: 0,
  turn: 0,
  scheduledAt: 0,
  sentAt: 0,
  firstTokenAt: 100,
  lastTokenAt: 120,
  endedAt: 121,
  tokens: 3,
  tokensBy: 'usage',
  gaps: Float32Array.of(10, 10),
  gapsAreTokens: true,
  status: 200,
};
const stuck: LoadSample = {
  ...{ index: 0, turn: 0, scheduledAt: 0, sentAt: 0, endedAt: 60_000, tokensBy: 'chunks', gapsAreTokens: false },
  ...{ gaps: new Float32Array(), cancelled: true },
};

const { objectives } = tinyService({
  objectives: { availability: 80, timeToFirstToken: { percentile: 80, milliseconds: 1000 } },
});
const judged = (samples: readonly LoadSample[]) =>
  judgeObjectives({ objectives, names: ['availability', 'time-to-first-token'] }, samples, false);
const many = (count: number, sample: LoadSample) => Array.from({ length: count }, () => sample);

test('what ended while earlier requests hung is not taken for the whole when the load is interrupted', () => {
  expect(judged([...many(5, good), ...many(20, stuck), ...many(95, good)]).decisions).toMatchObject([
    { verdict: 'inconclusive', events: 5 },
    { verdict: 'inconclusive', events: 120, bad: 20 },
  ]);
  expect(judged([...many(5, good), ...many(95, stuck)]).verdict).toBe('fail');
});

test('without an interruption all requests count', () => {
  expect(judged(many(100, good))).toMatchObject({ verdict: 'pass', decisions: [{ events: 100 }, { events: 100 }] });
});
