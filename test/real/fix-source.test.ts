import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openNpm } from '@fairway/clients/npm/npm';
import { openRepository, parseRepository, putBlob, putManifest } from '@fairway/clients/registry/index';
import { openUv } from '@fairway/clients/uv/index';
import { platformFolders } from '@fairway/platform';
import { ensureParts } from '@fairway/platform/build/ensure-parts';
import { partsFolder } from '@fairway/platform/folders';
import { machineParts } from '@fairway/platform/machine-parts';
import { loadService } from '@fairway/service';
import { fixSource } from '../../actions/fix-source/src/fix-source.ts';
import { startRegistry } from '../registry.ts';
import type { PlainRegistry } from '../registry.ts';
import { serviceFolder } from '../service-folder.ts';
import { workflowTool } from '../workflow-tools.ts';

jest.setTimeout(600_000);

const run = promisify(execFile);
const { signal } = new AbortController();
const noPrograms = { uv: openUv('/nowhere/uv', signal), npm: openNpm('/nowhere/npm', signal) };
let root: string;
let folder: string;
let uv: string;
let registry: PlainRegistry;
let base: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-fix-source-'));
  uv = await workflowTool('uv');
  const wanted = machineParts.filter(({ name }) => name === 'containers');
  const parts = await ensureParts(wanted, {
    folder: partsFolder(platformFolders()),
    signal,
    progress: () => undefined,
  });
  await mkdir(join(root, 'registry'));
  registry = await startRegistry(parts.get('containers')!, join(root, 'registry'));
  base = `${registry.address}/team/base`;
  folder = await serviceFolder(
    root,
    'fixed',
    `model: { name: fixed, reference: 'hf://team/fixed@${'0'.repeat(40)}' }\n`,
  );
  await writeFile(join(folder, 'Dockerfile'), `FROM ${base}:1@${await pushBase('old')}\nCOPY requirements.txt ./\n`);
  await writeFile(
    join(folder, 'pyproject.toml'),
    '[project]\nname = "fixed"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["jinja2>=3.1", "idna==3.6"]\n',
  );
  // a lock as it was made when 3.1.4 was the newest
  await writeFile(join(folder, 'then.txt'), 'jinja2==3.1.4\nmarkupsafe==2.1.5\n');
  const parameters = ['--universal', '--generate-hashes', 'pyproject.toml', '--output-file', 'requirements.txt'];
  await run(uv, ['pip', 'compile', ...parameters, '--constraint', 'then.txt', '--quiet'], {
    cwd: folder,
    env: { ...process.env, UV_CUSTOM_COMPILE_COMMAND: `uv pip compile ${parameters.join(' ')}` },
  });
});

afterAll(async () => {
  await registry?.stop();
  await rm(root, { recursive: true });
});

