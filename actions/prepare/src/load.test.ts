import { english } from '@fairway/service/reasons/delivery-reason';
import { parseServiceFile } from '@fairway/service';
import { loadProblem } from './load.ts';

const file = (load: string, objectives = '{}') =>
  parseServiceFile(
    [
      'apiVersion: fairway.dev/v1alpha1',
      'kind: InferenceService',
      'name: chat',
      'owner: team',
      'engine: { name: llamacpp }',
      'model: { name: tiny, path: model.gguf }',
      `objectives: ${objectives}`,
      `load: ${load}`,
      '',
    ].join('\n'),
    '/service',
    'fairway.yaml',
  );

test('a load that is too small to decide an objective is said, with the line to write', () => {
  const problem = loadProblem(file('{ requestsPerSecond: 2, maxSeconds: 15 }'));
  expect(problem).toMatchObject({ level: 'fail', at: { file: 'fairway.yaml', line: 8 } });
  // 0.995^598 is the first power below 0.05
  expect(english(problem!.message)).toContain('availability 99.5 % needs 598 requests without an error');
  expect(english(problem!.message)).toContain('load sends 30 (2 a second for 15 s)');
  const proposed = Number(/maxSeconds: (\d+)/.exec(english(problem!.message))?.[1]);
  expect(loadProblem(file(`{ requestsPerSecond: 2, maxSeconds: ${proposed} }`))).toBeUndefined();
});

test('the former name of maxSeconds still counts', () => {
  expect(loadProblem(file('{ requestsPerSecond: 2, seconds: 15 }'))?.level).toBe('fail');
});

test('a load without a length is as long as the objectives need', () => {
  expect(loadProblem(file('{ requestsPerSecond: 2 }'))).toBeUndefined();
});

test('a load that passes only without a single error is warned of', () => {
  const problem = loadProblem(file('{ requestsPerSecond: 5, maxSeconds: 130 }'));
  expect(problem).toMatchObject({ level: 'warning' });
  // one look at the end needs 1829, and looking all the time a third more
  expect(english(problem!.message)).toContain('passes nine times in ten with 2440: write `maxSeconds: 488`');
});

test('what would do for one look at the end is warned of too', () => {
  expect(loadProblem(file('{ requestsPerSecond: 5, maxSeconds: 366 }'))?.level).toBe('warning');
  expect(loadProblem(file('{ requestsPerSecond: 5, maxSeconds: 488 }'))).toBeUndefined();
});

test('more confidence needs more requests', () => {
  // ln(0.01) / ln(0.995) = 918.7
  expect(
    english(loadProblem(file('{ requestsPerSecond: 2, maxSeconds: 15 }', '{ confidence: 99 }'))!.message),
  ).toContain('availability 99.5 % needs 919 requests');
});

test('a candidate with a part of the pods gets that part of the load', () => {
  // 600 requests decide an availability of 99.5 %, the 150 of one pod of four do not
  const load = '{ requestsPerSecond: 4, maxSeconds: 150 }\nresources: { replicas: 4 }';
  expect(loadProblem(file(load))?.level).toBe('warning');
  const problem = loadProblem(file(`${load}\nrelease: { surge: 1 }`));
  expect(problem?.level).toBe('fail');
  expect(english(problem!.message)).toContain(
    'load sends 150 (1 a second for 150 s, asked of the 1 of 4 pods that release.surge has room for)',
  );
});

test.each([
  // ln(0.05) / ln(0.99999) = 299572 requests, 1.7 days at two a second
  ['99.999', 2, 'fail', 'availability 99.999 % needs 299572 requests without an error; load sends 172800 (2 a second'],
  // enough without a single error; with a few, a day is not
  ['99.999', 10, 'warning', 'availability 99.999 % is decided by 299572 requests only when all of them are good'],
])('availability %s with %i requests a second needs more than the day that a load test may last', (...given) => {
  const [availability, rate, level, said] = given;
  const objectives = `{ availability: ${availability} }\naccess: { requestsPerMinute: 10000 }`;
  const problem = loadProblem(file(`{ requestsPerSecond: ${rate} }`, objectives));
  expect(problem).toMatchObject({ level, at: { file: 'fairway.yaml', line: 9 } });
  expect(english(problem!.message)).toContain(said);
  const proposed = /`requestsPerSecond: ([\d.]+)`/.exec(english(problem!.message))?.[1];
  expect(loadProblem(file(`{ requestsPerSecond: ${proposed} }`, objectives))).toBeUndefined();
});
