/**
 * npm run bench -- gpu [--python PROGRAM] [--engines NAME,NAME] [--shape NAME|config.json] [--also NAME,NAME] [--repeats N] [--out FILE]:
 * on a machine with an NVIDIA GPU and no network, compares engines on random weights of a real model's shape, and holds what `prepare`
 * estimates of vLLM's memory against what vLLM reports. Engines are `vllm`, `transformers-batching` and `transformers`; by default all
 * that the Python has. Writes a comparison record; the last line is one JSON object.
 */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { compareEngines, machineFacts } from '@fairway/compare';
import { engineMemory, estimateGpuMemory } from '@fairway/engines';
import { gpuClasses, serviceSchema } from '@fairway/service';
import { readModelFacts } from '@fairway/service/model/local';
import type { Comparison } from '@fairway/stage/comparison/record';
import { packageVersions, transformersEngine, vllmEngine } from './python-engines.ts';
import type { PythonModel } from './python-engines.ts';
import { reportedMemory } from './reported-memory.ts';
import { shapes } from './shapes.ts';
import type { ShapeName } from './shapes.ts';

const gibibyte = 1024 ** 3;
const contextLength = 8192;
const port = 18_400;
/** Names of the engines, with the package of Python that each comes in. */
const packages = { vllm: 'vllm', 'transformers-batching': 'transformers', transformers: 'transformers' } as const;
type Name = keyof typeof packages;

export async function gpuBench(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      python: { type: 'string', default: 'python3' },
      engines: { type: 'string' },
      shape: { type: 'string', default: 'llama-3.1-8b' },
      also: { type: 'string', default: '' },
      repeats: { type: 'string', default: '2' },
      seconds: { type: 'string', default: '10' },
      folder: { type: 'string', default: '/tmp/fairway-gpu' },
      out: { type: 'string', default: 'comparison.json' },
    },
  });
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  const machine = await machineFacts();
  if (!machine.gpu)
    throw new Error('This machine has no NVIDIA GPU: nvidia-smi is not there. The benchmark needs one.');
  const { python, folder } = values;
  await mkdir(folder, { recursive: true });
  const versions = await packageVersions(python, ['vllm', 'transformers', 'torch']);
  say(`${machine.label}; ${[...versions].map(pair => pair.join(' ')).join(', ')}`);

  const names = chosenEngines(values.engines, python, versions);

  const model = await randomModel(python, folder, values.shape, true);
  const log = (name: string) => join(folder, `${name}.log`);
  const gpus = machine.gpu.count;
  const engines = names.map(name => {
    const version = versions.get(packages[name])!;
    const given = { port, log: log(name), gpus };
    return name === 'vllm'
      ? vllmEngine(python, version, model, given)
      : transformersEngine(python, version, model, { ...given, batching: name === 'transformers-batching' });
  });
  const vllm = names.includes('vllm') ? versions.get('vllm') : undefined;

  const date = new Date().toISOString().slice(0, 10);
  const save = async (comparison: Comparison) => {
    await writeFile(`${values.out}.new`, `${JSON.stringify(comparison, null, 1)}\n`);
    await rename(`${values.out}.new`, values.out);
  };
  const comparison = await compareEngines({
    id: `${date}-${machine.gpu.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`,
    machine,
    model: { name: `random weights of the shape ${values.shape}`, digest: model.weights.digest },
    notes: [
      `PyTorch ${versions.get('torch') ?? 'unknown'}. vLLM loads dummy weights of the same shape; speed and memory do not depend on their values.`,
      'The load generator ran on the same machine, on processors that the engines leave free.',
      `vLLM captured graphs for decode steps only and compiled nothing, so that it starts in a minute.`,
    ],
    engines,
    load: {
      promptTokens: 256,
      outputTokens: 128,
      seconds: Number(values.seconds),
      requests: 12,
      // what people who read along still call fluent: an answer begins within a second and goes on with five tokens a second
      objectives: { timeToFirstToken: 1000, timePerOutputToken: 200, goodput: 90 },
      timeout: 30_000,
    },
    rates: { start: 4, least: 0.25, most: 256, refinements: 2 },
    repeats: Number(values.repeats),
    signal: abort.signal,
    say,
    save,
  });
  await save(comparison);

  const memory = vllm ? [await memoryOf(values.shape, vllm, model, log('vllm'), machine.gpu.name)] : [];
  for (const shape of values.also.split(',').filter(Boolean)) {
    if (!vllm) break;
    const other = await randomModel(python, folder, shape, false);
    const file = log(`vllm-${shape}`);
    const running = await vllmEngine(python, vllm, other, { port, log: file, gpus }).start(abort.signal);
    const held = (await running.use()).memoryGiB;
    await running.stop();
    const found = await memoryOf(shape, vllm, other, file, machine.gpu.name);
    say(JSON.stringify({ ...found, held }));
    memory.push(found);
  }
  const clocks = comparison.contenders.flatMap(({ engine, result }) =>
    result.outcome === 'measured'
      ? [...result.common, ...result.searches.flatMap(search => search.runs)].flatMap(
          ({ rate, engineMeans, clientMeans }) =>
            engineMeans ? [{ engine, rate, engine_ms: engineMeans, client_ms: clientMeans }] : [],
        )
      : [],
  );
  process.stdout.write(`${JSON.stringify({ record: values.out, memory, clocks })}\n`);
}

