import { parseServiceFile } from '@fairway/service/service-file';
import { checkPuller, pulledFolder } from './puller.ts';

const digest = 'a'.repeat(64);
const file = (pull: string) =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1\nkind: InferenceService\nname: hello\nowner: team\nengine: { name: vllm }\nmodel:\n  name: hello\n  path: model\n  weights:\n    from: artifact\n    pull: ${pull}\n    image: r.example.com/m:v1@sha256:${digest}\n`,
    '.',
    'fairway.yaml',
  );

test('a pod that pulls its model itself needs the program that does it', () => {
  expect(() => checkPuller(file('init'), undefined)).toThrow(
    /^fairway\.yaml:11:\d+: `model\.weights\.pull: init` needs .* as the input weights-image/,
  );
  expect(() => checkPuller(file('init'), 'r.example.com/services')).not.toThrow();
  expect(() => checkPuller(file('mount'), undefined)).not.toThrow();
});

test('the folder is named by the digest, whatever the tag', () => {
  expect(pulledFolder(`r.example.com:5000/m:v1@sha256:${digest}`, undefined)).toBe(digest);
  expect(pulledFolder(`r.example.com:5000/m:v1@sha256:${digest}`, 'q4')).toBe(`${digest}/q4`);
});
