import { posix } from 'node:path';
import type { Service } from '@fairway/service/schema';
import type { EngineProfile } from '../profile.ts';
import { modelLocation } from '../model-location.ts';
import { quoted } from '../shell-words.ts';

// It serves a model under the path by which it was told to load it, and under nothing else: a link gives it the name that clients use.
function script(service: Service): string {
  const { model, serving, engine } = service;
  const link = posix.join('/tmp/models', model.name);
  const serve = [
    ...['transformers', 'serve', model.name],
    ...['--host', '0.0.0.0', '--port', String(serving.port)],
    ...engine.arguments,
  ];
  return [
    `mkdir -p ${quoted(posix.dirname(link))}`,
    `ln -sfn ${quoted(modelLocation(service))} ${quoted(link)}`,
    'cd /tmp/models',
    `exec ${serve.map(quoted).join(' ')}`,
  ].join(' && ');
}

export const transformers: EngineProfile = {
  name: 'transformers',
  command: ['sh', '-c'],
  arguments: service => [script(service)],
  port: 8000,
  healthPath: '/health',
  metrics: {},
  endsStreamWithDone: false,
  tellsStreamUsage: false,
  modelFormats: ['safetensors'],
  limitations: [
    'It exposes no metrics: every indicator comes from the gateway and the load test.',
    'A stream ends without [DONE], and unknown fields of a request (such as ignore_eos) are refused with 422.',
    'It has no limit on sequences and context; serving.sequences and serving.contextLength only size the memory estimate.',
    'Without `--continuous-batching` in engine.arguments it answers one request after another. On a CPU that argument makes 5.19.0 take all memory and answer nothing.',
  ],
  startupSeconds: 300,
};