/** @throws Error that says which name is none, or which engine the Python does not have */
function chosenEngines(
  given: string | undefined,
  python: string,
  versions: ReadonlyMap<string, string>,
): readonly Name[] {
  const known = Object.keys(packages) as Name[];
  const there = known.filter(name => versions.has(packages[name]));
  if (given === undefined) {
    if (there.length === 0)
      throw new Error(`${python} has neither vllm nor transformers; give one that has with --python.`);
    return there;
  }
  const names = given.split(',');
  const unknown = names.find(name => !known.includes(name as Name));
  if (unknown !== undefined)
    throw new Error(`--engines: there is no engine '${unknown}'; the engines are ${known.join(', ')}.`);
  const missing = names.find(name => !there.includes(name as Name));
  if (missing !== undefined)
    throw new Error(`--engines: ${python} has no ${missing}; it has ${there.join(', ') || 'none of the engines'}.`);
  return known.filter(name => names.includes(name));
}

async function randomModel(python: string, folder: string, shape: string, weights: boolean): Promise<PythonModel> {
  const target = join(folder, shape.replace(/\W+/g, '-'));
  await mkdir(target, { recursive: true });
  const config = shape in shapes ? JSON.stringify(shapes[shape as ShapeName]) : await readFile(shape, 'utf8');
  await writeFile(join(target, 'config.json'), config);
  const argv = [join(import.meta.dirname, 'random-model.py'), target, ...(weights ? [] : ['--without-weights'])];
  const { stdout } = await promisify(execFile)(python, argv);
  say(stdout.trim());
  const { revision } = await readModelFacts(target);
  return { folder: target, weights: { format: 'safetensors', digest: revision }, contextLength };
}

/** What `prepare` estimates for one GPU, beside what vLLM reports; GiB. */
async function memoryOf(shape: string, version: string, model: PythonModel, log: string, gpu: string) {
  const facts = await readModelFacts(model.folder);
  const service = serviceSchema.parse({
    apiVersion: 'fairway.dev/v1alpha1',
    kind: 'InferenceService',
    name: 'random',
    owner: 'bench',
    engine: { name: 'vllm' },
    // where the model lies has no part in the estimate; a service's path is inside its folder
    model: { name: 'random', path: 'model' },
    serving: { contextLength, sequences: 256 },
  });
  const known = [...gpuClasses.values()].find(one =>
    one.name.startsWith(`nvidia-${/[A-Z]+\d+/.exec(gpu)?.[0].toLowerCase()}-`),
  );
  const estimate = estimateGpuMemory(facts, engineMemory(service, version), 1, known);
  const text = await readFile(log, 'utf8');
  const reported = reportedMemory(text);
  const gib = (bytes: number | undefined) => bytes && Math.round((bytes / gibibyte) * 1000) / 1000;
  return {
    shape,
    weights: { estimate: gib(estimate?.weights), reported: gib(reported.weights) },
    kv_bytes_a_token: {
      estimate: estimate?.kvCachePerToken,
      reported: Math.round(reported.kvCache / reported.kvCacheTokens),
    },
    overhead: { estimate: gib(estimate?.overhead), kv_cache: gib(reported.kvCache) },
  };
}

function say(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}
