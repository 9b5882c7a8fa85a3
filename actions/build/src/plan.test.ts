import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DockerEngine } from '@fairway/clients/docker/index';
import { loadServiceFile } from '@fairway/service';
import { imageLabels } from './labels.ts';
import { planBuild } from './plan.ts';

// a Dockerfile from scratch asks no daemon for a base
const engine = { architecture: 'amd64' } as DockerEngine;
const { signal } = new AbortController();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fairway-plan-'));
});
afterEach(() => rm(folder, { recursive: true }));

const service = (more = '') => `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: llamacpp }
model: { name: tiny, path: model/tiny.gguf }
${more}`;

/** What the key of the stage holds of a service. */
async function read(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const file = await loadServiceFile(folder);
  const plan = await planBuild(file, [], engine, signal);
  return { files: plan.files, values: plan.values, labels: imageLabels(file.service, plan, undefined) };
}

const dockerfile = 'FROM scratch\nCOPY . /\n';

test.each([
  ['an objective', 'objectives: { availability: 99.5 }'],
  ['a host name', 'access: { hostname: a.example.org }'],
  ['a load profile', 'load: { requestsPerSecond: 3 }'],
])('%s is not read', async (_name, more) => {
  const before = await read({ Dockerfile: dockerfile, 'fairway.yaml': service() });
  expect(await read({ 'fairway.yaml': service(more) })).toEqual(before);
});

test('an environment is not read', async () => {
  await mkdir(join(folder, 'environments'));
  const before = await read({ Dockerfile: dockerfile, 'fairway.yaml': service() });
  expect(await read({ 'environments/staging.yaml': 'objectives: { availability: 90 }\n' })).toEqual(before);
});

test.each([
  ['a file', { 'app.py': 'b' }],
  ['the Dockerfile', { Dockerfile: `${dockerfile}USER 7\n` }],
  ['a build argument', { 'fairway.yaml': service('build: { arguments: { A: b } }') }],
  ['the licence', { 'fairway.yaml': service().replace('.gguf }', '.gguf, license: MIT }') }],
])('%s is read', async (_name, change) => {
  const before = await read({ Dockerfile: dockerfile, 'fairway.yaml': service(), 'app.py': 'a' });
  expect(await read(change)).not.toEqual(before);
});

test('a Dockerfile that names fairway.yaml gets it', async () => {
  const before = await read({ Dockerfile: `${dockerfile}# with fairway.yaml\n`, 'fairway.yaml': service() });
  expect(await read({ 'fairway.yaml': service('objectives: { availability: 99.5 }') })).not.toEqual(before);
});

test.each([
  ['Dockerfile', 'there is no Dockerfile at Dockerfile. Write one'],
  ['docker', 'docker is a folder. Write one, or name another under build.dockerfile.'],
  ['fairway.yaml/Dockerfile', 'there is no Dockerfile at fairway.yaml/Dockerfile.'],
])('without a Dockerfile at %s', async (path, expected) => {
  await mkdir(join(folder, 'docker'));
  await expect(read({ 'fairway.yaml': service(`build: { dockerfile: ${path} }`) })).rejects.toThrow(expected);
});
