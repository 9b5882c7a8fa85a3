import { parseServiceFile } from '@fairway/service/service-file';
import { checkArguments } from './check-arguments.ts';
import { engineProfile } from './profile.ts';

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

// vllm/entrypoints/openai/cli_args.py, sglang/srt/server_args.py, llama.cpp's common/arg.cpp and TGI's launcher/src/main.rs say what each does
test.each([
  ['vllm', '[--api-key, secret]', '--api-key'],
  ['vllm', '[--uds=/tmp/vllm.sock]', '--uds'],
  ['vllm', '[--ssl-key, /etc/tls/tls.key]', '--ssl-key (--ssl-keyfile)'],
  ['sglang', '[--api-key, secret]', '--api-key'],
  ['llamacpp', '[--api-prefix, /llm]', '--api-prefix'],
  ['tgi', '[--api-key, secret]', '--api-key'],
])('an argument of %s with which nobody reaches it is rejected: %s', (engine, words, named) => {
  expect(() => checkArguments(file(`name: ${engine}\n  arguments: ${words}`))).toThrow(
    `gives ${named}, with which ${engine} no longer answers everybody in plain HTTP at its port.`,
  );
});

test.each([
  [
    'name: llamacpp\n  arguments: [-c, "9000"]',
    'fairway.yaml:7:15: `engine.arguments[0]` gives -c (--ctx-size), which Fairway gives itself',
  ],
  [
    'name: llamacpp\n  arguments: [--threads, "2", --port=9000]',
    'fairway.yaml:7:31: `engine.arguments[2]` gives --port, which Fairway gives itself from the other fields of this file (model, serving, resources). Remove it here and set it there.',
  ],
  [
    'name: vllm\n  arguments: [--max-model, 32k]',
    'fairway.yaml:7:15: `engine.arguments[0]` gives --max-model (--max-model-len), which Fairway gives itself',
  ],
  [
    'name: vllm\n  arguments: [-tp, two]',
    'fairway.yaml:7:15: `engine.arguments[0]` gives -tp the value "two", and vllm reads a whole number there. Correct it.',
  ],
  [
    'name: vllm\n  arguments: [--max-num-batched-tokens, 1.5K]',
    'gives --max-num-batched-tokens the value "1.5K", and vllm reads a whole number or a size such as 32k there.',
  ],
  [
    'name: vllm\n  arguments: [--enforce-eager=true]',
    'gives --enforce-eager=true, and vllm takes no value there. Write --enforce-eager, or leave it out.',
  ],
  ['name: vllm\n  arguments: [--enforce-eager, --dtype]', '`engine.arguments[1]` gives --dtype without a value.'],
  [
    'name: vllm\n  arguments: [--hf-overrides, rope]',
    'gives --hf-overrides the value "rope", and vllm reads JSON there.',
  ],
  [
    'name: sglang\n  arguments: [--pp, "2"]',
    'gives --pp, which may stand for --pp-size or --pp-max-micro-batch-size, so sglang does not start. Write the whole name.',
  ],
  [
    'name: sglang\n  arguments: [--tp_size=2]',
    'gives --tp_size, and sglang reads no underscores there. Write --tp-size.',
  ],
  [
    'name: llamacpp\n  arguments: [--cache-type-k=q8_0]',
    'gives --cache-type-k=q8_0, and llamacpp takes no value behind "=". Write the value as an argument of its own.',
  ],
  [
    'name: tgi\n  arguments: [--cuda-memory-fraction, most]',
    'gives --cuda-memory-fraction the value "most", and tgi reads a number there.',
  ],
  // `--model other` is put before the model that Fairway gives, which is one word too many (vllm/utils/argparse_utils.py)
  ['name: vllm\n  arguments: [--model=other]', 'gives --model, which Fairway gives itself'],
  // llama.cpp's common/arg.cpp: each names another model
  ['name: llamacpp\n  arguments: [-hf, team/other]', 'gives -hf (--model), which Fairway gives itself'],
  ['name: llamacpp\n  arguments: [--gpt-oss-20b-default]', 'gives --gpt-oss-20b-default (--model), which'],
  // "Both `max_input_tokens` and `max_input_length` are set" (TGI's launcher/src/main.rs)
  [
    'name: tgi\n  arguments: [--max-input-length, "100"]',
    'gives --max-input-length (--max-input-tokens), which Fairway gives itself',
  ],
  // an argparse, which takes the beginnings of options
  ['name: fastchat\n  arguments: [--model-p, other]', 'gives --model-p (--model-path), which Fairway gives itself'],
  ['name: fastchat\n  arguments: [--dev, cuda]', 'gives --dev (--device), which Fairway gives itself'],
  ['name: fastchat\n  arguments: [--load_8bit]', 'gives --load_8bit, and fastchat reads no underscores there.'],
  ['name: transformers\n  arguments: [--port, "9000"]', 'gives --port, which Fairway gives itself'],
  [
    'name: transformers\n  arguments: [--continuous_batching]',
    'gives --continuous_batching, and transformers reads no underscores there. Write --continuous-batching.',
  ],
  [
    'name: transformers\n  arguments: [--continuous-batching=true]',
    'gives --continuous-batching=true, and transformers takes no value there.',
  ],
])('rejects %j at its line', (engine, expected) => {
  expect(() => checkArguments(file(engine))).toThrow(expected);
});

test.each([
  'name: llamacpp\n  arguments: [--threads, "2", --n_cpu_moe, "3", --gpu-layers, all]',
  'name: vllm\n  arguments: [--gpu-memory-utilization, ".9", --max-num-batched-tokens, 8K, --hf-overrides.a.b, "4"]',
  'name: vllm\n  arguments: [--max-num-batched-tokens, None, --tensor-parallel-size, $(GPUS), --kv_cache_dtype=fp8, -O3]',
  'name: sglang\n  arguments: [--tp, "2", --chat-template, chatml, --model-loader-extra-config, "{}"]',
  'name: tgi\n  arguments: [--quantize, fp8, --cuda-memory-fraction=0.8]',
  'name: fastchat\n  arguments: [--conv-template, one_shot, --gptq-w, "4", --see, "3"]',
  'name: transformers\n  arguments: [--continuous-batching, --cb-max-memory-percent, "0.5", --no-enable-cors]',
])('what an engine reads and Fairway does not give itself is free: %j', engine => {
  expect(() => checkArguments(file(engine))).not.toThrow();
});

test('a part of the layers is a choice, on a GPU too', () => {
  const service = parseServiceFile(
    `apiVersion: fairway.dev/v1alpha1
kind: InferenceService
name: hello-llm
owner: team-hello
engine: { name: llamacpp, arguments: [-ngl, "20"] }
model: { name: hello-tiny, path: model/hello-tiny.gguf }
resources: { gpu: { class: nvidia-l4-24gb } }
`,
    '.',
    'fairway.yaml',
  );
  expect(() => checkArguments(service)).not.toThrow();
  expect(engineProfile('llamacpp').arguments(service.service).join(' ')).not.toContain('999');
});
