import { scannerInputs } from './local-inputs.ts';

const scanner = { trivy: '/parts/trivy', grype: '/parts/grype', database: '/vulnerabilities' };

test.each([
  ['nobody named one', {}, {}],
  ['Trivy by name', { scanner: 'trivy' }, { scanner: '/parts/trivy' }],
  ['Grype by name', { scanner: 'grype' }, { scanner: '/parts/grype' }],
  ['a program of the user', { scanner: '/usr/bin/grype' }, {}],
  ['mirrors take the place of the database', { 'database-mirrors': ['a'] }, { database: undefined }],
  ['not of one that was named', { 'database-mirrors': ['a'], database: '/own' }, { database: '/own' }],
])('%s', (_case, given, inputs) => {
  expect(scannerInputs({ scanner }, given)).toStrictEqual(inputs);
});

test('Grype on a platform without it is said with what brings it', () => {
  expect(() => scannerInputs({ scanner: { ...scanner, grype: undefined } }, { scanner: 'grype' })).toThrow(
    /^`scanner` is grype, and .* `fairway platform up --with grype` brings it/,
  );
});
