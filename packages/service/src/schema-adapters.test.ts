import { tinyService } from '../../../test/fixtures/service.ts';
import { parseServiceFile } from './service-file.ts';

const file = (model: string, more = '') =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: vllm }
model: { name: tiny, ${model} }
${more}`,
    '.',
    'fairway.yaml',
  );
const inFolder = (adapters: string) => file(`path: model/tiny, adapters: [${adapters}]`);
const weights = 'weights: { from: volume, claim: models }';

test('an adapter has the rank that PEFT and vLLM take where nobody names one', () => {
  // `LoraConfig.r` of PEFT is 8, --max-lora-rank of vLLM 16: the larger of the two holds both
  expect(inFolder('{ name: sql, path: adapters/sql }').service.model.adapters).toEqual([
    { name: 'sql', path: 'adapters/sql', rank: 16 },
  ]);
});

test.each([
  ['without a place', '{ name: sql }', '`path`, a folder in the service folder, `folder`'],
  ['with two places', '{ name: sql, path: sql, folder: sql }', 'one of `path`, `folder` and `reference`, not several'],
  ['at a branch of a repository', '{ name: sql, reference: "hf://team/sql@main" }', 'commit'],
  ['with a token for no repository', '{ name: sql, path: sql, secret: token }', 'the adapter has no `reference`'],
  ['with the name of the model', '{ name: tiny, path: sql }', 'is the name of the model or of another adapter'],
  ['with the name of another', '{ name: a, path: b }, { name: a, path: c }', 'of another adapter'],
  ['where the model is in the image', '{ name: a, path: adapters/tiny }', 'would have both at /models/tiny'],
  ['where another is in the image', '{ name: a, path: x/s }, { name: b, path: y/s/ }', 'would have both at /models/s'],
  ['in a path that engines would divide', '{ name: a, path: "x=y" }', 'as a part of name=path'],
  ['outside of the folder', '{ name: a, path: ../x }', 'as a part of name=path'],
  ['inside a folder that nothing brings', '{ name: a, folder: sql }', 'there is none: give `path`'],
])('an adapter %s is refused', (_name, adapters, sentence) => {
  expect(() => inFolder(adapters)).toThrow(sentence);
});

test('an adapter may lie in the folder of the model on a volume, but in no repository that the engine loads itself', () => {
  expect(() => file(`path: model/tiny, ${weights}, adapters: [{ name: a, folder: sql }]`)).not.toThrow();
  const reference = `reference: "hf://team/tiny@${'0'.repeat(40)}", weights: { from: hub }`;
  expect(() => file(`${reference}, adapters: [{ name: a, folder: sql }]`)).toThrow('there is none: give `path`');
  expect(() => file(`${reference}, adapters: [{ name: a, path: sql }]`)).not.toThrow();
});

test('an adapter may have a repository of its own, wherever the model is', () => {
  const adapter = `{ name: sql, reference: "hf://team/sql@${'1'.repeat(40)}/checkpoint-9", secret: token }`;
  expect(inFolder(adapter).service.model.adapters).toMatchObject([{ name: 'sql', secret: 'token', rank: 16 }]);
});

test('an LLMInferenceService with adapters is refused', () => {
  const adapters = 'path: model/tiny, adapters: [{ name: a, path: sql }]';
  expect(() => file(adapters, 'workload: { kind: LLMInferenceService }')).toThrow('of an LLMInferenceService');
});

test('more adapters than routes have room for are refused', () => {
  const of = (number: number) => Array.from({ length: number }, (_, at) => ({ name: `a${at}`, path: `a${at}` }));
  const serving = (number: number) => tinyService({ model: { name: 'tiny', path: 'm', adapters: of(number) } });
  expect(serving(12).model.adapters).toHaveLength(12);
  expect(() => serving(13)).toThrow();
});
