import { parseServiceFile } from '@fairway/service/service-file';
import { checkArguments } from './check-arguments.ts';

const file = (engine: string) =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello-llm
owner: team-hello
engine:
  ${engine}
model:
  name: hello-tiny
  path: model/hello-tiny.gguf
`,
    '.',
    'fairway.yaml',
  );

test.each([
  [
    'name: llamacpp\n  arguments: [-c, "9000"]',
    'fairway.yaml:7:15: `engine.arguments[0]` gives -c (--ctx-size), which Fairway gives itself',
  ],
  [
    'name: llamacpp\n  arguments: [--threads, "2", --port=9000]',
    'fairway.yaml:7:31: `engine.arguments[2]` gives --port, which Fairway gives itself from the other fields of this file (model, serving, resources). Remove it here and set it there.',
  ],
])('rejects %j at its line', (engine, expected) => {
  expect(() => checkArguments(file(engine))).toThrow(expected);
});

test('what Fairway does not give itself is free', () => {
  expect(() => checkArguments(file('name: llamacpp\n  arguments: [--threads, "2"]'))).not.toThrow();
});
