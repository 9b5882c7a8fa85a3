import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { nodeUpgrade } from './node-upgrade.ts';

jest.setTimeout(60_000);

interface Package {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[];
}

const leaf = (version: string): Package => ({ name: '@team/leaf', version });
const holder = (version: string, inside: string) => ({
  name: 'holder',
  version,
  bundleDependencies: ['@team/leaf'],
  dependencies: { '@team/leaf': `^${inside}` },
});

/** What the registry has, each with the packages that come inside of it. */
const published: readonly (readonly [Package, ...Package[]])[] = [
  ...['1.0.0', '1.0.1', '1.2.0', '2.0.0'].map(version => [leaf(version)] as const),
  [{ name: 'other', version: '3.0.0' }],
  [{ name: 'wide', version: '1.1.0', dependencies: { '@team/leaf': '^1.0.0', other: '^3.0.0' } }],
  [holder('4.1.0', '1.0.0'), leaf('1.0.0')],
  [holder('4.2.0', '1.0.0'), leaf('1.2.0')],
  [holder('5.0.0', '2.0.0'), leaf('2.0.0')],
  [{ name: 'native', version: '1.0.1', scripts: { postinstall: 'node build.js' } }],
  [{ name: 'program', version: '1.0.1', bin: { program: 'dist/program.js' } }],
];

let registry: Server;
let root: string;
let app: string;

beforeAll(async () => {
  const files = new Map<string, Buffer>();
  const documents = new Map<string, { versions: Record<string, object>; name: string; 'dist-tags': object }>();
  registry = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url);
    const found = files.get(path) ?? (documents.has(path) ? JSON.stringify(documents.get(path)) : undefined);
    response.writeHead(found === undefined ? 404 : 200).end(found ?? '{}');
  });
  await once(registry.listen(0, '127.0.0.1'), 'listening');
  for (const [own, ...inside] of published) {
    const archive = pack();
    archive.entry({ name: 'package/package.json' }, JSON.stringify(own));
    for (const each of inside)
      archive.entry({ name: `package/node_modules/${each.name}/package.json` }, JSON.stringify(each));
    archive.finalize();
    const bytes = gzipSync(await buffer(archive));
    const file = `/files/${own.name}/${own.version}.tgz`;
    files.set(file, bytes);
    const known = documents.get(`/${own.name}`);
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    documents.set(`/${own.name}`, {
      name: own.name,
      'dist-tags': { latest: own.version },
      versions: { ...known?.versions, [own.version]: { ...own, dist: { tarball: `${address()}${file}`, integrity } } },
    });
  }
});

afterAll(() => {
  registry.close();
  registry.closeAllConnections();
});

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-node-'));
  app = join(root, 'app');
  await writeFile(join(root, 'upgrade.cjs'), nodeUpgrade);
});

afterEach(() => rm(root, { recursive: true }));

