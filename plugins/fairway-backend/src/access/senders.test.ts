import { ConfigReader } from '@backstage/config';
import { configuredSenders } from './senders.ts';

const read = (...senders: { subject: string; owners: string[] }[]) =>
  configuredSenders(new ConfigReader({ fairway: { senders } }));

test('a token sends for the owners that are named, in any spelling', () => {
  const senders = read({ subject: 'a', owners: ['team-a', 'User:default/Ann'] }, { subject: 'b', owners: ['*'] });
  expect(senders.get('a')).toEqual(new Set(['group:default/team-a', 'user:default/ann']));
  expect(senders.get('b')).toBe('all');
  expect(configuredSenders(new ConfigReader({})).size).toBe(0);
});

test.each([
  [[{ subject: 'a', owners: [] }], /senders\[0\]\.owners is empty/],
  [[{ subject: 'a', owners: ['team:'] }], /has the owner "team:"/],
  [[1, 2].map(() => ({ subject: 'a', owners: ['x'] })), /have the subject "a"/],
])('%j cannot be meant', (senders, message) => {
  expect(() => read(...senders)).toThrow(message);
});
