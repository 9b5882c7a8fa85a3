import type { EngineProfile } from '../profile.ts';
import { Flags } from '../flags.ts';
import { modelLocation, revisionArguments } from '../model-location.ts';
import { sglangAdapters } from './adapters.ts';
import { sglangImages } from './images.ts';

/**
 * Copies of the whole model, and of the attention inside of a tensor-parallel group: --attn-dp-size (0.5.23), or --dp-size where
 * --enable-dp-attention is there too.
 */
export function copiesOf(flags: Flags): { readonly copies: number; readonly inside: number } {
  const copies = flags.number('--dp-size') ?? 1;
  const inside = flags.number('--attn-dp-size') ?? 1;
  return inside === 1 && flags.has('--enable-dp-attention') ? { copies: 1, inside: copies } : { copies, inside };
}

export const sglang: EngineProfile = {
  name: 'sglang',
  images: sglangImages,
  command: ['python3', '-m', 'sglang.launch_server'],
  arguments(service) {
    const { contextLength, sequences, port } = service.serving;
    const flags = new Flags('sglang', service.engine.arguments);
    const { copies: whole, inside } = copiesOf(flags);
    const copies = whole * inside;
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
        // copies of the attention alone share the sequences
        String(Math.ceil(sequences / copies) * inside),
      ],
      ...(gpus > 1 ? ['--tp-size', String(gpus)] : []),
      // it exposes no metrics unless it is asked to
      '--enable-metrics',
      ...sglangAdapters(service),
      ...service.engine.arguments,
    ];
  },
  loadsFromHub: true,
  servesAdapters: true,
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