const address = () => `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;

/** Puts packages into the tree, by folder below that of the service. */
async function have(packages: Readonly<Record<string, object>>): Promise<void> {
  for (const [folder, content] of Object.entries(packages)) {
    await mkdir(join(app, folder), { recursive: true });
    await writeFile(join(app, folder, 'package.json'), JSON.stringify(content));
  }
}

/** @returns why it was refused; undefined when it was not */
async function upgrade(wanted: readonly string[], path = process.env['PATH']): Promise<string | undefined> {
  const parameters = [join(root, 'upgrade.cjs'), ...wanted.map(each => join(app, 'node_modules', each))];
  const environment = { PATH: path, HOME: root, TMPDIR: root, npm_config_registry: address() };
  return promisify(execFile)(process.execPath, parameters, { env: environment }).then(
    () => undefined,
    (error: { stdout: string; stderr: string }) => /^E: (.+)$/m.exec(error.stdout)?.[1] ?? error.stderr,
  );
}

async function version(folder: string): Promise<string | undefined> {
  const text = await readFile(join(app, 'node_modules', folder, 'package.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as Partial<Package>).version;
}

test('a package is raised where it lies to what is asked for, and nothing else is touched', async () => {
  await have({
    '': { name: 'app', dependencies: { '@team/leaf': '^1.0.0', middle: '1.0.0' } },
    'node_modules/@team/leaf': leaf('1.0.0'),
    'node_modules/middle': { name: 'middle', version: '1.0.0', dependencies: { '@team/leaf': '0.9.0 || 1.0.1' } },
    'node_modules/middle/node_modules/@team/leaf': leaf('0.9.0'),
  });
  for (const name of ['package-lock.json', 'node_modules/.package-lock.json']) await writeFile(join(app, name), '{}');
  expect(await upgrade(['middle/node_modules/@team/leaf@1.0.1'])).toBeUndefined();
  expect(await version('middle/node_modules/@team/leaf')).toBe('1.0.1');
  expect(await version('@team/leaf')).toBe('1.0.0');
  // npm's own note of the tree, which is no longer true, is gone
  expect(await readdir(join(app, 'node_modules'))).toEqual(['@team', 'middle']);
  expect(await readFile(join(app, 'package-lock.json'), 'utf8')).toBe('{}');
});

test.each<[string, Readonly<Record<string, object>>, string, string]>([
  [
    'what another package requires',
    {
      'node_modules/@team/leaf': leaf('1.0.0'),
      'node_modules/middle': { name: 'middle', version: '1.0.0', dependencies: { '@team/leaf': '~1.0.0' } },
    },
    '@team/leaf@1.2.0',
    'middle 1.0.0 requires @team/leaf ~1.0.0, and 1.2.0 would be there: raise middle, or what requires it',
  ],
  [
    'what the service requires',
    { '': { dependencies: { '@team/leaf': '1.0.0' } }, 'node_modules/@team/leaf': leaf('1.0.0') },
    '@team/leaf@1.0.1',
    '/app/package.json requires @team/leaf 1.0.0, and 1.0.1 would be there: change it there',
  ],
  [
    'a package that is built when it is installed',
    { 'node_modules/native': { name: 'native', version: '1.0.0' } },
    'native@1.0.1',
    'native 1.0.1 runs a program when it is installed, which is not done here: raise it where the image is built',
  ],
  [
    'a program to which a link would lead nowhere',
    { 'node_modules/program': { name: 'program', version: '1.0.0', bin: './program.js' } },
    'program@1.0.1',
    'the program program lies elsewhere in program 1.0.1: raise it where the image is built',
  ],
  [
    'a version that is not there',
    { 'node_modules/@team/leaf': leaf('1.0.0') },
    '@team/leaf@1.0.9',
    'No matching version found for @team/leaf@1.0.9',
  ],
])('%s is a reason to refuse', async (_name, packages, wanted, reason) => {
  await have(packages);
  expect(await upgrade([wanted])).toContain(reason);
});

test('what the new version requires lies below it, unless the tree has it', async () => {
  await have({
    'node_modules/wide': { name: 'wide', version: '1.0.0' },
    'node_modules/@team/leaf': leaf('1.0.0'),
    'node_modules/other': { name: 'other', version: '2.0.0' },
  });
  expect(await upgrade(['wide@1.1.0'])).toBeUndefined();
  expect(await version('wide')).toBe('1.1.0');
  expect(await readdir(join(app, 'node_modules/wide/node_modules'))).toEqual(['other']);
  expect(await version('wide/node_modules/other')).toBe('3.0.0');
  expect(await version('other')).toBe('2.0.0');
});

test('what only the old version required is in the way of nothing', async () => {
  await have({
    '': { dependencies: { '@team/leaf': '^1.0.0', wide: '1' } },
    'node_modules/@team/leaf': leaf('1.0.0'),
    'node_modules/wide': { name: 'wide', version: '1.0.0', dependencies: { old: '1' } },
    'node_modules/old': { name: 'old', version: '1.0.0', dependencies: { '@team/leaf': '1.0.0' } },
  });
  expect(await upgrade(['@team/leaf@1.2.0', 'wide@1.1.0'])).toBeUndefined();
  expect(await version('@team/leaf')).toBe('1.2.0');
});

// as npm has most of what it needs: https://docs.npmjs.com/cli/configuring-npm/package-json#bundledependencies
test('a package that came inside of another one goes with the newest of its line', async () => {
  await have({
    'node_modules/holder': holder('4.1.0', '1.0.0'),
    'node_modules/holder/node_modules/@team/leaf': leaf('1.0.0'),
  });
  expect(await upgrade(['holder/node_modules/@team/leaf@1.0.1'])).toBeUndefined();
  expect([await version('holder'), await version('holder/node_modules/@team/leaf')]).toEqual(['4.2.0', '1.2.0']);
  expect(await upgrade(['holder/node_modules/@team/leaf@2.0.0'])).toMatch(
    /^it came inside of holder, and 4\.2\.0, the newest of its line, has 1\.2\.0 still: remove holder from the image/,
  );
});

test('an image without npm', async () => {
  await have({ 'node_modules/@team/leaf': leaf('1.0.0') });
  await symlink(process.execPath, join(root, 'node'));
  expect(await upgrade(['@team/leaf@1.0.1'], dirname(join(root, 'node')))).toMatch(/^the image has no npm/);
});