test('locks and bases are changed where they can be, and what cannot costs nothing else', async () => {
  const before = await readFile(join(folder, 'requirements.txt'), 'utf8');
  const today = await pushBase('new');
  const python = { action: 'patch-layer', ecosystem: 'python-pkg' };
  const fixed = await fixSource({
    folder,
    service: await loadService(folder),
    plan: [
      // CVE-2025-27516 is fixed in 3.1.6, CVE-2024-3651 in 3.7 (GHSA-cpwx-vrp4-4pq7, GHSA-jjg7-2v4v-x38h)
      { ...python, package: 'idna', installed: '3.6', atLeast: '3.7', findings: ['CVE-2024-3651'] },
      { ...python, package: 'Jinja2', installed: '3.1.4', atLeast: '3.1.6', findings: ['CVE-2025-27516'] },
      {
        action: 'patch-layer',
        package: 'libexpat1',
        installed: '2.5.0-1',
        atLeast: '2.5.0-1+deb12u1',
        findings: ['A'],
      },
    ],
    programs: { uv: openUv(uv, signal), npm: openNpm('npm', signal) },
    dockerConfig: root,
    signal,
    progress: () => undefined,
  });
  expect(Object.keys(fixed.files)).toEqual(['Dockerfile', 'requirements.txt']);
  expect(await readFile(join(folder, 'Dockerfile'), 'utf8')).toBe(
    `FROM ${base}:1@${today}\nCOPY requirements.txt ./\n`,
  );
  const [idna, jinja, expat] = fixed.fixes;
  expect(idna?.done).toMatch(/^requirements\.txt was left as it is, because it could not be made again: .*idna==3\.6/s);
  expect(jinja?.done).toBe('Raised in requirements.txt.');
  expect(expat?.done).toMatch(/^Dockerfile has today's base/);

  const after = await readFile(join(folder, 'requirements.txt'), 'utf8');
  const pins = (text: string) =>
    Object.fromEntries([...text.matchAll(/^(\S+)==(\S+)/gm)].map(found => found.slice(1, 3)));
  expect(after.split('\n')[1]).toBe(before.split('\n')[1]);
  expect(pins(after)).toEqual({ ...pins(before), jinja2: expect.stringMatching(/^3\.(1\.[6-9]|[2-9])/) });
  // pip takes the hashes
  const pip = ['-m', 'pip', 'download', '--quiet', '--require-hashes', '--no-deps', '--dest', join(root, 'wheels')];
  await run('python3', [...pip, '--requirement', join(folder, 'requirements.txt')]);
});

test('each program to rebuild is named, and a package of Node costs no base', async () => {
  const dockerfile = `FROM 127.0.0.1:9/team/base:1@sha256:${'a'.repeat(64)}\n`;
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  const net = { action: 'rebuild', ecosystem: 'gobinary', package: 'golang.org/x/net', findings: ['A'] };
  const lodash = { action: 'patch-layer', ecosystem: 'node-pkg', package: 'lodash', findings: ['B'] };
  const { bases, fixes } = await fixSource({
    folder,
    service: await loadService(folder),
    plan: [
      { ...net, environment: 'usr/bin/a', atLeast: '0.38.0', because: 'rebuild /usr/bin/a' },
      { ...net, environment: 'usr/bin/b', atLeast: '0.38.0', because: 'rebuild /usr/bin/b' },
      ...['app', 'srv'].map(place => ({ ...lodash, environment: `${place}/node_modules`, atLeast: '4.17.21' })),
    ],
    programs: noPrograms,
    dockerConfig: root,
    signal,
    progress: () => undefined,
  });
  expect(bases).toEqual([]);
  expect(fixes.map(({ done }) => done)).toEqual([
    'rebuild /usr/bin/a',
    'rebuild /usr/bin/b',
    expect.stringMatching(/^No lock file beside fairway\.yaml has it in an older version\./),
  ]);
});

test('the locks of projects are raised as far as their ranges admit, and of others the command is named', async () => {
  const project = await serviceFolder(
    root,
    'locked',
    `model: { name: locked, reference: 'hf://team/locked@${'0'.repeat(40)}' }\n`,
  );
  const write = (file: string, text: string) => writeFile(join(project, file), text);
  const text = (file: string) => readFile(join(project, file), 'utf8');
  const python = (requires: string) =>
    `[project]\nname = "locked"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["jinja2${requires}", "idna==3.6"]\n`;
  const npm = (range: string) =>
    JSON.stringify({ name: 'locked', version: '1.0.0', dependencies: { lodash: range, mkdirp: '0.5.1' } });
  await write('Dockerfile', 'FROM scratch\n');
  await write('pyproject.toml', python('==3.1.4'));
  await run(uv, ['lock', '--quiet'], { cwd: project });
  await write('package.json', npm('4.17.20'));
  await run('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { cwd: project });
  // as when these versions were the newest
  await write('pyproject.toml', python('>=3.1'));
  await run(uv, ['lock', '--quiet'], { cwd: project });
  await write('package.json', npm('^4.17.0'));
  await run('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { cwd: project });
  await write('yarn.lock', 'lodash@^4.17.0:\n  version "4.17.20"\n');
  expect(await text('package-lock.json')).toMatch(/lodash": {\s*"version": "4\.17\.20"/);
  expect(await text('uv.lock')).toContain('jinja2-3.1.4');

  const python3 = { action: 'patch-layer', ecosystem: 'python-pkg' };
  const node = { action: 'patch-layer', ecosystem: 'node-pkg', environment: 'app/node_modules' };
  const { files, fixes } = await fixSource({
    folder: project,
    service: await loadService(project),
    plan: [
      { ...python3, package: 'Jinja2', installed: '3.1.4', atLeast: '3.1.6', findings: ['CVE-2025-27516'] },
      { ...python3, package: 'idna', installed: '3.6', atLeast: '3.7', findings: ['CVE-2024-3651'] },
      { ...node, package: 'lodash', installed: '4.17.20', atLeast: '4.17.21', findings: ['CVE-2021-23337'] },
      // mkdirp 0.5.1 requires minimist 0.0.8, and that alone
      { ...node, package: 'minimist', installed: '0.0.8', atLeast: '1.2.6', findings: ['CVE-2021-44906'] },
    ],
    programs: { uv: openUv(uv, signal), npm: openNpm('npm', signal) },
    dockerConfig: root,
    signal,
    progress: () => undefined,
  });
  expect(Object.keys(files).sort()).toEqual(['package-lock.json', 'uv.lock']);
  const [jinja, idna, lodash, minimist] = fixes;
  expect(jinja?.done).toBe('Raised in uv.lock.');
  expect(idna?.done).toMatch(/^uv\.lock was left as it is, because it could not be made again: .*idna==3\.6/s);
  expect(lodash?.done).toBe(
    'Raised in package-lock.json. yarn.lock has lodash 4.17.20: run `yarn up --recursive lodash` beside it.',
  );
  expect(minimist?.done).toBe('package-lock.json has minimist 0.0.8 still: what requires it admits no newer one.');
  // the programs themselves take what was written
  await run(uv, ['lock', '--check', '--quiet'], { cwd: project });
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: project });
  const lodashThere = JSON.parse(await text('node_modules/lodash/package.json')) as { version: string };
  expect(lodashThere.version).toMatch(/^4\.(17\.2[1-9]|17\.[3-9]\d|1[89]\.|[2-9]\d\.)/);
  expect(await text('package.json')).toBe(npm('^4.17.0'));
});

test('a base that the Dockerfile names by its tag alone gets the digest of today', async () => {
  const today = await pushBase('today');
  await writeFile(join(folder, 'Dockerfile'), `ARG BASE=${base}:1\nFROM \${BASE}\n`);
  const { bases, files } = await fixExpat();
  expect(bases).toEqual([{ image: `${base}:1`, to: today }]);
  expect(files).toEqual({ Dockerfile: `ARG BASE=${base}:1@${today}\nFROM \${BASE}\n` });
});

test('a registry that does not answer costs its base and nothing else', async () => {
  const dockerfile = `FROM 127.0.0.1:9/team/base:1@sha256:${'a'.repeat(64)}\n`;
  await writeFile(join(folder, 'Dockerfile'), dockerfile);
  const { files, bases } = await fixExpat();
  expect(files).toEqual({});
  expect(bases).toMatchObject([{ problem: expect.stringMatching(/cannot be reached/) }]);
});

/** Fixes a package of the distribution, which a newer base has. */
async function fixExpat() {
  return fixSource({
    folder,
    service: await loadService(folder),
    plan: [{ action: 'patch-layer', package: 'libexpat1', installed: '1', atLeast: '2', findings: ['A'] }],
    programs: noPrograms,
    dockerConfig: root,
    signal,
    progress: () => undefined,
  });
}

/** Gives the tag another image. @returns its digest */
async function pushBase(content: string): Promise<string> {
  const client = openRepository(parseRepository(base), {}, signal);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const config = await putBlob(client, 'application/vnd.oci.image.config.v1+json', Buffer.from(`{"of":"${content}"}`));
  return (await putManifest(client, mediaType, { schemaVersion: 2, mediaType, config, layers: [] }, '1')).digest;
}
