import { comparePythonVersions, compareSemanticVersions } from './language-version.ts';

// in their order by PEP 440 ("Summary of permitted suffixes and relative ordering"), as the package packaging 23.2 sorts them; "=" joins what is the same
const python = `1.0.dev1 1.0.dev10 1.0a1.dev2 1.0a1 1.0a2 1.0alpha3 1.0_a5 1.0b1 1.0-b2 1.0rc1=1.0.0rc1 1.0rc1.post2 1.0c2 1.0.rc3 1.0.preview6 1.0pre7
  1.0=1.0.0 1.0+local 1.0+local.2 1.0.post1.dev3 1.0.post1=1.0-1 1.0r4 1.0rev5 1.0.1 1.1 v1.2 1.9 1.10 2024.7.4 1!0.5`;

// semver.org, 11, and the forms of Go's pseudo-versions (go.dev/ref/mod) and of canaries
const semantic = `0.0.0-20210921155107-089bfa567519 0.0.0-20220314234659-1baeb1ce4c0b v1.0.0-0 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2
  1.0.0-beta.11 1.0.0-canary.5 1.0.0-rc.1 1.0.0=v1.0.0=1.0.0+incompatible 1.0.1-0.20230101000000-abcdefabcdef 1.0.1 1.9.9 1.10.0`;

test.each([
  ['Python', python, comparePythonVersions],
  ['semantic versioning', semantic, compareSemanticVersions],
])('versions in the order of %s', (_name, text, compare) => {
  const sorted = text.split(/\s+/).map(same => same.split('='));
  for (const [at, one] of sorted.entries())
    for (const [other, versions] of sorted.entries())
      for (const a of one)
        for (const b of versions)
          expect([a, b, Math.sign(compare(a, b) ?? NaN)]).toEqual([a, b, Math.sign(at - other)]);
});

test.each([
  [comparePythonVersions, '2004d'],
  [compareSemanticVersions, 'go1.22rc1'],
  [compareSemanticVersions, '(devel)'],
])('what is no version is not compared', (compare, text) => {
  expect(compare(text, '1.0.0')).toBeUndefined();
});
