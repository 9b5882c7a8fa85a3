import { ConfigReader } from '@backstage/config';
import { githubSettings } from './github-settings.ts';
import { fitsPattern } from './pattern.ts';

const settings = (github: object) =>
  githubSettings(
    new ConfigReader({ backend: { baseUrl: 'https://portal.test/' }, fairway: { github: { ...github } } }),
  );
const lists = { repositories: ['acme/*'], workflows: ['acme/**'] };

test('the public GitHub is the default, and the portal itself the audience', () => {
  expect(settings(lists)).toEqual({
    issuer: 'https://token.actions.githubusercontent.com',
    audience: 'https://portal.test',
    server: 'https://github.com',
    ...lists,
  });
  expect(settings({ ...lists, issuer: 'https://github.acme.test/_services/token' })?.server).toBe(
    'https://github.acme.test',
  );
});

test('settings that would let everybody in are refused', () => {
  expect(() => settings({ repositories: ['acme/*'] })).toThrow(/fairway.github.workflows is empty/);
  expect(() => settings({ workflows: ['acme/**'] })).toThrow(/fairway.github.repositories is empty/);
  expect(githubSettings(new ConfigReader({}))).toBeUndefined();
});

test('a star stops at a slash, two do not, and nothing else is special', () => {
  expect(fitsPattern('acme/*', 'acme/a')).toBe(true);
  expect(fitsPattern('acme/*', 'acme/a/b')).toBe(false);
  expect(fitsPattern('acme/**', 'acme/a/b')).toBe(true);
  expect(fitsPattern('acme/*', 'x/acme/a')).toBe(false);
  expect(fitsPattern('a.b/*', 'aXb/c')).toBe(false);
});
