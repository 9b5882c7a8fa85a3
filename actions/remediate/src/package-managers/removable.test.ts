import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { pythonRemovable } from './python-removable.ts';

const run = promisify(execFile);

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-removable-'));
});
afterEach(() => rm(root, { recursive: true }));

const ask = (script: string | undefined, names: readonly string[], environment: Readonly<Record<string, string>>) =>
  // the last package may be one that stays
  run('sh', ['-c', `${script}; true`, 'sh', ...names], { env: { ...process.env, ...environment } });

// deb-control(5) and dpkg(1), status; the real dpkg reads it
const installed = (name: string, more = '') =>
  `Package: ${name}\nStatus: install ok installed\nPriority: optional\nMaintainer: a <a@example.com>\nArchitecture: all\nVersion: 1\n${more}Description: t\n\n`;
const status = [
  installed('base-files', 'Essential: yes\n'),
  installed('zlib1g'),
  installed('libcurl4', 'Depends: zlib1g (>= 1)\n'),
  installed('curl', 'Depends: libcurl4\n').replace('install ok', 'hold ok'),
  // what is only recommended can go
  installed('ca-certificates'),
  installed('wget', 'Recommends: ca-certificates\n'),
  installed('exim4', 'Provides: mail-transport-agent\n'),
  installed('mutt', 'Depends: mail-transport-agent\n'),
].join('');

test('apt: what another package depends on stays, and what is essential', async () => {
  await mkdir(join(root, 'info'));
  await mkdir(join(root, 'updates'));
  await writeFile(join(root, 'status'), status);
  const names = [...status.matchAll(/^Package: (\S+)$/gm)].map(([, name = '']) => name);
  for (const name of names) await writeFile(join(root, 'info', `${name}.list`), '/.\n');
  const { stdout } = await ask(apt.removable, names, { DPKG_ADMINDIR: root });
  expect(stdout.trim().split('\n')).toEqual([
    'curl RUN dpkg --purge curl',
    'ca-certificates RUN dpkg --purge ca-certificates',
    'wget RUN dpkg --purge wget',
    'mutt RUN dpkg --purge mutt',
  ]);
});

// in the place of apk, which Debian does not have: its words (alpinelinux/apk-tools, src/app_del.c and src/commit.c)
const fakeApk = `#!/bin/sh
[ "$1 $2 $3" = "--no-network --simulate del" ] || exit 1
case "$4" in
  curl) printf '(1/2) Purging curl (8.14.1-r2)\\n(2/2) Purging libcurl (8.14.1-r2)\\nOK: 8 MiB in 16 packages\\n' ;;
  libcurl) printf 'World updated, but the following packages are not removed due to:\\n  libcurl: curl\\n\\nOK: 12 MiB in 18 packages\\n' ;;
  *) echo "ERROR: No such package: $4" >&2; exit 1 ;;
esac
`;

test('apk: what it would not purge stays', async () => {
  await writeFile(join(root, 'apk'), fakeApk);
  await chmod(join(root, 'apk'), 0o755);
  const { stdout } = await ask(apk.removable, ['curl', 'libcurl', 'gone'], { PATH: `${root}:${process.env['PATH']}` });
  expect(stdout).toBe('curl RUN apk del curl\n');
});

// Core metadata 2.1 and Recording installed projects, packaging.python.org
async function distribution(name: string, { requires = [], installer = 'pip', requested = false }: Installed = {}) {
  const folder = join(root, `${name.replaceAll('-', '_')}-1.0.dist-info`);
  const lines = requires.map(one => `Requires-Dist: ${one}\n`).join('');
  await mkdir(folder);
  await writeFile(join(folder, 'METADATA'), `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n${lines}`);
  await writeFile(join(folder, 'INSTALLER'), `${installer}\n`);
  if (requested) await writeFile(join(folder, 'REQUESTED'), '');
}
interface Installed {
  readonly requires?: readonly string[];
  readonly installer?: string;
  readonly requested?: boolean;
}

test('pip: what was asked for stays, what another package names by whatever spelling or extra, and what another installer brought', async () => {
  await distribution('vllm', { requested: true, requires: ['Typing_Extensions>=4', 'uvloop ; extra == "fast"'] });
  await distribution('typing-extensions');
  await distribution('uvloop');
  await distribution('setuptools', { requested: true });
  await distribution('wheel', { requested: true });
  await distribution('torch', { requested: true, requires: ['setuptools'] });
  await distribution('left-behind', { requires: ['left-behind[all]'] });
  await distribution('of-poetry', { installer: 'poetry 2.1.3' });
  const names = ['vllm', 'typing_extensions', 'uvloop', 'setuptools', 'wheel', 'left-behind', 'of-poetry', 'gone'];
  const { stdout } = await run('python3', ['-c', pythonRemovable, root, ...names]);
  const removed = stdout.trim().split('\n');
  expect(removed.map(line => line.split(' ', 1)[0])).toEqual(['wheel', 'left-behind']);
  expect(removed[0]).toMatch(/^wheel RUN \/\S+ -m pip uninstall --yes (?:--break-system-packages )?wheel$/);
});
