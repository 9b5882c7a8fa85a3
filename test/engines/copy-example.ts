import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyExample, editService, giveHostname } from '../e2e/example-copy.ts';
import { buildWithoutGpus } from './cpu-variant.ts';
import { vllmForCpus } from './vllm-for-cpus.ts';

const examples = join(import.meta.dirname, '../../examples');

/** Of the model for llama.cpp and vLLM, which answer the 2,048 of the examples in half a second and in three: too short to be held through a release. */
const context = 16_384;

/**
 * A copy of examples/hello-… as this machine builds it, delivered as `name`, with a model that never ends an answer by itself: streams
 * are as long as they are asked to be.
 */
export async function copyEngineExample(engine: string, name: string, hostname: string): Promise<string> {
  const folder = engine === 'llamacpp' ? await copyLongExample(name) : await copyPythonExample(`hello-${engine}`, name);
  const model = engine === 'llamacpp' ? ['--gguf', 'model/hello-tiny.gguf'] : ['--safetensors', 'model/hello-tiny'];
  const quick = engine === 'llamacpp' || engine === 'vllm';
  if (quick) await editService(folder, text => text.replace(/contextLength: .*$/m, `contextLength: ${context}`));
  const size = quick ? ['--context', String(context)] : [];
  const script = join(examples, 'hello-llm/make-model.py');
  await promisify(execFile)('python3', [script, '--endless', ...model, ...size], { cwd: folder });
  await giveHostname(folder, hostname);
  return folder;
}

async function copyLongExample(name: string): Promise<string> {
  const folder = await copyExample(name);
  await editService(folder, text => text.replace(/^ {2}memory: .*$/m, '  memory: 512Mi'));
  return folder;
}

async function copyPythonExample(example: string, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  await cp(join(examples, example), folder, { recursive: true, filter: path => !path.endsWith('/.fairway') });
  await rm(join(folder, 'model'), { recursive: true, force: true });
  await editService(folder, text => text.replace(/^name: .*$/m, `name: ${name}`).replace(/^scan:$/m, unknownPackages));
  await buildWithoutGpus(folder, example === 'hello-vllm' ? await vllmForCpus(folder) : []);
  return folder;
}

// the database that a machine without a public registry makes knows a distribution alone
const unknownPackages = `scan:
  unknownPackages:
    - { kind: python-pkg, until: 2099-12-31, reason: no vulnerability data of Python packages is to be had here }`;
