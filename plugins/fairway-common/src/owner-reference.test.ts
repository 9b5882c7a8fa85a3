import { ownerReference } from './owner-reference.ts';

test.each<[string, string]>([
  ['team-hello', 'group:default/team-hello'],
  ['group:team-hello', 'group:default/team-hello'],
  ['Group:Platform/Team-Hello', 'group:platform/team-hello'],
  ['user:default/jane', 'user:default/jane'],
])('the owner %j is %s', (owner, reference) => {
  expect(ownerReference(owner)).toBe(reference);
});

test.each(['', 'team:', 'group:/', 'a b', 'größe', 'x'.repeat(64), 'a:b:c', 'a/b/c'])('%j is no owner', owner => {
  expect(ownerReference(owner)).toBeUndefined();
});
