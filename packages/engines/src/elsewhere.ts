import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { isConfig } from '@fairway/service/model/config-values';
import { requireRegularFile } from '@fairway/service/regular-file';
import type { ServiceFile } from '@fairway/service/service-file';
import { systemErrorCode } from '@fairway/service/system-error';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { parseDocument } from 'yaml';
import { dialects } from './dialects.ts';
import { opposite } from './flags.ts';

/** Engines that read a file of arguments. */
const readers: readonly string[] = ['vllm', 'sglang'];

/**
 * Arguments that an engine gets from elsewhere than its command line, which goes before them: from the file of --config, and from variables
 * that the Dockerfile or a patch of the workload sets.
 * @returns undefined where there is no such file, so that nobody knows what it says
 * @throws ConfigurationError for a file that holds something else
 */
export async function argumentsElsewhere(file: ServiceFile): Promise<readonly string[] | undefined> {
  const { name, arguments: given } = file.service.engine;
  const at = given.lastIndexOf('--config');
  const path = given[at + 1];
  if (at < 0 || path === undefined || !readers.includes(name)) return await ofEnvironment(file);
  const text = await textBelow(file.folder, path);
  if (text === undefined) return undefined;
  const document = parseDocument(text);
  const content: unknown = document.errors.length > 0 ? undefined : document.toJS();
  if (!isConfig(content))
    throw new ConfigurationError(
      reasonOf('engine.file', { index: at + 1, path }),
      file.place('engine', 'arguments', at + 1),
    );
  return Object.entries(content).flatMap(([key, value]) => wordsOf(key.replaceAll('_', '-'), value));
}

/** As vLLM's `load_config_file` and SGLang's `ConfigArgumentMerger` make them. */
function wordsOf(key: string, value: unknown): string[] {
  if (value === true) return [`--${key}`];
  if (value === false) return [`--no-${key}`];
  if (Array.isArray(value)) return value.length === 0 ? [] : [`--${key}`, ...value.map(String)];
  return [`--${key}`, isConfig(value) ? JSON.stringify(value) : String(value)];
}

/** A file of the image, which is looked for in the folder of the service by the end of its path. */
async function textBelow(folder: string, path: string): Promise<string | undefined> {
  const parts = posix
    .normalize(path)
    .split('/')
    .filter(part => part !== '' && part !== '..');
  for (const start of parts.keys()) {
    const file = join(folder, ...parts.slice(start));
    await requireRegularFile(file);
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemErrorCode(error) ?? '')) throw error;
    }
  }
  return undefined;
}

async function ofEnvironment({ folder, service }: ServiceFile): Promise<string[]> {
  const { ofVariable, options } = dialects[service.engine.name];
  if (!ofVariable) return [];
  const image = variablesOfImage((await textBelow(folder, service.build.dockerfile)) ?? '');
  const variables = new Map([...image, ...variablesOfPatches(service.workload.patches)]);
  return [...variables].flatMap(([variable, value]) => {
    const name = ofVariable(variable);
    if (name === undefined) return [];
    if (options[name] !== 'switch' && options[opposite(name)] !== 'switch') return [name, value];
    // llama.cpp's `is_truthy`; what begins with `no` is set by being there
    return [name.startsWith('--no-') || /^(on|enabled|true|1)$/i.test(value) ? name : opposite(name)];
  });
}

/** `ENV A=1 B="2"` and `ENV A 1` of a Dockerfile. */
function variablesOfImage(text: string): [string, string][] {
  const lines = text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/);
  return lines.flatMap((line): [string, string][] => {
    const [, rest = ''] = /^\s*ENV\s+(.*)$/i.exec(line) ?? [];
    const [, name = '', value = ''] = /^(\w+)\s+(.*)$/.exec(rest) ?? [];
    if (name !== '') return [[name, value.trim()]];
    return [...rest.matchAll(/(\w+)=("[^"]*"|'[^']*'|\S*)/g)].map(([, key = '', quoted = '']) => [
      key,
      quoted.replaceAll(/^["']|["']$/g, ''),
    ]);
  });
}

/** Of every `env` list, wherever it is: a patch is any part of an object. */
function variablesOfPatches(value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap(variablesOfPatches);
  if (!isConfig(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'env' && Array.isArray(inner)
      ? inner.flatMap((one: unknown): [string, string][] =>
          isConfig(one) && typeof one.name === 'string' && typeof one.value === 'string' ? [[one.name, one.value]] : [],
        )
      : variablesOfPatches(inner),
  );
}
