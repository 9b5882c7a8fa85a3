import { longestStreamSeconds } from '@fairway/service/longest-stream';
import type { Service } from '@fairway/service/schema';
import type { EngineProfile } from '../profile.ts';
import { modelLocation, revisionArguments } from '../model-location.ts';
import { quoted } from '../shell-words.ts';

// The API answers health checks before a worker has a model, so it starts when the controller knows one.
const untilServed = (controller: string) => `import json, time, urllib.request
def models():
    try:
        with urllib.request.urlopen(urllib.request.Request("${controller}/list_models", method="POST"), timeout=5) as answer:
            return json.load(answer)["models"]
    except OSError:
        return []
while not models():
    time.sleep(0.5)`;

/** Beside the port that the API is given, which is free where the container shares the network of others. */
function innerPorts({ serving: { port } }: Service): readonly [number, number] {
  return port < 65_534 ? [port + 1, port + 2] : [port - 1, port - 2];
}

function worker(service: Service): string[] {
  const [controllerPort, workerPort] = innerPorts(service);
  const gpus = service.resources.gpu?.count;
  return [
    ...['python3', '-m', 'fastchat.serve.model_worker'],
    ...['--model-path', modelLocation(service), '--model-names', service.model.name],
    ...revisionArguments(service),
    ...['--host', '127.0.0.1', '--port', String(workerPort), '--worker-address', `http://127.0.0.1:${workerPort}`],
    ...['--controller-address', `http://127.0.0.1:${controllerPort}`],
    ...['--limit-worker-concurrency', String(service.serving.sequences)],
    ...(gpus === undefined ? ['--device', 'cpu'] : ['--num-gpus', String(gpus)]),
    ...service.engine.arguments,
  ];
}

// FastChat is three processes. The container ends when the first of them does, so that Kubernetes starts all of them again. At
// SIGTERM the API takes no more requests and lets its streams end, for which it needs the others.
function script(service: Service): string {
  const { port } = service.serving;
  const [controllerPort] = innerPorts(service);
  const controller = `http://127.0.0.1:${controllerPort}`;
  return [
    // how long its API waits for the worker, 100 s by itself: an answer that waits longer for its turn would be broken off after its 200
    `export FASTCHAT_WORKER_API_TIMEOUT=${longestStreamSeconds(service)}`,
    `trap 'kill "$api"; wait "$api"; exit 143' TERM`,
    "trap 'kill $(jobs -p)' EXIT",
    `python3 -m fastchat.serve.controller --host 127.0.0.1 --port ${controllerPort} &`,
    `${worker(service).map(quoted).join(' ')} &`,
    `(python3 -c ${quoted(untilServed(controller))} && exec python3 -m fastchat.serve.openai_api_server --host 0.0.0.0 --port ${port} --controller-address ${controller}) &`,
    'api=$!',
    'wait -n; exit 1',
  ].join('\n');
}

export const fastchat: EngineProfile = {
  name: 'fastchat',
  command: ['bash', '-c'],
  arguments: service => [script(service)],
  started: worker,
  // without it, it writes log files into the folder that it starts in, which is read-only
  environment: { LOGDIR: '' },
  loadsFromHub: true,
  port: 8000,
  healthPath: '/v1/models',
  metrics: {},
  endsStreamWithDone: true,
  tellsStreamUsage: false,
  // with a model of 2 MB (docs/comparisons/2026-11-30-cpu-2-cores.json): 0.54 GiB
  leastMemoryMebibytes: 512,
  modelFormats: ['safetensors'],
  limitations: [
    'The last release of FastChat is 0.2.36 of February 2024.',
    'It exposes no metrics and a stream carries no usage: every indicator comes from the gateway and the load test.',
    'One chunk of a stream may hold several tokens, so its gaps are longer and fewer than those between tokens.',
    'Arguments in engine.arguments go to the model worker.',
  ],
  startupSeconds: 300,
};
