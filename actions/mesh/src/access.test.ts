import { access } from './access.ts';

const inputs = {
  issuer: 'https://issuer.example',
  'jwks-url': 'https://issuer.example/jwks',
  'waf-service': 'infra/waf:9003',
};

test('tokens are bound to an audience or to clients', () => {
  expect(access({ ...inputs, audience: 'urn:llm', clients: [] })).toMatchObject({ audience: 'urn:llm' });
  const bound = access({ ...inputs, clients: ['app'] });
  expect(bound).toMatchObject({ clients: ['app'], waf: { namespace: 'infra', name: 'waf', port: 9003 } });
  expect(bound).not.toHaveProperty('audience');
});

test.each([{ audience: '*' }, { clients: ['app', 'team-*'] }, { clients: ['*-team'] }])(
  'a pattern is denied: %j',
  given => {
    expect(() => access({ ...inputs, ...given })).toThrow(
      /must not begin or end with \*, which is any text at Istio; found "/,
    );
  },
);

test.each([
  ['neither', {}],
  ['both', { audience: 'urn:llm', clients: ['app'] }],
])('%s is denied in one paragraph', (found, given) => {
  expect(() => access({ ...inputs, ...given })).toThrow(
    `takes either the input audience or the input clients; found ${found}. Name the audience`,
  );
});
