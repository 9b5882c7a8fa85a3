import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compareEngines, machineFacts, processEngine } from '@fairway/compare';
import type { StartableEngine } from '@fairway/compare';
import { isCredentialName, redaction } from '@fairway/clients/redacted';
import { ConfigurationError, systemErrorCode } from '@fairway/service';
import type { ModelFacts } from '@fairway/service/model/facts';
import { readModelFacts } from '@fairway/service/model/local';
import { requireRegularFile } from '@fairway/service/regular-file';
import { comparisonMarkdown } from '@fairway/stage/comparison/chart';
import { comparisonSvg } from '@fairway/stage/comparison/picture';
import { comparisonSchema } from '@fairway/stage/comparison/record';
import type { Comparison } from '@fairway/stage/comparison/record';
import { parse } from './parse.ts';
import { besides, readCompareFile } from './compare-file.ts';
import type { CompareFile } from './compare-file.ts';

/** The port of the engine that is measured; there is one at a time. */
const port = 18_400;

/** Compares the engines of a file on this machine and writes the record; 0 when at least two were measured. */
export async function compareCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(argv, {
    out: { type: 'string' },
    markdown: { type: 'string' },
    svg: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0)
    throw new ConfigurationError(
      'fairway compare takes one file that describes the comparison. fairway --help explains it.',
    );
  const file = await readCompareFile(path);
  const machine = await machineFacts(file.machine);
  const there = machine.gpu?.count ?? 0;
  if (file.gpus > there)
    throw new ConfigurationError(
      `${path}: \`gpus\` is ${file.gpus}, and nvidia-smi finds ${there === 0 ? 'none' : `${there} of them`} on this machine. Run it where they are, or correct the number.`,
    );
  const id = `${new Date().toISOString().slice(0, 10)}-${file.name}`;
  const out = (values['out'] as string | undefined) ?? `${id}.json`;
  // a comparison takes long: what cannot be written is said before it
  for (const written of [out, values['markdown'], values['svg']])
    if (typeof written === 'string') await requireFolderOf(written);
  const earlier = await earlierRecord(out);
  const logs = await mkdtemp(join(tmpdir(), 'fairway-compare-'));
  const save = async (comparison: Comparison) => {
    await writeFile(`${out}.new`, `${JSON.stringify(comparison, null, 1)}\n`);
    await rename(`${out}.new`, out);
  };
  try {
    const model = await readModelFacts(besides(file, file.model.path));
    const engines = await Promise.all(
      file.engines.map((engine, at) => startable(file, engine, model, join(logs, `${at}.log`))),
    );
    const comparison = await compareEngines({
      id,
      machine,
      model: { name: file.model.name, digest: model.revision },
      notes: file.notes,
      engines,
      load: { ...file.load, objectives: file.objectives, timeout: file.load.timeout * 1000 },
      rates: file.rates,
      repeats: file.repeats,
      earlier,
      signal,
      say: line => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`),
      save,
    });
    await save(comparison);
    const markdown = comparisonMarkdown(comparison);
    if (typeof values['markdown'] === 'string') await writeFile(values['markdown'], markdown);
    if (typeof values['svg'] === 'string') await writeFile(values['svg'], comparisonSvg(comparison));
    process.stdout.write(values['json'] === true ? `${JSON.stringify(comparison)}\n` : `${markdown}\n${out}\n`);
    return comparison.contenders.filter(({ result }) => result.outcome === 'measured').length < 2 ? 1 : 0;
  } finally {
    await rm(logs, { recursive: true });
  }
}

function withoutCredentials(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, isCredentialName(name) ? redaction : value]),
  );
}

/**
 * What shows that weights are not of the same model, after a colon. Those of one format have one digest; of two formats the shape can be held
 * against each other, which a quantisation leaves as it is.
 */
function differenceOf(all: ModelFacts, own: ModelFacts): string | undefined {
  if (own.format === all.format)
    return own.revision === all.revision ? undefined : `its digest is ${own.revision}, and the model's ${all.revision}`;
  const [name] = shape.filter(one => own[one] !== undefined && all[one] !== undefined && own[one] !== all[one]);
  return name && `it has ${own[name]} as ${words[name]}, and the model ${all[name]}`;
}

const words = {
  hiddenSize: 'hidden size',
  heads: 'number of attention heads',
} as const;
const shape = Object.keys(words) as (keyof typeof words)[];

/** @throws ConfigurationError where a file would be in a folder that is not there */
async function requireFolderOf(file: string): Promise<void> {
  const folder = dirname(file);
  const found = await stat(folder).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return undefined;
    throw error;
  });
  if (!found?.isDirectory())
    throw new ConfigurationError(
      `${file} cannot be written: there is no folder ${folder}. Make it, or name another file.`,
    );
}

/**
 * The record that an earlier run left in the place of this one; undefined where there is none.
 * @throws ConfigurationError where the file holds something else, which would be lost
 */
async function earlierRecord(file: string): Promise<Comparison | undefined> {
  await requireRegularFile(file);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return comparisonSchema.parse(JSON.parse(text));
  } catch {
    throw new ConfigurationError(
      `${file} holds something other than a record of fairway compare, and would be overwritten. Name another file with --out, or remove it.`,
    );
  }
}

async function startable(
  file: CompareFile,
  engine: CompareFile['engines'][number],
  all: ModelFacts,
  log: string,
): Promise<StartableEngine> {
  const model = besides(file, engine.model ?? file.model.path);
  const own = engine.model === undefined ? all : await readModelFacts(model);
  const different = differenceOf(all, own);
  if (different !== undefined)
    throw new ConfigurationError(
      `${file.path}: the weights of ${engine.engine} in ${engine.model} are not those of the model in ${file.model.path}: ${different}. Engines are compared with one model; give this one the same weights.`,
    );
  const filled = (word: string) =>
    word.replaceAll('{model}', model).replaceAll('{port}', String(port)).replaceAll('{folder}', file.folder);
  const started = processEngine({
    engine: engine.engine,
    mode: engine.mode,
    version: engine.version,
    from: engine.from,
    weights: { format: own.format, digest: own.revision },
    command: engine.command,
    words: engine.command.map(filled),
    environment: Object.fromEntries(Object.entries(engine.environment).map(([name, value]) => [name, filled(value)])),
    port,
    model: filled(engine.servedModel),
    startupSeconds: engine.startupSeconds,
    gpus: file.gpus,
    log,
  });
  // as the command, it is recorded in the words of the file, which say nothing of this machine's folders
  return { ...started, environment: withoutCredentials(engine.environment) };
}
