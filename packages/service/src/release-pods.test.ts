import { tinyService } from '../../../test/fixtures/service.ts';
import {
  enteringPods,
  mostPods,
  podsBeside,
  podsOfShare,
  podsOfWeight,
  replacesPods,
  weightOfPods,
  withLoadOfPods,
} from './release-pods.ts';

const service = (replicas: number, surge?: number) => tinyService({ resources: { replicas }, release: { surge } });

test.each([
  [4, undefined, false, 4],
  [4, 4, false, 4],
  [4, 3, true, 3],
  [4, 1, true, 1],
  [4, 0, true, 1],
  [1, 1, false, 1],
])('%d replicas with a surge of %s', (replicas, surge, gradual, entering) => {
  expect(replacesPods(service(replicas, surge))).toBe(gradual);
  expect(enteringPods(service(replicas, surge))).toBe(entering);
});

test.each([
  ['the first delivery', 4, undefined, 0, 4],
  ['room for both', 4, undefined, 4, 8],
  ['one more', 4, 1, 4, 5],
  ['no more', 4, 0, 4, 4],
  ['a version before that is smaller', 4, 2, 1, 5],
  ['a version before that is larger', 2, 1, 4, 5],
])('most pods at a time with %s', (_name, replicas, surge, whole, expected) => {
  expect(mostPods(service(replicas, surge), whole)).toBe(expected);
});

test.each([
  ['with room for one more', 4, 1, 4, 1, 4],
  ['without room', 4, 0, 4, 1, 3],
  ['in the middle', 4, 1, 4, 3, 2],
  ['of fewer than the new version will have', 4, 0, 2, 1, 2],
])('pods that the version before has %s', (_name, replicas, surge, whole, pods, expected) => {
  expect(podsBeside(service(replicas, surge), whole, pods)).toBe(expected);
});

test.each([
  [4, 1, [1, 1, 2, 3, 4]],
  [2, 0, [1, 1, 1, 2, 2]],
  // beside the version before there is room for all
  [2, 2, [2, 2, 2, 2, 2]],
])('pods of %d with a surge of %d by weight', (replicas, surge, pods) => {
  expect([5, 25, 50, 75, 100].map(weight => podsOfWeight(service(replicas, surge), weight))).toEqual(pods);
});

test.each([
  ['as wanted while both have the pods for it', 1, 4, 20, 20],
  ['no more than the new pods carry', 1, 4, 50, 25],
  ['at least what the old pods do not carry', 2, 2, 25, 50],
  ['the same for each pod where one is missing', 1, 2, 0, 33],
  ['nothing for pods that are not there', 0, 4, 50, 0],
  ['everything without old pods', 2, 0, 25, 100],
])('%s', (_name, candidate, stable, wanted, expected) => {
  expect(weightOfPods({ candidate, stable }, 4, wanted)).toBe(expected);
});

const byPods = (replicas: number, surge?: number, weights = [100]) =>
  tinyService({
    gateway: { own: 'another one' },
    resources: { replicas },
    release: { surge, steps: weights.map(weight => ({ weight, seconds: 1 })) },
  });

test.each([
  // room for all: the old pods stay until the new ones are as many
  ['one beside all', 4, undefined, 25, [1, 4, 20]],
  ['as many as the old ones', 4, undefined, 50, [4, 4, 50]],
  ['fewer old ones once the new ones are there', 4, undefined, 80, [4, 1, 80]],
  ['all', 4, undefined, 100, [4, 4, 100]],
  // never more than replicas and surge
  ['one of five', 4, 1, 20, [1, 4, 20]],
  ['three of five', 4, 1, 60, [3, 2, 60]],
  ['all with room for one', 4, 1, 100, [4, 1, 100]],
  ['one of as many', 4, 0, 25, [1, 3, 25]],
  ['three of as many', 4, 0, 99, [3, 1, 75]],
  ['all without room', 4, 0, 100, [4, 0, 100]],
  // what the pods do not come to
  ['the least there is', 2, undefined, 5, [1, 2, 100 / 3]],
  ['the least there is for one pod', 1, undefined, 5, [1, 1, 50]],
])('pods that come to a share: %s', (_name, replicas, surge, weight, expected) => {
  const { candidate, stable, share } = podsOfShare(byPods(replicas, surge), weight);
  expect([candidate, stable, share]).toEqual(expected);
});

test('an old version of fewer pods is not given more of them', () => {
  expect(podsOfShare(byPods(4), 25, 2)).toEqual({ candidate: 1, stable: 2, share: 100 / 3 });
});

test.each([
  ['with the pods of its first step', 4, undefined, [25, 100], 1],
  ['never with more than there is room for', 4, 1, [60, 100], 1],
  ['with all for a single step', 4, undefined, [100], 4],
])('where users follow pods a version enters %s', (_name, replicas, surge, weights, expected) => {
  expect(enteringPods(byPods(replicas, surge, weights))).toBe(expected);
  expect(replacesPods(byPods(replicas, surge, weights))).toBe(true);
});

test('a part of the pods is asked for that part of the load', () => {
  const whole = tinyService({ resources: { replicas: 4 }, load: { requestsPerSecond: 4 } });
  expect(withLoadOfPods(whole, 1).load.requestsPerSecond).toBe(1);
  expect(withLoadOfPods(whole, 4)).toBe(whole);
});
