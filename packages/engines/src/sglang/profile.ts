import type { EngineProfile } from '../profile.ts';
import { Flags } from '../flags.ts';
import { modelLocation, revisionArguments } from '../model-location.ts';

export const sglang: EngineProfile = {
  name: 'sglang',
  image: 'docker.io/lmsysorg/sglang:v0.5.6',
  command: ['python3', '-m', 'sglang.launch_server'],
  arguments(service) {
    const { contextLength, sequences, port } = service.serving;
    const flags = new Flags('sglang', service.engine.arguments);
    const copies = flags.number('--dp-size') ?? 1;
    // its copies of the attention are inside of the tensor-parallel group, and share the sequences
    const whole = flags.has('--enable-dp-attention') ? 1 : copies;
    const groups = (flags.number('--pp-size') ?? 1) * whole;
    const gpus = Math.max(1, Math.floor((service.resources.gpu?.count ?? 1) / groups));
    return [
      ...['--model-path', modelLocation(service), '--served-model-name', service.model.name],
      ...revisionArguments(service),
      ...['--host', '0.0.0.0', '--port', String(port)],
      ...[
        '--context-length',
        String(contextLength),
        '--max-running-requests',
        String(Math.ceil(sequences / copies) * (copies / whole)),
      ],
      ...(gpus > 1 ? ['--tp-size', String(gpus)] : []),
      // it exposes no metrics unless it is asked to
      '--enable-metrics',
      ...service.engine.arguments,
    ];
  },
  loadsFromHub: true,
  port: 30000,
  healthPath: '/health',
  metricsPath: '/metrics',
  metrics: {
    timeToFirstToken: 'sglang:time_to_first_token_seconds',
    interTokenLatency: 'sglang:inter_token_latency_seconds',
    requestDuration: 'sglang:e2e_request_latency_seconds',
    requestsWaiting: 'sglang:num_queue_reqs',
    requestsRunning: 'sglang:num_running_reqs',
    requestsSucceeded: 'sglang:num_requests_total',
    promptTokens: 'sglang:prompt_tokens_total',
    generatedTokens: 'sglang:generation_tokens_total',
    kvCacheUsage: 'sglang:token_usage',
  },
  endsStreamWithDone: true,
  tellsStreamUsage: false,
  sharedMemory: true,
  modelFormats: ['safetensors'],
  limitations: [
    'No delivery of it was made with Fairway yet: its arguments and metric names are those of its documentation.',
    '`sglang:num_requests_total` counts requests with their errors.',
    'What it takes of a GPU (--mem-fraction-static) is estimated, not measured.',
  ],
  startupSeconds: 600,
};
