import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import type { NpmPart } from '../parts.ts';
import { ensureParts } from './ensure-parts.ts';

let folder: string;
let registry: http.Server;
let part: NpmPart;
const signal = new AbortController().signal;
const made = async (wanted: NpmPart) =>
  (await ensureParts([wanted], { folder: join(folder, 'parts'), signal, progress: () => undefined })).get('facts') ??
  '';

/** npm itself packs the package, and fetches it from a registry that has no other. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-npm-part-'));
  const source = join(folder, 'source');
  await mkdir(join(source, 'data'), { recursive: true });
  const scripts = { prepare: 'touch ran', postinstall: 'touch ran' };
  await writeFile(join(source, 'package.json'), JSON.stringify({ name: '@team/facts', version: '1.0.0', scripts }));
  await writeFile(join(source, 'data/one.json'), '{"one":1}');
  await writeFile(join(source, 'data/two.json'), '{"two":2}');
  await runCommand('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: source, signal });
  const archive = await readFile(join(folder, 'team-facts-1.0.0.tgz'));
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  registry = http.createServer((request, response) => {
    const tarball = `http://${request.headers.host}/facts.tgz`;
    if (request.url === '/facts.tgz') return void response.end(archive);
    const version = { name: '@team/facts', version: '1.0.0', dist: { tarball, integrity } };
    const packument = { name: '@team/facts', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(packument));
  });
  await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
  process.env['npm_config_registry'] = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  process.env['npm_config_cache'] = join(folder, 'cache');
  part = {
    kind: 'npm',
    name: 'facts',
    package: '@team/facts',
    version: '1.0.0',
    integrity,
    files: ['data/one.json'],
  };
});
afterAll(async () => {
  await new Promise(resolve => registry.close(resolve));
  await rm(folder, { recursive: true });
});

test('the files that are named come out of the package, and nothing of it is run', async () => {
  const place = await made(part);
  expect((await readdir(place, { recursive: true })).toSorted()).toEqual(['data', 'data/one.json', 'manifest.json']);
  expect(await readFile(join(place, 'data/one.json'), 'utf8')).toBe('{"one":1}');
});

test('a package of another content is not taken', async () => {
  const other = { ...part, integrity: `sha512-${createHash('sha512').update('other').digest('base64')}` };
  await expect(made(other)).rejects.toThrow(
    /npm pack @team\/facts@1\.0\.0 ended with another checksum: expected sha512/,
  );
});
