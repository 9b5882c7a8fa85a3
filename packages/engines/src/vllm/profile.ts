import { limitsTokens } from '@fairway/service/token-limits';
import { Flags } from '../flags.ts';
import type { EngineProfile } from '../profile.ts';
import { modelLocation, revisionArguments } from '../model-location.ts';
import { vllmAdapters } from './adapters.ts';
import { vllmImages } from './images.ts';

export const vllm: EngineProfile = {
  name: 'vllm',
  images: vllmImages,
  command: ['vllm', 'serve'],
  arguments(service) {
    const flags = new Flags('vllm', service.engine.arguments);
    const { nodes } = service.workload;
    // what the stages of a pipeline and copies of the model leave to each; between nodes are stages, which talk the least
    const stages = nodes > 1 ? 1 : (flags.number('--pipeline-parallel-size') ?? 1);
    const copies = flags.number('--data-parallel-size') ?? 1;
    const groups = stages * copies * (flags.number('--prefill-context-parallel-size') ?? 1);
    const gpus = Math.max(1, Math.floor((service.resources.gpu?.count ?? 1) / groups));
    return [
      modelLocation(service),
      ...revisionArguments(service),
      ...['--served-model-name', service.model.name],
      ...['--host', '0.0.0.0', '--port', String(service.serving.port)],
      ...['--max-model-len', String(service.serving.contextLength)],
      // each copy schedules for itself
      ...['--max-num-seqs', String(Math.ceil(service.serving.sequences / copies))],
      ...(limitsTokens(service) ? ['--enable-force-include-usage'] : []),
      ...vllmAdapters(service),
      ...(gpus > 1 ? ['--tensor-parallel-size', String(gpus)] : []),
      ...(nodes > 1 ? ['--pipeline-parallel-size', String(nodes)] : []),
      ...service.engine.arguments,
    ];
  },
  // its own processes on each node, without Ray (0.32 as its command line describes it)
  nodeArguments({ nodes, rank, leader }) {
    return [
      ...['--distributed-executor-backend', 'mp'],
      ...['--nnodes', String(nodes), '--node-rank', rank, '--master-addr', leader],
      ...(rank === '0' ? [] : ['--headless']),
    ];
  },
  loadsFromHub: true,
  servesAdapters: true,
  port: 8000,
  healthPath: '/health',
  metricsPath: '/metrics',
  // as 0.33.0 names them: `gpu_cache_usage_perc` and `time_per_output_token_seconds` are gone
  metrics: {
    timeToFirstToken: 'vllm:time_to_first_token_seconds',
    interTokenLatency: 'vllm:inter_token_latency_seconds',
    requestDuration: 'vllm:e2e_request_latency_seconds',
    queueDuration: 'vllm:request_queue_time_seconds',
    requestsWaiting: 'vllm:num_requests_waiting',
    requestsRunning: 'vllm:num_requests_running',
    requestsSucceeded: 'vllm:request_success_total',
    promptTokens: 'vllm:prompt_tokens_total',
    generatedTokens: 'vllm:generation_tokens_total',
    preemptions: 'vllm:num_preemptions_total',
    kvCacheUsage: 'vllm:kv_cache_usage_perc',
  },
  // its default is 0: what runs is aborted at once
  drain: { argument: '--shutdown-timeout', since: '0.24' },
  endsStreamWithDone: true,
  // with the argument that limits of tokens bring
  tellsStreamUsage: true,
  // with a model of 2 MB (docs/comparisons/2026-11-30-cpu-2-cores.json): 2.45 GiB
  leastMemoryMebibytes: 2048,
  sharedMemory: true,
  modelFormats: ['safetensors'],
  limitations: [
    'Metric names change between minor versions; these are the names of 0.24 to 0.33, and those of older versions are known.',
    'When its pod ends it aborts running requests at once (the stream ends with `finish_reason` abort and [DONE], so that it looks whole), unless engine.arguments gives `--shutdown-timeout` with the seconds that the longest stream takes (0.24 and newer).',
    'The default histogram buckets have no edge at 200 ms: choose latency objectives on bucket edges (100, 250, 500, 750, 1000 ms).',
  ],
  startupSeconds: 600,
};
