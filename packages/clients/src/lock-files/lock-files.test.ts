import { lockFileOf } from './lock-file.ts';

// each as its program wrote it: poetry 2, pipenv 2026, pnpm 10 and 8, Yarn 1 and 4
const poetry = `[[package]]
name = "MarkupSafe"
version = "2.1.5"
description = "Safely add untrusted strings to HTML/XML markup."

[[package]]
name = "jinja2"
version = "3.1.4"

[package.dependencies]
MarkupSafe = ">=2.0"
`;
const pipenv = JSON.stringify({
  _meta: { hash: { sha256: 'a' }, 'pipfile-spec': 6, requires: { python_version: '3.11' }, sources: [] },
  default: { jinja2: { hashes: ['sha256:a'], index: 'pypi', version: '==3.1.4' }, local: { path: '.' } },
  develop: { markupsafe: { version: '==2.1.5' } },
});
const pnpm10 = `lockfileVersion: '9.0'
packages:
  '@sindresorhus/is@4.0.0':
    resolution: {integrity: sha512-a}
  lodash@4.17.20:
    resolution: {integrity: sha512-b}
`;
const pnpm8 = `lockfileVersion: '6.0'
packages:
  /@sindresorhus/is@4.0.0:
    resolution: {integrity: sha512-a}
  /lodash@4.17.20:
    resolution: {integrity: sha512-b}
    dev: false
`;
const yarn1 = `# yarn lockfile v1


"@sindresorhus/is@4.0.0":
  version "4.0.0"

lodash@^4.0.0, lodash@^4.17.0:
  version "4.17.20"

lodash.merge@^4.6.0:
  version "4.6.2"
`;
const yarn4 = `__metadata:
  version: 10
  cacheKey: 10c0

"@sindresorhus/is@npm:4.0.0":
  version: 4.0.0
  resolution: "@sindresorhus/is@npm:4.0.0"

"lodash@npm:^4.0.0, lodash@npm:^4.17.0":
  version: 4.17.20
  resolution: "lodash@npm:4.17.20"
`;
const npm = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': { name: 'lodash', version: '1.0.0' },
    'node_modules/lodash': { version: '4.17.20' },
    'node_modules/a/node_modules/lodash': { version: '3.10.1' },
    'node_modules/b/node_modules/lodash': { version: '4.17.20' },
    'node_modules/other-name': { name: 'lodash', version: '2.4.2' },
    'node_modules/@sindresorhus/is': { version: '4.0.0' },
  },
});

test.each([
  ['poetry.lock', poetry, 'Jinja2', ['3.1.4']],
  ['poetry.lock', poetry, 'markupsafe', ['2.1.5']],
  ['Pipfile.lock', pipenv, 'Jinja2', ['3.1.4']],
  ['Pipfile.lock', pipenv, 'MarkupSafe', ['2.1.5']],
  ['Pipfile.lock', pipenv, 'local', []],
  ['pnpm-lock.yaml', pnpm10, 'lodash', ['4.17.20']],
  ['pnpm-lock.yaml', pnpm10, '@sindresorhus/is', ['4.0.0']],
  ['pnpm-lock.yaml', pnpm8, 'lodash', ['4.17.20']],
  ['pnpm-lock.yaml', pnpm8, '@sindresorhus/is', ['4.0.0']],
  ['yarn.lock', yarn1, 'lodash', ['4.17.20']],
  ['yarn.lock', yarn1, '@sindresorhus/is', ['4.0.0']],
  ['yarn.lock', yarn4, 'lodash', ['4.17.20']],
  ['yarn.lock', yarn4, '@sindresorhus/is', ['4.0.0']],
  ['package-lock.json', npm, 'lodash', ['4.17.20', '3.10.1', '2.4.2']],
  ['npm-shrinkwrap.json', npm, '@sindresorhus/is', ['4.0.0']],
  ['package-lock.json', npm, 'is', []],
])('%s has a package in these versions (%#)', (file, text, name, versions) => {
  expect(lockFileOf(file, text)?.versions(text, name)).toEqual(versions);
});

test.each([
  ['package-lock.json', '<<<<<<< HEAD\n{}', /^it cannot be read \(Unexpected token/],
  [
    'package-lock.json',
    '{"lockfileVersion":1,"dependencies":{}}',
    /^it cannot be read \(write it anew with npm 7 or newer/,
  ],
  ['pnpm-lock.yaml', 'packages: [\n', /^it cannot be read \(.*line 2/],
])('a %s that cannot be read says so (%#)', (file, text, said) => {
  expect(() => lockFileOf(file, text)?.versions(text, 'lodash')).toThrow(said);
});

test('other files are no locks', () => {
  expect(lockFileOf('requirements.txt', 'jinja2==3.1.4\n')).toBeUndefined();
  expect(lockFileOf('package.json', '{}')).toBeUndefined();
});
