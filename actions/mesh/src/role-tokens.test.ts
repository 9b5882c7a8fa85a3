import { ToolError } from '@fairway/clients/tool-error';
import { tinyService } from '../../../test/fixtures/service.ts';
import { allowedBy, roleTokens, valuesIn } from './role-tokens.ts';

const token = (payload: object) => `x.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.y`;
const service = tinyService({
  access: {
    claims: ['realm_access.roles', 'groups'],
    roles: [{ name: 'embedders', operations: ['embeddings'] }, { name: 'everything' }],
  },
});

test.each([
  ['scopes in one text', { scope: 'a b' }, ['a', 'b']],
  ['scopes in a list', { scp: ['a', 'b'] }, ['a', 'b']],
  ['claims that are named', { realm_access: { roles: ['r'] }, groups: ['g'], roles: ['not looked at'] }, ['r', 'g']],
  // as the gateways take them: a text that is no scope is one value, and a number is none
  ['claims with spaces', { scope: 'a b', groups: 'LLM Users' }, ['a', 'b', 'LLM Users']],
  ['numbers and objects', { groups: [7, 'g', { h: 'i' }, ['j']] }, ['g']],
  ['none', {}, []],
])('%s', (_name, payload, expected) => {
  expect([...valuesIn(token(payload), service.access.claims)]).toEqual(expected);
});

test('rights add up', () => {
  expect(allowedBy(service, new Set(['embedders', 'llm:read']))).toEqual(['embeddings', 'models']);
  expect(allowedBy(service, new Set(['everything']))).toHaveLength(5);
  expect(allowedBy(service, new Set(['other']))).toEqual([]);
});

test('a role that the issuer denies, or does not put into the token, is missing', async () => {
  const tokens = {
    token: (scope: string) =>
      scope === 'embedders'
        ? Promise.reject(new ToolError('token endpoint', 'POST', 400, 'invalid_scope'))
        : Promise.resolve(token({ scope: 'something else' })),
  };
  expect(await roleTokens(tokens, service, undefined)).toEqual({ held: [], missing: ['embedders', 'everything'] });
});

test('where one token is all that the issuer gives, it is looked into', async () => {
  const one = token({ realm_access: { roles: ['embedders'] } });
  const tokens = { token: (scope: string) => Promise.resolve(scope === 'api://x/.default' ? one : '') };
  expect(await roleTokens(tokens, service, 'api://x/.default')).toEqual({
    held: [{ role: 'embedders', token: one, allowed: ['embeddings'] }],
    missing: ['everything'],
  });
});
