import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ConfigurationError, engineNames, systemErrorCode } from '@fairway/service';
import { requireRegularFile } from '@fairway/service/regular-file';

const engineSchema = z.strictObject({
  engine: z.enum(engineNames),
  /** How it runs where it has several ways. */
  mode: z.string().optional(),
  version: z.string(),
  /** What it runs from: an image by digest, or packages. */
  from: z.string(),
  /** Words that start it on this machine; `{model}`, `{port}` and `{folder}` (of this file) are filled in. */
  command: z.array(z.string()).min(1),
  environment: z.record(z.string(), z.string()).default({}),
  /** Weights as this engine reads them: a path from this file. Default: the model's. */
  model: z.string().optional(),
  /** The name by which requests name the model, with the same words filled in. */
  servedModel: z.string(),
  startupSeconds: z.number().positive().default(300),
});

/** They start an engine outside of the processes whose time and memory are counted. */
const containers = /(^|\/)(docker|podman|nerdctl)$/;

const compareFileSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be lower-case letters, digits, dots and hyphens'),
  model: z.strictObject({
    name: z.string(),
    /** Folder of safetensors, or file, from this file: its digest is the model's revision. */
    path: z.string(),
  }),
  load: z.strictObject({
    promptTokens: z.int().positive(),
    outputTokens: z.int().positive(),
    /** Seconds of one rate. */
    seconds: z.number().positive().default(10),
    /** Requests of one rate at least. */
    requests: z.int().positive().default(20),
    /** Seconds until one request is given up. */
    timeout: z.number().positive().default(60),
  }),
  objectives: z.strictObject({
    timeToFirstToken: z.number().positive(),
    timePerOutputToken: z.number().positive(),
    goodput: z.number().positive().max(100),
  }),
  rates: z
    .strictObject({
      start: z.number().positive(),
      least: z.number().positive(),
      most: z.number().positive(),
      refinements: z.int().nonnegative().default(2),
    })
    .refine(({ start, least, most }) => least <= start && start <= most, 'start must lie between least and most'),
  repeats: z.int().positive().default(3),
  /** GPUs that each engine uses; 0 for none. */
  gpus: z.int().nonnegative().default(0),
  /** How people call such a machine. */
  machine: z.string().optional(),
  notes: z.array(z.string()).default([]),
  engines: z
    .array(engineSchema)
    .min(1)
    .refine(
      engines =>
        new Set(engines.map(({ engine, mode, version }) => `${engine}\n${mode}\n${version}`)).size === engines.length,
      'two have the same engine, mode and version, so nobody could tell their figures apart; give each a mode',
    ),
});

export type CompareFile = z.output<typeof compareFileSchema> & { readonly path: string; readonly folder: string };

/** @throws ConfigurationError that names what does not fit */
export async function readCompareFile(path: string): Promise<CompareFile> {
  await requireRegularFile(path);
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new ConfigurationError(
      `${path} cannot be read (${systemErrorCode(error) ?? String(error)}). Name the file that describes the comparison; docs/comparisons.md shows one.`,
    );
  });
  let value: unknown;
  try {
    value = parse(content);
  } catch (error) {
    throw new ConfigurationError(`${path} is not valid YAML: ${(error as Error).message}`);
  }
  const parsed = compareFileSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigurationError(
      `${path}: \`${issue!.path.join('.') || 'the file'}\`: ${issue!.message}. docs/comparisons.md explains the fields.`,
    );
  }
  const hidden = parsed.data.gpus === 0 && parsed.data.engines.find(({ command }) => containers.test(command[0] ?? ''));
  if (hidden)
    throw new ConfigurationError(
      `${path}: ${hidden.engine} is started by ${hidden.command[0]}, in whose container nothing counts the processor time and memory that it takes, so its efficiency would be wrong. Run its program itself, or run fairway compare inside of its image.`,
    );
  return { ...parsed.data, path, folder: dirname(resolve(path)) };
}

/** A path of the file from where the file is. */
export function besides(file: CompareFile, path: string): string {
  return join(file.folder, path);
}
