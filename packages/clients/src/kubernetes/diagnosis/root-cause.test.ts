import { english } from '@fairway/service/reasons/delivery-reason';
import { explained, rootCause } from './root-cause.ts';

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
  // https://docs.nvidia.com/cuda/cuda-runtime-api/group__CUDART__TYPES.html, cudaErrorDevicesUnavailable
  [
    'a GPU that another program has for itself',
    vllm('torch.AcceleratorError: CUDA error: CUDA-capable device(s) is/are busy or unavailable'),
    'torch.AcceleratorError: CUDA error: CUDA-capable device(s) is/are busy or unavailable',
    /^Another program has a GPU of the node for itself/,
  ],
  // https://github.com/gpuopenanalytics/pynvml names its classes so
  [
    'a driver that was updated, in the words of NVML',
    vllm('pynvml.NVMLError_LibRmVersionMismatch: RM has detected an NVML/RM version mismatch.'),
    'pynvml.NVMLError_LibRmVersionMismatch: RM has detected an NVML/RM version mismatch.',
    /driver of the node was updated while it ran/,
  ],
  [
    'Triton without a compiler',
    vllm(
      'RuntimeError: Failed to find C compiler. Please specify via CC environment variable or set triton.knobs.build.impl.',
    ),
    'RuntimeError: Failed to find C compiler. Please specify via CC environment variable or set triton.knobs.build.impl.',
    /the image lacks the compiler/,
  ],
  [
    'FlashInfer without ninja',
    vllm("FileNotFoundError: [Errno 2] No such file or directory: 'ninja'"),
    "FileNotFoundError: [Errno 2] No such file or directory: 'ninja'",
    /the image lacks the compiler/,
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
  [
    'a GPU with faulty memory',
    vllm('torch.AcceleratorError: CUDA error: uncorrectable ECC error encountered'),
    'torch.AcceleratorError: CUDA error: uncorrectable ECC error encountered',
    /GPU of the node is broken: cordon the node/,
  ],
  [
    'GPUs that do not reach each other',
    '[rank0]: Traceback (most recent call last):\n[rank0]:   File "/vllm/x.py", line 1\n[rank0]: torch.distributed.DistBackendError: NCCL error in: /pytorch/torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp:3780, unhandled system error (run with NCCL_DEBUG=INFO for details), NCCL version 2.28.9\n[rank0]: ncclSystemError: System call (e.g. socket, malloc) or external library call failed',
    'torch.distributed.DistBackendError: NCCL error in: /pytorch/torch/csrc/distributed/c10d/ProcessGroupNCCL.cpp:3780, unhandled system error (run with NCCL_DEBUG=INFO for details), NCCL version 2.28.9',
    /do not reach each other by NCCL/,
  ],
  [
    'a gated repository, whose first error is that of the HTTP client',
    'Traceback (most recent call last):\nrequests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://huggingface.co/meta-llama/Llama-3.1-8B/resolve/main/config.json\n\nThe above exception was the direct cause of the following exception:\n\nhuggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1-6ac2)',
    'requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://huggingface.co/meta-llama/Llama-3.1-8B/resolve/main/config.json',
    /accept its terms on its page/,
  ],
  [
    'a gated repository that the account may not read',
    'huggingface_hub.errors.GatedRepoError: 403 Client Error. (Request ID: Root=1-6ac2c3b8)\n\nCannot access gated repo for url https://huggingface.co/meta-llama/Llama-3.2-3B-Instruct/resolve/main/config.json.',
    'huggingface_hub.errors.GatedRepoError: 403 Client Error. (Request ID: Root=1-6ac2c3b8)',
    /token of an account that did/,
  ],
  [
    'an architecture that vLLM does not know',
    vllm(
      "ValueError: Model architectures ['DbrxForCausalLM'] are not supported for now. Supported architectures: ['AquilaModel']",
    ),
    "ValueError: Model architectures ['DbrxForCausalLM'] are not supported for now. Supported architectures: ['AquilaModel']",
    /does not know the architecture of the model/,
  ],
  [
    'an architecture that Transformers does not know',
    'ValueError: The checkpoint you are trying to load has model type `gemma4` but Transformers does not recognize this architecture. This could be because of an issue with the checkpoint, or because your version of Transformers is out of date.',
    'ValueError: The checkpoint you are trying to load has model type `gemma4` but Transformers does not recognize this architecture. This could be because of an issue with the checkpoint, or because your version of Transformers is out of date.',
    /does not know the architecture of the model/,
  ],
  [
    'an architecture that llama.cpp does not know',
    "llama_model_load: error loading model: error loading model architecture: unknown model architecture: 'qwen9'",
    "llama_model_load: error loading model: error loading model architecture: unknown model architecture: 'qwen9'",
    /does not know the architecture of the model/,
  ],
  // _get_and_verify_max_len of vllm/config/model.py, as pydantic shows it
  [
    'a context that the model was not made for',
    vllm(
      "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig\n  Value error, User-specified max_model_len (65536) is greater than the derived max_model_len (max_position_embeddings=32768 or model_max_length=None in model's config.json). [type=value_error, input_value=ArgsKwargs((), {'model': ...}), input_type=ArgsKwargs]",
    ),
    "Value error, User-specified max_model_len (65536) is greater than the derived max_model_len (max_position_embeddings=32768 or model_max_length=None in model's config.json). [type=value_error, input_value=ArgsKwargs((), {'model': ...}), input_type=ArgsKwargs]",
    /more than the model was made for/,
  ],
  // https://docs.pydantic.dev/latest/errors/validation_errors/#literal_error
  [
    'a value that vLLM does not take',
    vllm(
      "pydantic_core._pydantic_core.ValidationError: 1 validation error for CacheConfig\ncache_dtype\n  Input should be 'auto' or 'fp8' [type=literal_error, input_value='int3', input_type=str]\n    For further information visit https://errors.pydantic.dev/2.12/v/literal_error",
    ),
    "Input should be 'auto' or 'fp8' [type=literal_error, input_value='int3', input_type=str]",
    /correct engine\.arguments/,
  ],
  [
    'heads that so many GPUs cannot share',
    vllm('ValueError: Total number of attention heads (28) must be divisible by tensor parallel size (8).'),
    'ValueError: Total number of attention heads (28) must be divisible by tensor parallel size (8).',
    /choose a resources\.gpu\.count/,
  ],
  [
    'a GPU without BF16',
    vllm(
      'ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has compute capability 7.5. You can use float16 instead by explicitly setting the `dtype` flag in CLI, for example: --dtype=half.',
    ),
    'ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has compute capability 7.5. You can use float16 instead by explicitly setting the `dtype` flag in CLI, for example: --dtype=half.',
    /does not compute the types of the model/,
  ],
  // sglang/srt/model_executor/pool_configurator.py (0.5.23)
  [
    'SGLang without room for its cache',
    'Scheduler hit an exception: Traceback (most recent call last):\nRuntimeError: Not enough memory. Please try to increase --mem-fraction-static. Current value: mem_fraction_static=0.85',
    'RuntimeError: Not enough memory. Please try to increase --mem-fraction-static. Current value: mem_fraction_static=0.85',
    /leave too little of the GPU's memory for the KV cache/,
  ],
  [
    'a model that brings code',
    'ValueError: The repository /models/m contains custom code which must be executed to correctly load the model. You can inspect the repository content at /models/m .\n You can inspect the repository content at https://hf.co//models/m.',
    'ValueError: The repository /models/m contains custom code which must be executed to correctly load the model. You can inspect the repository content at /models/m .',
    /brings code of its own/,
  ],
  [
    'a model without its tokenizer',
    "OSError: Can't load tokenizer for '/models/m'. If you were trying to load it from 'https://huggingface.co/models', make sure you don't have a local directory with the same name.",
    "OSError: Can't load tokenizer for '/models/m'. If you were trying to load it from 'https://huggingface.co/models', make sure you don't have a local directory with the same name.",
    /lacks a file that the engine needs/,
  ],
  [
    'memory of a kernel, which is none of the pod',
    'triton.runtime.errors.OutOfResources: out of resource: shared memory, Required: 147456, Hardware limit: 101376. Reducing block sizes or `num_stages` may help.',
    'triton.runtime.errors.OutOfResources: out of resource: shared memory, Required: 147456, Hardware limit: 101376. Reducing block sizes or `num_stages` may help.',
    /kernel of the engine does not fit this kind of GPU/,
  ],
  [
    'a folder that it may not write',
    "PermissionError: [Errno 13] Permission denied: '/.cache'",
    "PermissionError: [Errno 13] Permission denied: '/.cache'",
    /set HOME/,
  ],
  [
    'a full disk',
    'OSError: [Errno 28] No space left on device',
    'OSError: [Errno 28] No space left on device',
    /disk that it writes to is full/,
  ],
  [
    'a port of another container',
    'OSError: [Errno 98] Address already in use',
    'OSError: [Errno 98] Address already in use',
    /choose another serving\.port/,
  ],
  [
    'an argument that vLLM does not know',
    'usage: vllm serve [model_tag] [options]\nvllm: error: unrecognized arguments: --swap-space 4',
    'vllm: error: unrecognized arguments: --swap-space 4',
    /correct engine\.arguments/,
  ],
  [
    'no GPU that PyTorch sees',
    vllm('RuntimeError: No CUDA GPUs are available'),
    'RuntimeError: No CUDA GPUs are available',
    /It sees no GPU/,
  ],
  [
    'GPUs whose switch is not managed',
    vllm('RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 802: system not yet initialized'),
    'RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 802: system not yet initialized',
    /Fabric Manager/,
  ],
  [
    'a hub that limits requests',
    'huggingface_hub.errors.HfHubHTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/api/models/m/tree/main',
    'huggingface_hub.errors.HfHubHTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/api/models/m/tree/main',
    /hub limits requests at the moment/,
  ],
  // https://docs.nvidia.com/cuda/cuda-driver-api (CUDA_ERROR_UNSUPPORTED_PTX_VERSION)
  [
    'code of a CUDA that is newer than the driver',
    vllm('RuntimeError: CUDA error: the provided PTX was compiled with an unsupported toolchain.'),
    'RuntimeError: CUDA error: the provided PTX was compiled with an unsupported toolchain.',
    /driver of the node is older/,
  ],
  [
    'no GPU of AMD',
    vllm('RuntimeError: No HIP GPUs are available'),
    'RuntimeError: No HIP GPUs are available',
    /It sees no GPU that its user may open\. .*supplementalGroups/,
  ],
  // rocminfo as a user of no group: https://github.com/ROCm/ROCm-docker/issues/116
  [
    'a GPU of AMD of another group',
    vllm('RuntimeError: Unable to open /dev/kfd read-write: Permission denied'),
    'RuntimeError: Unable to open /dev/kfd read-write: Permission denied',
    /It sees no GPU that its user may open/,
  ],
  // sglang/srt/model_executor/model_runner.py
  [
    'a GPU that another program uses, in the words of SGLang',
    'ValueError: The memory capacity is unbalanced. Some GPUs may be occupied by other processes. pre_model_load_memory=10.2, local_gpu_memory=78.1, local_gpu_memory * 0.9=70.3',
    'ValueError: The memory capacity is unbalanced. Some GPUs may be occupied by other processes. pre_model_load_memory=10.2, local_gpu_memory=78.1, local_gpu_memory * 0.9=70.3',
    /Something else uses the memory/,
  ],
  // vllm/config/parallel.py
  [
    'more ranks than GPUs',
    vllm('ValueError: World size (8) is larger than the number of available GPUs (4) in this node.'),
    'ValueError: World size (8) is larger than the number of available GPUs (4) in this node.',
    /more GPUs than the pod has/,
  ],
  [
    'blocks of FP8 that so many GPUs cannot share',
    vllm(
      "ValueError: The output_size of gate's and up's weight = 192 is not divisible by weight quantization block_n = 128.",
    ),
    "ValueError: The output_size of gate's and up's weight = 192 is not divisible by weight quantization block_n = 128.",
    /choose a smaller resources\.gpu\.count/,
  ],
  [
    'groups of GPTQ that so many GPUs cannot share',
    vllm(
      'ValueError: Weight input_size_per_partition = 1736 is not divisible by min_thread_k = 128. Consider reducing tensor_parallel_size or running with --quantization gptq.',
    ),
    'ValueError: Weight input_size_per_partition = 1736 is not divisible by min_thread_k = 128. Consider reducing tensor_parallel_size or running with --quantization gptq.',
    /choose a smaller resources\.gpu\.count/,
  ],
  [
    'weights that were cut off',
    'safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata, file not fully covered',
    'safetensors_rust.SafetensorError: Error while deserializing header: incomplete metadata, file not fully covered',
    /damaged or was not stored whole/,
  ],
  [
    'a model that the hub does not know',
    'huggingface_hub.errors.RepositoryNotFoundError: 404 Client Error. (Request ID: Root=1-6ac2)\n\nRepository Not Found for url: https://huggingface.co/api/models/x/y.',
    'huggingface_hub.errors.RepositoryNotFoundError: 404 Client Error. (Request ID: Root=1-6ac2)',
    /hub has no such model/,
  ],
  [
    'a shared memory that is full',
    'RuntimeError: unable to write to file </torch_27_1_0>: No space left on device (28)',
    'RuntimeError: unable to write to file </torch_27_1_0>: No space left on device (28)',
    /shared memory of the pod is too small/,
  ],
  [
    'kernels for newer GPUs',
    vllm('RuntimeError: FlashAttention only supports Ampere GPUs or newer.'),
    'RuntimeError: FlashAttention only supports Ampere GPUs or newer.',
    /does not compute the types/,
  ],
  // torch/csrc/distributed/c10d/TCPStore.cpp
  [
    'a group whose other pods do not come',
    'torch.distributed.DistStoreError: Timed out after 601 seconds waiting for clients. 1/2 clients joined.',
    'torch.distributed.DistStoreError: Timed out after 601 seconds waiting for clients. 1/2 clients joined.',
    /pods of the group do not find each other/,
  ],
  // huggingface.co/docs/text-generation-inference without --json-output, as Kubernetes keeps it
  [
    'TGI out of GPU memory, whose last error says nothing',
    `2024-06-17T13:18:29.371622Z ERROR shard-manager: text_generation_launcher: Shard complete standard error output:

/opt/conda/lib/python3.10/site-packages/huggingface_hub/file_download.py:1132: FutureWarning: \`resume_download\` is deprecated
[rank1]: Traceback (most recent call last):
[rank1]:     tensor = tensor.to(device=self.device)
[rank1]: torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 224.00 MiB. GPU  has a total capacity of 44.34 GiB.
 rank=1
2024-06-17T13:18:29.406790Z ERROR text_generation_launcher: Shard 1 failed to start
2024-06-17T13:18:29.406822Z  INFO text_generation_launcher: Shutting down shards
Error: ShardCannotStart`,
    'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 224.00 MiB. GPU  has a total capacity of 44.34 GiB.',
    /memory of the GPU is too small/,
  ],
  [
    'a shard of TGI that the kernel ended',
    `2024-08-11T09:36:31.932556Z ERROR shard-manager: text_generation_launcher: Shard process was signaled to shutdown with signal 9 rank=0
2024-08-11T09:36:32.029976Z ERROR text_generation_launcher: Shard 0 failed to start
2024-08-11T09:36:32.030017Z  INFO text_generation_launcher: Shutting down shards
Error: ShardCannotStart`,
    'Shard process was signaled to shutdown with signal 9 rank=0',
    /killed with signal 9, .* raise resources\.memory\.$/,
  ],
  // https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Process.exitcode: -N is signal N
  [
    "an engine's process of vLLM that the kernel ended",
    "(APIServer pid=1) RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore_DP0': -9}",
    "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {'EngineCore_DP0': -9}",
    /killed with signal 9/,
  ],
  [
    'a program for another processor',
    'exec /usr/local/bin/vllm: exec format error',
    'exec /usr/local/bin/vllm: exec format error',
    /built for another processor .* kubernetes\.io\/arch/,
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
  if (meaning) expect(found?.meaning && english(found.meaning)).toMatch(meaning);
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
  // huggingface_hub and Transformers (utils/hub.py) without their hub
  [
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded with url: /api/models/m",
    true,
  ],
  [
    "OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.",
    true,
  ],
  // huggingface_hub/file_download.py
  [
    'huggingface_hub.errors.LocalEntryNotFoundError: An error happened while trying to locate the file on the Hub and we cannot find the requested files in the local cache. Please check your connection and try again or make sure your Internet connection is on.',
    true,
  ],
  ['httpx.ConnectError: [Errno -2] Name or service not known', true],
  // Python's sockets below httpx, and an engine that waits for its own processes
  ['TimeoutError: timed out', true],
  ['TimeoutError: The read operation timed out', true],
  ['TimeoutError: _ssl.c:989: The handshake operation timed out', true],
  ['httpcore.ConnectTimeout: timed out', true],
  ["requests.exceptions.ConnectTimeout: HTTPSConnectionPool(host='huggingface.co', port=443): Read timed out.", true],
  ['TimeoutError: Timed out waiting for engine core processes to start.', false],
  [
    'huggingface_hub.errors.HfHubHTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/m',
    true,
  ],
  ['requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://huggingface.co/m', true],
  ['requests.exceptions.HTTPError: 404 Client Error: Not Found for url: https://huggingface.co/m', false],
  ['torch.distributed.DistStoreError: Timed out after 601 seconds waiting for clients. 1/2 clients joined.', true],
  ["OSError: No such file: '/models/x'", false],
])('%s: another try may succeed: %s', (log, transient) => {
  expect(rootCause(log)?.transient).toBe(transient);
});

