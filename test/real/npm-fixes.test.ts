import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  buildImage,
  connectDocker,
  exportImage,
  inspectImage,
  removeImage,
  runOnce,
} from '@fairway/clients/docker/index';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { openScanner } from '@fairway/clients/scanner/index';
import { openLayout } from '@fairway/image';
import { remediateImage } from '../../actions/remediate/src/loop.ts';
import { machineAuthorities } from '../machine-authorities.ts';
import { advisory, madeDatabase } from './made-database.ts';
import { baseImage, platform } from './platform.ts';

jest.setTimeout(600_000);

const run = promisify(execFile);
const { signal } = new AbortController();
const image = `fairway-npm:${process.pid}`;
let engine: DockerEngine;
let root: string;
let database: string;
let context: string;

const node = {
  lodash: { 'CVE-2021-23337': advisory('GHSA-35jh-r3h4-6jhm', '<4.17.21', '4.17.21') },
  // of its two lines the older one, which mkdirp 0.5.1 requires
  minimist: { 'CVE-2021-44906': advisory('GHSA-xvch-5gv4-984h', '<0.2.4', '0.2.4') },
  'cross-spawn': { 'CVE-2024-21538': advisory('GHSA-3xgq-45jj-v275', '>=7.0.0, <7.0.5', '7.0.5') },
};

// as the images of Node have it: npm with what it brings, beside the service's own packages
const dockerfile = `FROM ${baseImage}
COPY node /usr/local/bin/node
COPY lib /usr/local/lib
COPY app /app
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
USER 65532:65532
`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fairway-npm-'));
  database = await madeDatabase(root, { node });
  context = join(root, 'context');
  await mkdir(join(context, 'app'), { recursive: true });
  await copyFile(process.execPath, join(context, 'node'));
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  const install = ['install', '--ignore-scripts', '--no-bin-links', '--no-audit', '--no-fund'];
  await run('npm', [...install, '--global', '--prefix', context, 'npm@10.8.2']);
  const app = { name: 'app', version: '1.0.0', dependencies: { lodash: '4.17.20', mkdirp: '0.5.1' } };
  await writeFile(join(context, 'app/package.json'), JSON.stringify(app));
  await run('npm', [...install, '--prefix', join(context, 'app')]);
  // the ranges that the service allows; what lies there stays
  app.dependencies.lodash = '^4.17.0';
  await writeFile(join(context, 'app/package.json'), JSON.stringify(app));
  engine = await connectDocker(platform.docker.host);
  await buildImage(engine, { context, dockerfile: 'Dockerfile', tag: image });
});

afterAll(async () => {
  for (const name of [image, `${image}-1`]) await removeImage(engine, name);
  await rm(root, { recursive: true });
});

test('each package gets what fixes it where it lies, and what cannot be fixed says what to raise', async () => {
  const layout = await openLayout(join(root, 'layout'));
  const { digest } = await exportImage(engine, layout, { image, name: 'build' });
  const scanner = await openScanner(platform.scanner.trivy, signal);
  const { after, before, steps, left, ...patched } = await remediateImage({ docker: engine, scanner }, layout, {
    image: { digest, name: image },
    policy: { failOn: 'medium', exceptions: [], product: 'npm', statements: [] },
    others: [],
    database,
    attempts: 3,
    network: platform.docker.network as 'default' | 'host',
    certificates: await machineAuthorities(),
    today: new Date(),
    signal,
    progress() {},
  });
  const found = (report: typeof before) =>
    report.findings.flatMap(({ ecosystem, path }) => (ecosystem === 'node-pkg' ? path : []));
  expect(found(before).toSorted()).toEqual([
    'app/node_modules/lodash/package.json',
    'app/node_modules/minimist/package.json',
    'usr/local/lib/node_modules/npm/node_modules/cross-spawn/package.json',
  ]);
  expect(found(after)).toEqual(['app/node_modules/minimist/package.json']);
  expect(left).toMatchObject([
    {
      package: 'minimist',
      because:
        'its upgrade was refused: E: mkdirp 0.5.1 requires minimist 0.0.8, and 0.2.4 would be there: raise mkdirp, or what requires it',
    },
  ]);
  expect(steps).toHaveLength(1);
  const says = async (...command: [string, ...string[]]) =>
    (await runOnce(engine, { image: patched.image.name, command, timeout: 60_000, signal })).lines.join('\n');
  expect(await says('node', '-p', 'require("/app/node_modules/lodash").VERSION')).toBe('4.17.21');
  expect(await says('npm', '--version')).toMatch(/^10\.9\./m);
  expect(await says('cat', '/app/package-lock.json')).toBe(
    (await readFile(join(context, 'app/package-lock.json'), 'utf8')).trimEnd(),
  );
  expect((await inspectImage(engine, patched.image.name)).config.User).toBe('65532:65532');
  const traces = 'find / -xdev \\( -name "fairway-npm*" -o -name upgrade.cjs -o -name _cacache \\) 2>/dev/null; true';
  expect(await says('sh', '-c', traces)).toBe('');
});
