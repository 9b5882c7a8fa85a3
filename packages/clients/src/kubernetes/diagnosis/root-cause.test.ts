import { rootCause } from './root-cause.ts';

// vLLM 0.10 to 0.14: the engine's error comes first, the API server's "see above" last
const vllm = (
  error: string,
) => `(APIServer pid=1) INFO 10-31 15:06:40 [api_server.py:1876] vLLM API server version 0.11.0
(EngineCore_DP0 pid=88) WARNING 08-20 18:04:08 [marlin_utils_fp4.py:196] Your GPU does not have native support for FP4 computation
(EngineCore_DP0 pid=88) INFO 10-31 15:07:49 [gpu_worker.py:298] Available KV cache memory: -2.14 GiB
(EngineCore_DP0 pid=88) ERROR 10-31 15:07:50 [core.py:708] EngineCore failed to start.
(EngineCore_DP0 pid=88) ERROR 10-31 15:07:50 [core.py:708] Traceback (most recent call last):
(EngineCore_DP0 pid=88) ERROR 10-31 15:07:50 [core.py:708]   File "/vllm/v1/core/kv_cache_utils.py", line 699, in check
(EngineCore_DP0 pid=88) ERROR 10-31 15:07:50 [core.py:708]     raise ValueError("x"
(EngineCore_DP0 pid=88) ERROR 10-31 15:07:50 [core.py:708] ${error}
(APIServer pid=1) Traceback (most recent call last):
${'(APIServer pid=1)   File "/vllm/v1/engine/core_client.py", line 767, in __init__\n'.repeat(30)}(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}`;

test.each<[string, string, string, RegExp | undefined]>([
  [
    'vLLM without room for its cache',
    vllm(
      'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.',
    ),
    'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.',
    /leave too little of the GPU's memory for the KV cache/,
  ],
  [
    'vLLM out of GPU memory',
    vllm(
      'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 524.00 MiB. GPU 0 has a total capacity of 15.77 GiB of which 137.12 MiB is free.',
    ),
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 524.00 MiB. GPU 0 has a total capacity of 15.77 GiB of which 137.12 MiB is free.',
    /memory of the GPU is too small/,
  ],
  [
    'a GPU that another program uses',
    vllm(
      'ValueError: Free memory on device (3.2/79.1 GiB) on startup is less than desired GPU memory utilization (0.9, 71.19 GiB).',
    ),
    'ValueError: Free memory on device (3.2/79.1 GiB) on startup is less than desired GPU memory utilization (0.9, 71.19 GiB).',
    /Something else uses the memory/,
  ],
  [
    'an old driver',
    vllm('RuntimeError: The NVIDIA driver on your system is too old (found version 12040).'),
    'RuntimeError: The NVIDIA driver on your system is too old (found version 12040).',
    /driver of the node is older/,
  ],
  ['an error that only the code knows', vllm('AssertionError'), 'AssertionError', undefined],
  [
    'llama.cpp',
    'build: 6000\nllama_model_load: error loading model: missing tensor blk.0.attn_q.weight\nllama_model_load_from_file_impl: failed to load model\nmain: exiting due to model loading error',
    'llama_model_load: error loading model: missing tensor blk.0.attn_q.weight',
    undefined,
  ],
  [
    'llama.cpp out of GPU memory',
    'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 20480.00 MiB on device 0: cudaMalloc failed: out of memory\nllama_init_from_model: failed to initialize the context',
    'ggml_backend_cuda_buffer_type_alloc_buffer: allocating 20480.00 MiB on device 0: cudaMalloc failed: out of memory',
    /memory of the GPU is too small/,
  ],
  [
    'the first of a chain',
    "FutureWarning: Error handling changes\nTraceback (most recent call last):\nOSError: No such file: '/models/x'\n\nDuring handling of the above exception, another exception occurred:\n\nValueError: bad model",
    "OSError: No such file: '/models/x'",
    undefined,
  ],
])('%s', (_name, log, error, meaning) => {
  const found = rootCause(log);
  expect(found?.error).toBe(error);
  if (meaning) expect(found?.meaning).toMatch(meaning);
  else expect(found?.meaning).toBeUndefined();
  expect(log.split('\n')[found?.line ?? -1]).toContain(error);
});

test.each<[string, boolean]>([
  // github.com/envoyproxy/ratelimit without its Redis
  ['panic: dial tcp 10.96.25.210:6379: connect: connection refused', true],
  // psycopg without its PostgreSQL
  ['psycopg.OperationalError: connection failed: Connection refused', true],
  ['OSError: [Errno 113] No route to host', true],
  ['Error: getaddrinfo EAI_AGAIN huggingface.co', true],
  ["OSError: No such file: '/models/x'", false],
])('%s: another try may succeed: %s', (log, transient) => {
  expect(rootCause(log)?.transient).toBe(transient);
});

test('a log without an error has none', () => {
  expect(rootCause('INFO: started\nINFO 10-31 15:06:40 [x.py:1] no error so far\n')).toBeUndefined();
});
