import { readFile } from 'node:fs/promises';
import { ConfigurationError, systemErrorCode } from '@fairway/service';
import * as z from 'zod';

/**
 * A JSON file that another job or action left, which may hold anything; undefined when there is none.
 * @param problem thrown when it is not what the schema says
 */
export async function readLeftFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  problem: ConfigurationError,
): Promise<z.output<Schema> | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error instanceof SyntaxError || error instanceof z.ZodError ? problem : error;
  }
}

/**
 * One that the job cannot do without.
 * @param action that writes it
 * @param advice where it has to come from, as a sentence
 * @throws ConfigurationError
 */
export async function requireLeftFile<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  action: string,
  advice: string,
): Promise<z.output<Schema>> {
  const problem = new ConfigurationError(`is not there, or is not what the action ${action} writes. ${advice}`, {
    file: path,
  });
  const left = await readLeftFile(path, schema, problem);
  if (left === undefined) throw problem;
  return left;
}
