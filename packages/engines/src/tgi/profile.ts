import type { EngineProfile } from '../profile.ts';
import { adapterLocation, modelLocation, revisionArguments } from '../model-location.ts';

export const tgi: EngineProfile = {
  name: 'tgi',
  // no public file was found that says the digest
  images: ['ghcr.io/huggingface/text-generation-inference:3.3.6'],
  command: ['text-generation-launcher'],
  arguments(service) {
    const { contextLength, sequences, port } = service.serving;
    const gpus = service.resources.gpu?.count ?? 1;
    const adapters = service.model.adapters?.map(adapter => `${adapter.name}=${adapterLocation(service, adapter)}`);
    return [
      ...['--model-id', modelLocation(service), '--served-model-name', service.model.name],
      ...revisionArguments(service),
      ...['--hostname', '0.0.0.0', '--port', String(port)],
      // the launcher refuses an input limit that is not below the total
      ...['--max-input-tokens', String(contextLength - 1), '--max-total-tokens', String(contextLength)],
      ...['--max-batch-size', String(sequences)],
      ...(gpus > 1 ? ['--num-shard', String(gpus)] : []),
      // with a path it downloads none; a request finds one by its `model` (docs/source/conceptual/lora.md, router/src/lib.rs)
      ...(adapters ? ['--lora-adapters', adapters.join(',')] : []),
      ...service.engine.arguments,
    ];
  },
  loadsFromHub: true,
  servesAdapters: true,
  port: 3000,
  healthPath: '/health',
  metricsPath: '/metrics',
  metrics: {
    requestDuration: 'tgi_request_duration',
    queueDuration: 'tgi_request_queue_duration',
    requestsWaiting: 'tgi_queue_size',
    requestsRunning: 'tgi_batch_current_size',
    // not tgi_request_count, which counts chat and completions twice
    requestsSucceeded: 'tgi_request_success',
    generatedTokens: 'tgi_request_generated_tokens',
  },
  endsStreamWithDone: true,
  tellsStreamUsage: false,
  modelFormats: ['safetensors'],
  limitations: [
    'Text Generation Inference is in maintenance mode since December 2025; its authors recommend vLLM or SGLang for new services.',
    'It has no metric of the time to first token and none of inter-token latency (tgi_request_mean_time_per_token_duration is a mean per request): both are measured at the gateway or by the load test.',
    'An error inside a stream comes with HTTP status 200, as an `error` object followed by [DONE].',
    'Any model name and any unknown field of a request are accepted silently; max_tokens over the limit is cut, not refused.',
  ],
  startupSeconds: 600,
};
