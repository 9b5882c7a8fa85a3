import type { EngineProfile } from './profile.ts';
import { modelLocation } from './model-location.ts';

export const transformers: EngineProfile = {
  name: 'transformers',
  command: ['transformers', 'serve'],
  arguments(service) {
    return [
      modelLocation(service),
      '--host',
      '0.0.0.0',
      '--port',
      String(service.serving.port),
      ...service.engine.arguments,
    ];
  },
  port: 8000,
  healthPath: '/health',
  metrics: {},
  endsStreamWithDone: false,
  tellsStreamUsage: false,
  modelFormats: ['safetensors'],
  limitations: [
    'It exposes no metrics: every indicator comes from the gateway and the load test.',
    'A stream ends without [DONE], and unknown fields of a request (such as ignore_eos) are refused with 422.',
    'It knows no alias: clients name the model by its path in the image, and `model.name` is used by Fairway alone.',
    'It has no limit on sequences and context; serving.sequences and serving.contextLength only size the memory estimate.',
  ],
  startupSeconds: 300,
};
