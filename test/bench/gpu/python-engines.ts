import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { processEngine } from '@fairway/compare';
import type { StartableEngine } from '@fairway/compare';

export interface PythonModel {
  readonly folder: string;
  readonly weights: StartableEngine['weights'];
  readonly contextLength: number;
}

/** Nothing of a network: no hub, no telemetry, no address but the loopback. */
const alone = {
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  VLLM_NO_USAGE_STATS: '1',
  DO_NOT_TRACK: '1',
  VLLM_HOST_IP: '127.0.0.1',
  GLOO_SOCKET_IFNAME: 'lo',
  NCCL_SOCKET_IFNAME: 'lo',
  TOKENIZERS_PARALLELISM: 'false',
};

/** Sizes that decode steps are captured for: each costs start time and memory. */
const graphs = {
  mode: 0,
  cudagraph_mode: 'FULL_DECODE_ONLY',
  cudagraph_capture_sizes: [1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256],
};
const sequences = 256;

/** The versions of the packages that this Python has. */
export async function packageVersions(python: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const script = `import importlib.metadata as m, json, sys
found = {}
for name in sys.argv[1:]:
    try: found[name] = m.version(name)
    except m.PackageNotFoundError: pass
print(json.dumps(found))`;
  const { stdout } = await promisify(execFile)(python, ['-c', script, ...names]);
  return new Map(Object.entries(JSON.parse(stdout) as Record<string, string>));
}

/** vLLM, with dummy weights: they take the room of real ones and need no disk. */
export function vllmEngine(
  python: string,
  version: string,
  model: PythonModel,
  { port, log, gpus }: { readonly port: number; readonly log: string; readonly gpus: number },
): StartableEngine {
  return processEngine({
    engine: 'vllm',
    mode: undefined,
    version,
    from: `Python packages: vllm ${version}`,
    weights: model.weights,
    command: [
      ...[python, '-m', 'vllm.entrypoints.cli.main', 'serve', model.folder, '--load-format', 'dummy'],
      ...['--served-model-name', 'random', '--host', '127.0.0.1', '--port', String(port)],
      ...['--max-model-len', String(model.contextLength), '--max-num-seqs', String(sequences)],
      ...['--generation-config', 'vllm', '--compilation-config', JSON.stringify(graphs)],
    ],
    environment: alone,
    port,
    model: 'random',
    startupSeconds: 300,
    gpus,
    log,
  });
}

/** `transformers serve`, one request after another or all at once. */
export function transformersEngine(
  python: string,
  version: string,
  model: PythonModel,
  {
    port,
    log,
    gpus,
    batching,
  }: { readonly port: number; readonly log: string; readonly gpus: number; readonly batching: boolean },
): StartableEngine {
  return processEngine({
    engine: 'transformers',
    mode: batching ? 'continuous batching' : undefined,
    version,
    from: `Python packages: transformers ${version}`,
    weights: model.weights,
    command: [
      ...[python, join(import.meta.dirname, 'transformers-cli.py'), 'serve', model.folder],
      ...['--host', '127.0.0.1', '--port', String(port), ...(batching ? ['--continuous-batching'] : [])],
    ],
    environment: alone,
    port,
    model: model.folder,
    startupSeconds: 300,
    gpus,
    log,
  });
}
