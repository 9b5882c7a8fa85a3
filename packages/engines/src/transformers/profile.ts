import { posix } from 'node:path';
import type { Service } from '@fairway/service/schema';
import type { EngineProfile } from '../profile.ts';
import { modelLocation } from '../model-location.ts';
import { quoted } from '../shell-words.ts';

const hub = '/tmp/huggingface';
const revision = '0'.repeat(40);

function serve({ model, serving, engine }: Service): string[] {
  return [
    ...['transformers', 'serve', model.name],
    ...['--host', '0.0.0.0', '--port', String(serving.port)],
    ...engine.arguments,
  ];
}

// It serves a model under the path from which it loads it, and under nothing else: a link gives it the name that clients use.
// It lists the models of its cache alone, so the model is entered there too.
function script(service: Service): string {
  const { model } = service;
  const location = quoted(modelLocation(service));
  const link = posix.join('/tmp/models', model.name);
  const entry = `${hub}/models--${model.name.replaceAll('/', '--')}`;
  return [
    `mkdir -p ${[posix.dirname(link), `${entry}/refs`, `${entry}/snapshots`].map(quoted).join(' ')}`,
    `printf ${revision} > ${quoted(`${entry}/refs/main`)}`,
    `ln -sfn ${location} ${quoted(`${entry}/snapshots/${revision}`)}`,
    `ln -sfn ${location} ${quoted(link)}`,
    'cd /tmp/models',
    `exec ${serve(service).map(quoted).join(' ')}`,
  ].join(' && ');
}

export const transformers: EngineProfile = {
  name: 'transformers',
  command: ['sh', '-c'],
  arguments: service => [script(service)],
  started: serve,
  environment: { HF_HUB_CACHE: hub },
  port: 8000,
  healthPath: '/health',
  metrics: {},
  endsStreamWithDone: false,
  tellsStreamUsage: false,
  // with a model of 2 MB (docs/comparisons/2026-11-30-cpu-2-cores.json): 0.45 GiB
  leastMemoryMebibytes: 448,
  modelFormats: ['safetensors'],
  limitations: [
    'It exposes no metrics: every indicator comes from the gateway and the load test.',
    'A stream ends without [DONE], and unknown fields of a request (such as ignore_eos) are refused with 422.',
    'It has no limit on sequences and context; serving.sequences and serving.contextLength only size the memory estimate.',
    'Without `--continuous-batching` in engine.arguments it answers one request after another. On a CPU that argument makes 5.19.0 take all memory and answer nothing.',
  ],
  startupSeconds: 300,
};
