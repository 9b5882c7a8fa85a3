import { baseRepositories } from './base-repositories.ts';

const built = (...names: string[]) =>
  JSON.stringify({
    predicate: {
      buildDefinition: { resolvedDependencies: ['source', 'commit', ...names].map(name => ({ name })) },
    },
  });
const digest = `sha256:${'a'.repeat(64)}`;

test.each<[string, readonly string[], readonly string[]]>([
  ['registry.example:5000', ['registry.example:5000/team/base:1'], ['team/base']],
  [
    'registry.example:5000',
    [`registry.example:5000/team/base:1@${digest}`, 'registry.example:5000/team/base'],
    ['team/base'],
  ],
  ['registry.example', ['registry.example:5000/team/base:1', 'other.example/base:1', 'debian:12'], []],
  ['registry.example', [`registry.example/a@${digest}`, 'registry.example/b/c:2'], ['a', 'b/c']],
  ['docker.io', ['debian', 'docker.io/team/base:1'], ['library/debian', 'team/base']],
])('what %s has of %j', (host, names, repositories) => {
  expect(baseRepositories(built(...names), host)).toEqual(repositories);
});
