import { Flags } from './flags.ts';
import { engineMemory } from './memory-of.ts';
import { tinyService } from '../../../test/fixtures/service.ts';

test.each<[readonly string[], number | undefined]>([
  [['--max-model-len', '4096'], 4096],
  [['--max_model_len=4096'], 4096],
  [['--max-model-len', '32k'], 32_000],
  [['--max-model-len', '32K'], 32_768],
  // `human_readable_int` of vllm/utils/argparse_utils.py: "25.6k" is 25,600, and binary ones take no fraction
  [['--max-model-len', '25.6k'], 25_600],
  [['--max-model-len', '1.5K'], undefined],
  [['--max-model-len', '1g'], 1_000_000_000],
  [['--max-model-len', '2T'], 2 * 1024 ** 4],
  [['--max-model-len', 'auto'], undefined],
  [['--max-model-len', '-1'], undefined],
  // argparse takes the beginning of an option that is the beginning of no other
  [['--max-model', '4096'], 4096],
  [['--max_m=4096'], 4096],
  [['--max', '4096'], undefined],
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
  ['vllm', ['--tensor', '2'], '--tensor-parallel-size'],
  ['vllm', ['--data-parallel-size', '2', '--data-parallel-size-local', '1'], '--data-parallel-size'],
  ['vllm', ['-dcp=2'], '--decode-context-parallel-size'],
  ['vllm', ['--device-memory-utilization', '2'], '--gpu-memory-utilization'],
  ['sglang', ['--tp', '2'], '--tp-size'],
  ['sglang', ['--tensor-parallel=2'], '--tp-size'],
  ['sglang', ['--ep', '2'], '--ep-size'],
  ['sglang', ['--mem-frac', '2'], '--mem-fraction-static'],
  ['tgi', ['--num-shard=2'], '--num-shard'],
  ['llamacpp', ['-np', '2'], '--parallel'],
  ['llamacpp', ['-c', '2'], '--ctx-size'],
] as const)('%s reads %j as %s', (engine, words, name) => {
  expect(new Flags(engine, words).number(name)).toBe(2);
});

// `human_readable_int` of sglang/srt/utils/common.py: other letters than those of vLLM
test.each<[string, number | undefined]>([
  ['32k', 32_000],
  ['32Ki', 32_768],
  ['0.5M', 500_000],
  ['32K', undefined],
  ['1.5Ki', undefined],
])('SGLang reads %s as %s', (text, expected) => {
  expect(new Flags('sglang', ['--context-length', text]).number('--context-length')).toBe(expected);
});

test.each([
  [['--enable-expert-parallel', '--no-enable-expert-parallel'], false],
  [['-ep', '--disable-expert-parallel'], false],
  [['--no-enable-expert-parallel', '--enable-exp'], true],
])('of a switch and its opposite the later counts: %j', (words, expected) => {
  expect(new Flags('vllm', words).has('--enable-expert-parallel')).toBe(expected);
});

test.each<[readonly string[], object]>([
  [['--hf-overrides.a.b', '4', '--hf_overrides.a.c=x'], { a: { b: 4, c: 'x' } }],
  // what is gathered of parts comes last
  [['--hf-overrides.a', '32K', '--hf-overrides', '{"a": 1}'], { a: 32_768 }],
  [['--hf-overrides', '{"text_config": {"sliding_window": null}}'], { text_config: { sliding_window: null } }],
])('vLLM reads %j as JSON', (words, expected) => {
  expect(new Flags('vllm', words).json('--hf-overrides')).toEqual(expected);
});

test.each<[string, readonly string[], object]>([
  [
    'vllm',
    [
      ...['--hf-overrides.rope_parameters.rope_type', 'yarn', '--hf-overrides.rope_parameters.factor=4'],
      ...['--hf-overrides.rope_parameters.original_max_position_embeddings', '32768'],
    ],
    { type: 'yarn', factor: 4, original: 32_768 },
  ],
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
  // 1 / N, as its help has it
  ['llamacpp', ['--rope-freq-scale', '0.25'], { type: 'linear', factor: 4 }],
  [
    'sglang',
    ['--json-model-override-args', '{"rope_scaling": {"rope_type": "yarn", "factor": 2.0}}'],
    { type: 'yarn', factor: 2 },
  ],
  ['tgi', ['--rope-scaling', 'dynamic', '--rope-factor', '2'], { type: 'dynamic', factor: 2 }],
])('%s stretches positions with %j', (name, args, rope) => {
  expect(engineMemory(tinyService({ engine: { name, arguments: args } })).rope).toEqual(rope);
});
