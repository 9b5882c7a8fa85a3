import { apt } from './package-managers/apt.ts';
import { npm } from './package-managers/npm.ts';
import { pip } from './package-managers/pip.ts';
import { patchDockerfile } from './patch.ts';

const wanted = [
  { package: 'openssl', atLeast: '2' },
  { package: 'libssl3', atLeast: '2' },
];

test('upgrades the named packages only and gives the user back', () => {
  const dockerfile = patchDockerfile({ image: 'hello:1', manager: apt, wanted }, '65532:65532');
  expect(dockerfile).toMatch(/^FROM hello:1\nUSER 0\nRUN export /);
  expect(dockerfile).toContain('install --yes --only-upgrade --no-install-recommends');
  expect(dockerfile).toContain(' libssl3 \\\n      openssl \\\n');
  expect(dockerfile).toMatch(/\nUSER 65532:65532\n$/);
});

// https://packaging.python.org/en/latest/specifications/virtual-environments/ and, for the last, sysconfig's scheme posix_local of Debian
test.each([
  ['opt/venv/lib/python3.12/site-packages', "'/opt/venv/bin/python3.12' '/opt/venv/bin/python3' "],
  ['usr/local/lib/python3.12/site-packages', "'/usr/local/bin/python3.12' "],
  ['opt/lib/python3.13t/site-packages', "'/opt/bin/python3.13t' "],
  // of a user, by the Python that there is (site.USER_BASE)
  ['home/app/.local/lib/python3.12/site-packages', " '/usr/local/bin/python3.12' '/usr/bin/python3.12'; do"],
  ['usr/lib64/python3.9/site-packages', "'/usr/bin/python3.9' "],
  ['usr/local/lib/python3.11/dist-packages', " '/usr/bin/python3.11'; do"],
])('the Python of %s', (environment, expected) => {
  const dockerfile = patchDockerfile({ image: 'a', manager: pip(environment), wanted: [] }, undefined);
  expect(dockerfile).toContain(expected);
});

test('a package of Node is named by its folder, and no shell reads it', () => {
  const environment = "srv/it's $HOME/node_modules";
  const dockerfile = patchDockerfile(
    { image: 'a', manager: npm, wanted: [{ package: '@babel/traverse', atLeast: '7.23.2', environment }] },
    '',
  );
  expect(dockerfile).toContain(
    String.raw`node /dev/shm/upgrade.cjs \
      '/srv/it'\''s $HOME/node_modules/@babel/traverse@7.23.2'`,
  );
});

test('what a program is given ends in no layer', () => {
  const certificates = Buffer.from('');
  const dockerfile = patchDockerfile(
    { image: 'a', manager: pip('lib/python3.12/site-packages'), wanted, certificates },
    '',
  );
  expect(dockerfile).toContain(
    'RUN --mount=type=bind,source=upgrade.py,target=/dev/shm/upgrade.py --mount=type=secret,id=ca-certificates,target=/dev/shm/ca-certificates',
  );
});
