import { parseServiceFile } from './service-file.ts';

const commit = '0'.repeat(40);
const read = (model: string) =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1\nkind: InferenceService\nname: hello\nowner: team\nengine: { name: vllm }\nmodel: { name: hello, ${model} }\n`,
    '.',
    'fairway.yaml',
  );

test.each([
  [`reference: 'hf://a/b@${commit}', weights: { from: volume, claim: models, folder: llama/8b }`],
  [`path: model, weights: { from: artifact, image: 'registry.example.com/models/b@sha256:${'a'.repeat(64)}' }`],
  [
    `path: model, weights: { from: artifact, pull: init, claim: models, image: 'r.example.com/b@sha256:${'a'.repeat(64)}' }`,
  ],
  [`reference: 'hf://a/b@${commit}', weights: { from: hub, claim: downloads, secret: hub-token }`],
  [`path: model, weights: { from: bucket, bucket: 's3://models/team/b', hashes: 'sha256:${'a'.repeat(64)}' }`],
  [
    `reference: 'hf://a/b@${commit}', weights: { from: bucket, bucket: 's3://models/b', endpoint: 'http://minio.storage:9000', region: eu-1, secret: keys, claim: models, hashes: hub }`,
  ],
  [`path: model, weights: { from: volume, claim: models, hashes: 'sha256:${'a'.repeat(64)}', verify: always }`],
  [`reference: 'hf://a/b@${commit}', weights: { from: volume, claim: models, hashes: hub, secret: hub-token }`],
])('%s is taken', model => {
  expect(() => read(model)).not.toThrow();
});

test.each([
  ['path: model, weights: { from: volume }', /weights\.claim` is missing/],
  ['path: model, weights: { from: artifact, claim: a }', /weights\.image` is missing/],
  [`path: model, weights: { from: artifact, image: 'registry.example.com/models/b:latest' }`, /by digest/],
  [
    `path: model, weights: { from: artifact, claim: a, image: 'r.example.com/b@sha256:${'a'.repeat(64)}' }`,
    /weights\.claim` means nothing where nodes mount the image: remove it, or set `pull: init`/,
  ],
  ['path: model, weights: { from: volume, claim: a, pull: init }', /weights\.pull` means nothing with `from: volume`/],
  ['path: model, weights: { from: volume, claim: a, secret: b }', /weights\.secret` means nothing with `from: volume`/],
  ['path: model, weights: { from: volume, claim: a, folder: ../b }', /weights\.folder/],
  [`path: model, weights: { from: bucket, hashes: 'sha256:${'a'.repeat(64)}' }`, /weights\.bucket` is missing/],
  [
    `path: model, weights: { from: bucket, bucket: 's3://models/b' }`,
    /weights\.hashes` is missing: objects of a bucket/,
  ],
  [
    `path: model, weights: { from: bucket, bucket: 'gs://models/b', hashes: hub }`,
    /s3:\/\/ too.*storage\.googleapis\.com/,
  ],
  [`path: model, weights: { from: bucket, bucket: 's3://models/../b', hashes: hub }`, /must be s3:\/\/bucket\/folder/],
  [
    `path: model, weights: { from: bucket, bucket: 's3://models', endpoint: minio, hashes: hub }`,
    /http or https address/,
  ],
  [`path: model, weights: { from: bucket, bucket: 's3://models', hashes: 'sha256:1' }`, /sha256sum SHA256SUMS/],
  [`path: model, weights: { from: bucket, bucket: 's3://models', hashes: hub }`, /has hashes of a commit: it takes/],
  [
    `path: model, weights: { from: bucket, bucket: 's3://models', hashes: 'sha256:${'a'.repeat(64)}', folder: b }`,
    /weights\.folder` means nothing with `from: bucket`/,
  ],
  [
    `path: model, weights: { from: volume, claim: a, verify: always }`,
    /weights\.verify` means nothing without `hashes`/,
  ],
  [`path: model, weights: { from: volume, claim: a, region: b }`, /weights\.region` means nothing with `from: volume`/],
  [
    `reference: 'hf://a/b@${commit}', weights: { from: hub, hashes: hub }`,
    /weights\.hashes` means nothing with `from: hub`/,
  ],
  ['path: model, weights: { from: hub }', /weights\.from` is `hub`.*takes `model\.reference`/],
  [`reference: 'hf://a/b@${commit}#b.gguf'`, /and \/path behind it for one file or folder; found the text/],
  [`reference: 'hf://a/b@${commit}/sub', weights: { from: hub }`, /without a path behind the commit/],
])('%s is rejected', (model, reason) => {
  expect(() => read(model)).toThrow(reason);
});
