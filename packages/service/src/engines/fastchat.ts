import type { Service } from '../schema.ts';
import type { EngineProfile } from './profile.ts';
import { modelLocation } from './model-location.ts';

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

// FastChat is three processes. The container ends when the first of them does, so that Kubernetes starts all of them again.
function script(service: Service): string {
  const controller = 'http://127.0.0.1:21001';
  const gpus = service.resources.gpu?.count;
  const worker = [
    ...['python3', '-m', 'fastchat.serve.model_worker'],
    ...['--model-path', modelLocation(service), '--model-names', service.model.name],
    ...['--host', '127.0.0.1', '--port', '21002', '--worker-address', 'http://127.0.0.1:21002'],
    ...['--controller-address', controller],
    ...['--limit-worker-concurrency', String(service.serving.sequences)],
    ...(gpus === undefined ? ['--device', 'cpu'] : ['--num-gpus', String(gpus)]),
    ...service.engine.arguments,
  ];
  return [
    "trap 'exit 143' TERM",
    "trap 'kill $(jobs -p)' EXIT",
    'python3 -m fastchat.serve.controller --host 127.0.0.1 --port 21001 &',
    `${worker.map(quoted).join(' ')} &`,
    `python3 -m fastchat.serve.openai_api_server --host 0.0.0.0 --port ${service.serving.port} --controller-address ${controller} &`,
    'wait -n; exit 1',
  ].join('\n');
}

export const fastchat: EngineProfile = {
  name: 'fastchat',
  command: ['bash', '-c'],
  arguments: service => [script(service)],
  port: 8000,
  healthPath: '/v1/models',
  metrics: {},
  endsStreamWithDone: true,
  tellsStreamUsage: false,
  modelFormats: ['safetensors'],
  limitations: [
    'The last release of FastChat is 0.2.36 of February 2024.',
    'It exposes no metrics and a stream carries no usage: every indicator comes from the gateway and the load test.',
    'One chunk of a stream may hold several tokens, so its gaps are longer and fewer than those between tokens.',
    'The API answers before the worker has loaded the model; until then the list of models is empty.',
    'Arguments in engine.arguments go to the model worker.',
  ],
  startupSeconds: 300,
};
