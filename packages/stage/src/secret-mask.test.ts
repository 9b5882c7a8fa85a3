import { secretMask } from './secret-mask.ts';

const specs = {
  password: { type: 'secret', description: '' },
  token: { type: 'secret', description: '' },
  registry: { type: 'string', description: '' },
} as const;

test('a secret is taken out as it is and as JSON has it', () => {
  const password = 'quo"te\\back\nnext';
  const masked = secretMask(specs, { password, registry: 'ghcr.io' });
  expect(masked(`ghcr.io: ${password}`)).toBe('ghcr.io: ***');
  expect(JSON.parse(masked(JSON.stringify({ said: `it was ${password}.` })))).toEqual({ said: 'it was ***.' });
});

test('of a secret that begins with another one nothing is left', () => {
  expect(secretMask(specs, { password: 'abc', token: 'abcdef' })('abcdef abc')).toBe('*** ***');
});
