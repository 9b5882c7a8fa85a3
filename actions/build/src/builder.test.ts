import { ownBuilder } from './builder.ts';

const none = { builder: undefined, 'cache-from': [], 'cache-to': [] };

test('without a builder the daemon builds, and a cache is refused that nobody would read or write', () => {
  expect(ownBuilder(none)).toBeUndefined();
  for (const input of ['cache-from', 'cache-to'])
    expect(() => ownBuilder({ ...none, [input]: ['type=gha'] })).toThrow(
      new RegExp(`The input ${input} needs the input builder`),
    );
  expect(ownBuilder({ builder: 'own', 'cache-from': ['type=gha'], 'cache-to': [] })).toEqual({
    name: 'own',
    cacheFrom: ['type=gha'],
    cacheTo: [],
  });
});
