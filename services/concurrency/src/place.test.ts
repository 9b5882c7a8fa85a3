import { placeOf } from './place.ts';

/** What the gateway says of a request. */
function place(
  { user, ...annotations }: { readonly user?: string } & Readonly<Record<string, string>>,
  namespace = 'llm',
) {
  const route = { namespace, name: 'hello-chat', annotations: { service: 'hello', ...annotations } };
  return placeOf({ 'x-fairway-route': JSON.stringify([route]), ...(user === undefined ? {} : { 'x-user': user }) });
}

const limit = { concurrentRequests: '4' };

test('a client has one place at a service, and who it is cannot be read from it', () => {
  const alice = place({ user: 'alice', ...limit });
  expect(alice).toEqual({ most: 4, key: expect.stringMatching(/^fairway:leases:[\w-]{43}$/) });
  expect(alice).toEqual(place({ user: 'alice', owner: 'team', limitsUnavailable: 'deny', ...limit }));
});

test('another client, another service and another namespace have another, and so has who has no name', () => {
  const keys = [
    place({ user: 'alice', ...limit }),
    place({ user: 'bob', ...limit }),
    place({ user: 'alice', ...limit, service: 'other' }),
    place({ user: 'alice', ...limit }, 'team'),
    place(limit),
    // a subject that looks like no subject
    place({ user: '', ...limit }),
    place({ user: 'null', ...limit }),
  ].map(found => found?.key);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  ['asks for no limit', {}],
  ['says something else', { concurrentRequests: 'many' }],
])('a service that %s has no place to take', (_, annotations) => {
  expect(place({ user: 'alice', ...annotations })).toBeUndefined();
});

test('nor has a request of which the gateway says nothing', () => {
  expect(placeOf({ 'x-user': 'alice' })).toBeUndefined();
  expect(placeOf({ 'x-user': 'alice', 'x-fairway-route': '-' })).toBeUndefined();
});
