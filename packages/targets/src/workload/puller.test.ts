import { createHash } from 'node:crypto';
import { parseServiceFile } from '@fairway/service/service-file';
import { checkPuller, pulledFolder } from './puller.ts';

const digest = 'a'.repeat(64);
const commit = '0'.repeat(40);
const file = (...lines: readonly string[]) =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1\nkind: InferenceService\nname: hello\nowner: team\nengine: { name: vllm }\nmodel:\n  name: hello\n${lines.map(line => `  ${line}\n`).join('')}`,
    '.',
    'fairway.yaml',
  );
const artifact = (pull: string) =>
  file(
    'path: model',
    'weights:',
    '  from: artifact',
    `  pull: ${pull}`,
    `  image: r.example.com/m:v1@sha256:${digest}`,
  );

test('a pod that pulls its model itself needs the program that does it', () => {
  expect(() => checkPuller(artifact('init'), undefined)).toThrow(
    /^fairway\.yaml:11:\d+: `model\.weights\.pull: init` needs .* as the input weights-image/,
  );
  expect(() => checkPuller(artifact('init'), 'r.example.com/services')).not.toThrow();
  expect(() => checkPuller(artifact('mount'), undefined)).not.toThrow();
});

test.each([
  [
    ['from: bucket', 'bucket: s3://models/tiny', `hashes: sha256:${digest}`],
    /^fairway\.yaml:11:\d+: .*bucket.* pulls the model/,
  ],
  [
    ['from: volume', 'claim: models', 'hashes: hub'],
    /^fairway\.yaml:12:\d+: .*hashes.* verifies the model .*weights-image/,
  ],
])('so does one with %j', (lines, expected) => {
  const service = file(`reference: hf://a/b@${commit}`, 'weights:', ...lines.map(line => `  ${line}`));
  expect(() => checkPuller(service, undefined)).toThrow(expected);
  expect(() => checkPuller(service, 'r.example.com/services')).not.toThrow();
});

test('so does an adapter with a repository of its own', () => {
  const adapter = file('path: model', 'adapters:', '  - name: a', `    reference: hf://team/a@${commit}`);
  expect(() => checkPuller(adapter, undefined)).toThrow(/^fairway\.yaml:11:\d+: An adapter with `reference` needs/);
  expect(() => checkPuller(adapter, 'r.example.com/services')).not.toThrow();
});

test('a volume that is only mounted needs nothing', () => {
  expect(() => checkPuller(file('path: model', 'weights: { from: volume, claim: models }'), undefined)).not.toThrow();
});

test('the folder is named by the content, whatever the tag or the bucket', () => {
  const image = `r.example.com:5000/m:v1@sha256:${digest}`;
  const model = { name: 'm', path: 'model' };
  expect(pulledFolder({ ...model, weights: { from: 'artifact', image } })).toBe(digest);
  expect(pulledFolder({ ...model, weights: { from: 'artifact', image, folder: 'q4' } })).toBe(`${digest}/q4`);
  const bucket = { from: 'bucket', bucket: 's3://models/tiny' } as const;
  expect(pulledFolder({ ...model, weights: { ...bucket, hashes: `sha256:${digest}` } })).toBe(digest);
  const hub = (reference: string) => pulledFolder({ name: 'm', reference, weights: { ...bucket, hashes: 'hub' } });
  expect(hub(`hf://a/b@${commit}`)).toBe(commit);
  const inside = createHash('sha256').update('q4.gguf').digest('hex').slice(0, 12);
  expect(hub(`hf://a/b@${commit}/q4.gguf`)).toBe(`${commit}-${inside}`);
});
