import { ClusterSeries } from '@fairway/indicators';
import { ruler } from '@fairway/clients/ruler/index';
import { startMimirRuler } from '../../../../test/fixtures/mimir-ruler.ts';
import type { MimirRuler } from '../../../../test/fixtures/mimir-ruler.ts';
import { removeRulerRules, replaceRulerRules, rulerGroups, rulerNamespace } from './ruler-rules.ts';

const namespace = rulerNamespace({ namespace: 'llm', name: 'hello' }, ClusterSeries.labelled({ cluster: 'prod/eu' }));
const group = (name: string, expr = 'vector(1)', rules = 1) => ({
  name: `fairway:llm/hello:${name}`,
  rules: Array.from({ length: rules }, (_, index) => ({ record: `r${index}`, expr, labels: { service: 'hello' } })),
});
const { signal } = new AbortController();

let mimir: MimirRuler;
const client = (token = 'hush') => ruler(mimir.url, signal, { token });
const expressions = () =>
  Object.fromEntries([...(mimir.stored.get(namespace) ?? [])].map(([name, { rules }]) => [name, rules[0]?.['expr']]));

beforeEach(async () => {
  mimir = await startMimirRuler({ token: 'hush' });
});
afterEach(() => mimir.stop());

test('a namespace is of one service in one cluster, and holds what was given and nothing else', async () => {
  expect(namespace).toBe('fairway.llm.hello.prod/eu');
  mimir.stored.set('theirs', new Map([['x', group('x')]]));
  await replaceRulerRules(client(), namespace, [group('a', '1'), group('b', '2')]);
  await replaceRulerRules(client(), namespace, [group('a', '1'), group('c', '3')]);
  expect(expressions()).toEqual({ 'fairway:llm/hello:a': '1', 'fairway:llm/hello:c': '3' });
  expect([...mimir.stored.keys()].sort()).toEqual(['fairway.llm.hello.prod/eu', 'theirs']);
  // what was the same is not written again, although Mimir writes it down in another way
  const writes = mimir.asked.filter(asked => !asked.startsWith('GET'));
  const base = '/prometheus/config/v1/rules/fairway.llm.hello.prod%2Feu';
  expect(writes).toEqual([
    ...[`POST ${base}`, `POST ${base}`],
    ...[`DELETE ${base}/fairway%3Allm%2Fhello%3Ab`, `POST ${base}`],
  ]);
});

test('a group with more rules than Mimir takes becomes several', async () => {
  await expect(replaceRulerRules(client(), namespace, [group('a', '1', 21)])).rejects.toThrow('limit: 20 actual: 21');
  const groups = rulerGroups([group('a', '1', 45), group('b', '1', 20)]);
  expect(groups.map(({ name, rules }) => [name.slice(-3), rules.length])).toEqual([
    ...[
      ['o:a', 20],
      ['a:2', 20],
      ['a:3', 5],
    ],
    ['o:b', 20],
  ]);
  await replaceRulerRules(client(), namespace, groups);
  expect(groups.flatMap(({ rules }) => rules.map(({ record }) => record)).slice(18, 22)).toEqual([
    ...['r18', 'r19', 'r20', 'r21'],
  ]);
});

test('what Mimir rejects is said in its words, and what was there before is there again', async () => {
  await replaceRulerRules(client(), namespace, [group('a', '1'), group('old', '0')]);
  mimir.invalid = ({ rules }) =>
    rules[0]?.['expr'] === '(' ? 'could not parse expression: unclosed left parenthesis' : undefined;
  const attempt = replaceRulerRules(client(), namespace, [group('a', '2'), group('b', '3'), group('c', '(')]);
  await expect(attempt).rejects.toThrow(
    /^ruler: POST http.*prod%2Feu ended with 400: could not parse expression: unclosed left parenthesis\. Check that ruler-url/,
  );
  expect(expressions()).toEqual({ 'fairway:llm/hello:a': '1', 'fairway:llm/hello:old': '0' });
});

test('whoever is not let in learns it, and no secret is shown', async () => {
  const attempt = replaceRulerRules(client('wrong-secret'), namespace, [group('a')]).catch((error: Error) => error);
  const said = String(await attempt);
  expect(said).toMatch(/ended with 401: no valid token/);
  expect(said).not.toContain('wrong-secret');
  expect(mimir.stored.size).toBe(0);
});

test('an address without that API is not taken for one without rules', async () => {
  const astray = ruler(mimir.url.replace('/prometheus', '/api/prom'), signal, { token: 'hush' });
  await expect(replaceRulerRules(astray, namespace, [group('a')])).rejects.toThrow(/404: 404 page not found/);
});

test('where nothing was, Cortex says 404 and Mimir says nothing', async () => {
  const cortex = await startMimirRuler({ cortex: true });
  for (const url of [cortex.url, mimir.url]) {
    const asked = ruler(url, signal, { token: 'hush' });
    expect(await asked.groups(namespace)).toEqual([]);
    await asked.remove(namespace, 'none');
    const putBack = await replaceRulerRules(asked, namespace, [group('a')]);
    expect(await asked.groups(namespace)).toHaveLength(1);
    expect(await putBack()).toBeUndefined();
    expect(await asked.groups(namespace)).toEqual([]);
  }
  cortex.stop();
});

test('put back, what somebody else changed meanwhile stays', async () => {
  await replaceRulerRules(client(), namespace, [group('a', '1'), group('b', '1')]);
  const putBack = await replaceRulerRules(client(), namespace, [group('a', '2'), group('b', '2'), group('c', '2')]);
  mimir.stored.get(namespace)!.set('fairway:llm/hello:b', group('b', 'theirs'));
  expect(await putBack()).toBe(
    "somebody else has changed fairway:llm/hello:b in the ruler's namespace fairway.llm.hello.prod/eu meanwhile, and that was left as it is",
  );
  expect(expressions()).toEqual({ 'fairway:llm/hello:a': '1', 'fairway:llm/hello:b': 'theirs' });
});

test('of two who write at the same time, one sees it and steps back', async () => {
  let meddled = false;
  mimir.before = (method, path) => {
    // another delivery stores its own just before this one looks at what it has stored
    if (method !== 'GET' || meddled || mimir.asked.filter(asked => asked.startsWith('POST')).length === 0) return;
    meddled = path.includes('rules');
    mimir.stored.get(namespace)!.set('fairway:llm/hello:a', group('a', 'theirs'));
  };
  await expect(replaceRulerRules(client(), namespace, [group('a', '1'), group('b', '1')])).rejects.toThrow(
    /somebody else has changed fairway:llm\/hello:a at the same time/,
  );
  expect(expressions()).toEqual({ 'fairway:llm/hello:a': 'theirs' });
});

test('a service that is removed leaves no namespace', async () => {
  mimir.stored.set('theirs', new Map([['x', group('x')]]));
  await replaceRulerRules(client(), namespace, [group('a'), group('b')]);
  await removeRulerRules(client(), namespace);
  await removeRulerRules(client(), namespace);
  expect([...mimir.stored.keys()]).toEqual(['theirs']);
});
