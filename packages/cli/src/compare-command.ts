import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareEngines, machineFacts, processEngine } from '@fairway/compare';
import type { StartableEngine } from '@fairway/compare';
import { ConfigurationError } from '@fairway/service';
import { readModelFacts } from '@fairway/service/model/local';
import { comparisonMarkdown } from '@fairway/stage/comparison/chart';
import { comparisonSvg } from '@fairway/stage/comparison/picture';
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
  const id = `${new Date().toISOString().slice(0, 10)}-${file.name}`;
  const out = (values['out'] as string | undefined) ?? `${id}.json`;
  const logs = await mkdtemp(join(tmpdir(), 'fairway-compare-'));
  const save = async (comparison: Comparison) => {
    await writeFile(`${out}.new`, `${JSON.stringify(comparison, null, 1)}\n`);
    await rename(`${out}.new`, out);
  };
  try {
    const { revision } = await readModelFacts(besides(file, file.model.path));
    const comparison = await compareEngines({
      id,
      machine,
      model: { name: file.model.name, digest: revision },
      notes: file.notes,
      engines: await Promise.all(file.engines.map((engine, at) => startable(file, engine, join(logs, `${at}.log`)))),
      load: { ...file.load, objectives: file.objectives, timeout: file.load.timeout * 1000 },
      rates: file.rates,
      repeats: file.repeats,
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

async function startable(
  file: CompareFile,
  engine: CompareFile['engines'][number],
  log: string,
): Promise<StartableEngine> {
  const model = besides(file, engine.model ?? file.model.path);
  const { revision, format } = await readModelFacts(model);
  const filled = (word: string) =>
    word.replaceAll('{model}', model).replaceAll('{port}', String(port)).replaceAll('{folder}', file.folder);
  const started = processEngine({
    engine: engine.engine,
    mode: engine.mode,
    version: engine.version,
    from: engine.from,
    weights: { format, digest: revision },
    command: engine.command.map(filled),
    environment: Object.fromEntries(Object.entries(engine.environment).map(([name, value]) => [name, filled(value)])),
    port,
    model: filled(engine.servedModel),
    startupSeconds: engine.startupSeconds,
    gpus: file.gpus,
    log,
  });
  // the record holds the words of the file, which say nothing of this machine's folders
  return { ...started, command: engine.command };
}
