import { parseServiceFile } from '@fairway/service';
import { adapterWarnings } from './adapters.ts';

const file = (model: string) =>
  parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello
owner: team
engine: { name: vllm }
model: { name: tiny, ${model}, weights: { from: volume, claim: models }, adapters: [{ name: sql, folder: sql }] }
`,
    '.',
    'fairway.yaml',
  );
const reference = `reference: "hf://meta-llama/Llama-3.1-8B@${'0'.repeat(40)}"`;
const madeFor = (base?: string) => ({
  file: 'sql/adapter_config.json',
  rank: 8,
  parameters: 1,
  more: [],
  ...(base ? { base } : {}),
});

test.each([
  ['another model', 'team/other', /sql was made for team\/other .* the model is meta-llama\/Llama-3\.1-8B\./],
  ['the same in other letters', 'Meta-Llama/llama-3.1-8b', undefined],
  ['a folder of the machine that trained it', '/data/llama', undefined],
  ['nobody knows what', undefined, undefined],
])('an adapter for %s', (_name, base, expected) => {
  const found = adapterWarnings(file(reference), [madeFor(base)]);
  expect(found.map(({ message }) => message)).toEqual(expected ? [expect.stringMatching(expected)] : []);
  if (expected) expect(found[0]?.at).toMatchObject({ line: 6 });
});

test('a model in the folder has no name to compare, and an adapter that only the volume has is said', () => {
  expect(adapterWarnings(file('path: model/tiny'), [madeFor('team/other')])).toEqual([]);
  const [unread] = adapterWarnings(file(reference), [undefined]);
  expect(unread?.message).toContain(
    'has no sql/adapter_config.json. Its engine will not start when its rank is over 16',
  );
});