test('a log without an error has none', () => {
  expect(rootCause('INFO: started\nINFO 10-31 15:06:40 [x.py:1] no error so far\n')).toBeUndefined();
});

// tracing_subscriber's JSON, and the messages of launcher/src/main.rs (3.3.6)
const tgiInJson = [
  { level: 'INFO', fields: { message: 'Starting shard' }, span: { rank: 0, name: 'shard-manager' } },
  { level: 'WARN', fields: { message: 'Could not import Flash Attention enabled models:\nImportError: no module' } },
  {
    level: 'ERROR',
    fields: {
      message:
        'Shard complete standard error output:\n\nTraceback (most recent call last):\n  File "/usr/src/server/x.py", line 9\nRuntimeError: weight model.layers.0.weight does not exist',
    },
    span: { rank: 0, name: 'shard-manager' },
  },
  { level: 'ERROR', fields: { message: 'Shard 0 failed to start' } },
]
  .map(line =>
    JSON.stringify({ timestamp: '2024-02-21T05:09:52.421039Z', ...line, target: 'text_generation_launcher' }),
  )
  .concat('Error: ShardCannotStart', '{"timestamp":"2024-02')
  .join('\n');

test('a log in JSON is read and shown as text', () => {
  expect(rootCause(tgiInJson)?.error).toBe('RuntimeError: weight model.layers.0.weight does not exist');
  const { cause, logs } = explained('It ends by itself.', tgiInJson);
  expect(typeof cause === 'string' ? cause : english(cause)).toBe(
    'It ends by itself. Its first error: RuntimeError: weight model.layers.0.weight does not exist.',
  );
  expect(logs.split('\n')).toEqual([
    'RuntimeError: weight model.layers.0.weight does not exist',
    'ERROR Shard 0 failed to start',
    'Error: ShardCannotStart',
    '{"timestamp":"2024-02',
  ]);
});

// pythonjsonlogger.jsonlogger.JsonFormatter, as docs.vllm.ai/en/latest/examples/others/logging_configuration has it
test('a traceback in a log of python-json-logger', () => {
  const log = JSON.stringify({
    message: 'EngineCore failed to start.',
    exc_info:
      'Traceback (most recent call last):\n  File "x.py", line 1\nValueError: No available memory for the cache blocks.',
  });
  expect(rootCause(log)?.error).toBe('ValueError: No available memory for the cache blocks.');
});

test('TGI that says no more than that a shard did not start', () => {
  expect(rootCause('Error: ShardCannotStart')).toBeUndefined();
});
