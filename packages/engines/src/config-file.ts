import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { isConfig } from '@fairway/service/model/config-values';
import type { ServiceFile } from '@fairway/service/service-file';
import { systemErrorCode } from '@fairway/service/system-error';
import { parseDocument } from 'yaml';

/** Engines that read a file of arguments, which those of the command line go before. */
const readers: readonly string[] = ['vllm', 'sglang'];

/**
 * The arguments in the file of --config, as vLLM's `load_config_file` and SGLang's `ConfigArgumentMerger` make them. The file of the image
 * is looked for in the folder of the service by the end of its path.
 * @returns undefined where there is no such file, so that nobody knows what it says
 * @throws ConfigurationError for a file that holds something else
 */
export async function argumentsOfFile(file: ServiceFile): Promise<readonly string[] | undefined> {
  const { name, arguments: given } = file.service.engine;
  const at = given.lastIndexOf('--config');
  const path = given[at + 1];
  if (at < 0 || path === undefined || !readers.includes(name)) return [];
  const text = await textBelow(file.folder, path);
  if (text === undefined) return undefined;
  const document = parseDocument(text);
  const content: unknown = document.errors.length > 0 ? undefined : document.toJS();
  if (!isConfig(content))
    throw new ConfigurationError(
      `\`engine.arguments[${at + 1}]\` names ${path}, which must hold a mapping of arguments to values in YAML. Correct the file.`,
      file.place('engine', 'arguments', at + 1),
    );
  return Object.entries(content).flatMap(([key, value]) => wordsOf(key.replaceAll('_', '-'), value));
}

function wordsOf(key: string, value: unknown): string[] {
  if (value === true) return [`--${key}`];
  if (value === false) return [`--no-${key}`];
  if (Array.isArray(value)) return value.length === 0 ? [] : [`--${key}`, ...value.map(String)];
  return [`--${key}`, isConfig(value) ? JSON.stringify(value) : String(value)];
}

async function textBelow(folder: string, path: string): Promise<string | undefined> {
  const parts = posix
    .normalize(path)
    .split('/')
    .filter(part => part !== '' && part !== '..');
  for (const start of parts.keys()) {
    try {
      return await readFile(join(folder, ...parts.slice(start)), 'utf8');
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemErrorCode(error) ?? '')) throw error;
    }
  }
  return undefined;
}
