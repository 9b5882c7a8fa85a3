import { Flags } from '../flags.ts';
import type { EngineProfile } from '../profile.ts';
import { modelLocation } from '../model-location.ts';

export const llamacpp: EngineProfile = {
  name: 'llamacpp',
  // the tag of a build stays; `server` moves. The digest is in several public repositories of different owners
  images: [
    'ghcr.io/ggml-org/llama.cpp:server-b11176@sha256:6257697a7f5d034b8fb499ddb07af3e250506352f94102054252a23f3b85e0af',
  ],
  command: ['llama-server'],
  arguments(service) {
    const { contextLength, sequences, port } = service.serving;
    const flags = new Flags('llamacpp', service.engine.arguments);
    return [
      ...['--model', modelLocation(service), '--alias', service.model.name],
      ...['--host', '0.0.0.0', '--port', String(port)],
      // the engine divides its context among the slots
      ...['--ctx-size', String(contextLength * sequences), '--parallel', String(sequences)],
      ...(service.resources.gpu && !flags.has('--n-gpu-layers') ? ['--n-gpu-layers', '999'] : []),
      ...['--metrics', '--jinja', '--no-warmup'],
      ...service.engine.arguments,
    ];
  },
  // since October 2025 prompts that left their slot stay in up to 8 GiB of memory, which the pod's limit knows nothing of:
  // under prompts that differ the pod is ended. `--cache-ram` in engine.arguments asks for such a cache.
  environment: { LLAMA_ARG_CACHE_RAM: '0' },
  port: 8080,
  healthPath: '/health',
  metricsPath: '/metrics',
  metrics: {
    requestsWaiting: 'llamacpp:requests_deferred',
    requestsRunning: 'llamacpp:requests_processing',
    promptTokens: 'llamacpp:prompt_tokens_total',
    generatedTokens: 'llamacpp:tokens_predicted_total',
  },
  endsStreamWithDone: true,
  // in `timings`, without a request for `usage`
  tellsStreamUsage: true,
  closesAfterStream: true,
  modelFormats: ['gguf'],
  limitations: [
    'It has no latency histograms: time to first token and inter-token latency are measured at the gateway or by the load test.',
    'It counts no finished requests, so availability is measured at the gateway.',
    'When its pod ends it stops generating at once, and running streams stay open without an end until it is killed. A release drains a pod before it takes it; whoever drains its node does not.',
    'It closes the connection after each streamed answer, without notice: the gateway sends each request over a new one.',
  ],
  startupSeconds: 120,
};
