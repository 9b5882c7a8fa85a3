import { Flags } from './flags.ts';
import { engineMemory } from './memory-of.ts';
import { tinyService } from '../../../test/fixtures/service.ts';

test.each<[readonly string[], number | undefined]>([
  [['--max-model-len', '4096'], 4096],
  [['--max_model_len=4096'], 4096],
  [['--max-model-len', '32k'], 32_000],
  [['--max-model-len', '32K'], 32_768],
  // the last one counts
  [['--max-model-len=1', '--max-model-len=2'], 2],
  [['--max-model-len'], undefined],
  [['--max-model-len', '--enforce-eager'], undefined],
  [['--other', '4096'], undefined],
])('%j', (words, expected) => {
  expect(new Flags('vllm', words).number('--max-model-len')).toBe(expected);
});

test.each([
  ['vllm', ['-tp', '2'], '--tensor-parallel-size'],
  ['vllm', ['--tensor_parallel_size=2'], '--tensor-parallel-size'],
  ['llamacpp', ['-np', '2'], '--parallel'],
  ['llamacpp', ['-c', '2'], '--ctx-size'],
] as const)('%s reads %j as %s', (engine, words, name) => {
  expect(new Flags(engine, words).number(name)).toBe(2);
});

test.each<[string, readonly string[], object]>([
  [
    'vllm',
    [
      '--hf-overrides',
      '{"rope_parameters": {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}}',
    ],
    { type: 'yarn', factor: 4, original: 32_768 },
  ],
  ['vllm', ['--rope-scaling={"type":"linear","factor":2}'], { type: 'linear', factor: 2 }],
  [
    'llamacpp',
    ['--rope-scaling', 'yarn', '--rope-scale', '4', '--yarn-orig-ctx', '32768'],
    { type: 'yarn', factor: 4, original: 32_768 },
  ],
  ['tgi', ['--rope-scaling', 'dynamic', '--rope-factor', '2'], { type: 'dynamic', factor: 2 }],
])('%s stretches positions with %j', (name, args, rope) => {
  expect(engineMemory(tinyService({ engine: { name, arguments: args } })).rope).toEqual(rope);
});
