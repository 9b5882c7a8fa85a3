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
const judged = (samples: readonly LoadSample[], bottleneck = false) =>
  judgeObjectives({ objectives, names: ['availability', 'time-to-first-token'] }, samples, bottleneck);
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

test('what is printed of each objective is what the exit code says, with units', () => {
  const never = { ...good, firstTokenAt: undefined, error: 'timeout' as const };
  // Clopper-Pearson for 0 of 50 at 5 %: 1 - 0.05^(1/50)
  expect(judged(many(50, never)).text.split('\n')).toEqual([
    'fail         availability: 0.0 % (0.0 % to 5.8 %); 50 of 50 events were bad',
    'fail         time-to-first-token: never came; 50 of 50 events were bad',
  ]);
  const slow = judged(many(50, never), true);
  expect(slow.verdict).toBe('inconclusive');
  expect(slow.decisions.map(one => one.verdict)).toEqual(['inconclusive', 'inconclusive']);
  expect(slow.text).toMatch(/^(inconclusive .*events were bad; the generator was the bottleneck\n?){2}$/);
  expect(judged([]).text).toMatch(/^inconclusive availability: not measured\n.*: not measured$/);
});
