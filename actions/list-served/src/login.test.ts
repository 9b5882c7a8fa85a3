import { loginFor } from './login.ts';

const github = { server: 'https://github.com', actor: 'somebody', token: 'ghs_1' };
const own = { username: 'somebody', password: 'ghs_1' };
const digest = `@sha256:${'a'.repeat(64)}`;

// docs.github.com, "Working with the Container registry" and "Feature overview for GitHub Enterprise Cloud with data residency"
test.each([
  ['ghcr.io/team/hello', 'https://github.com', true],
  ['containers.octocorp.ghe.com/team/hello', 'https://octocorp.ghe.com', true],
  ['containers.octocorp.ghe.com/team/hello', 'https://github.com', false],
  ['ghcr.io.example.com/team/hello', 'https://github.com', false],
  ['ghcr.io:8443/team/hello', 'https://github.com', false],
  ['registry.example.com/ghcr.io/hello', 'https://github.com', false],
  ['team/hello', 'https://github.com', false],
])("of %s at %s GitHub's token is the login: %s", (name, server, isOwn) => {
  expect(loginFor(`${name}${digest}`, {}, { ...github, server })).toEqual(isOwn ? own : {});
});

test('a password that is given wins', () => {
  const given = { username: 'reader', password: 'x' };
  expect(loginFor(`ghcr.io/team/hello${digest}`, given, github)).toBe(given);
  expect(loginFor(`ghcr.io/team/hello${digest}`, {}, undefined)).toEqual({});
});
