import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { requireRegularFile } from '@fairway/service/regular-file';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { TraceEntry } from './arrivals.ts';

/**
 * Reads a recording of traffic: a JSON object a line with `timestamp` in milliseconds, `input_length` and `output_length`, as Mooncake's
 * traces have them, or CSV with the columns TIMESTAMP, ContextTokens and GeneratedTokens, as those of Azure have them.
 * @throws ConfigurationError with the line that cannot be read
 */
export async function readTrace(file: string): Promise<readonly TraceEntry[]> {
  await requireRegularFile(file);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigurationError(reasonOf('trace.unread', { errno: error.code ?? '' }), {
      file,
    });
  });
  const lines = text.split(/\r?\n/);
  const csv = !lines[0]?.trimStart().startsWith('{');
  const columns = csv ? (lines[0] ?? '').split(',').map(name => name.trim().toLowerCase()) : [];
  const entries = lines.flatMap((line, index) => {
    if (line.trim() === '' || (csv && index === 0)) return [];
    const entry = csv ? fromCsv(line, columns) : fromJson(line);
    if (Object.values(entry).every(value => Number.isFinite(value) && value >= 0)) return [entry];
    throw new ConfigurationError(reasonOf('trace.line', { found: line.slice(0, 120) }), { file, line: index + 1 });
  });
  if (entries.length === 0) throw new ConfigurationError(reasonOf('trace.empty'), { file });
  entries.sort((a, b) => a.at - b.at);
  const first = entries[0]!.at;
  // no API can be asked for an answer of no token
  const tokens = (count: number) => Math.max(1, Math.round(count));
  return entries.map(({ at, promptTokens, outputTokens }) => ({
    at: at - first,
    promptTokens: tokens(promptTokens),
    outputTokens: tokens(outputTokens),
  }));
}

function fromJson(line: string): TraceEntry {
  try {
    const { timestamp, input_length, output_length } = (JSON.parse(line.trim()) ?? {}) as Record<string, unknown>;
    return { at: Number(timestamp), promptTokens: Number(input_length), outputTokens: Number(output_length) };
  } catch (error) {
    if (error instanceof SyntaxError) return { at: NaN, promptTokens: NaN, outputTokens: NaN };
    throw error;
  }
}

function fromCsv(line: string, columns: readonly string[]): TraceEntry {
  const values = line.split(',');
  const column = (name: string) => values[columns.indexOf(name)]?.trim() ?? '';
  return {
    // Azure writes seven digits of a second without a zone, or six with one, and none of a whole second
    at: Date.parse(`${/^[\d-]+[ T][\d:]+(\.\d{1,3})?/.exec(column('timestamp'))?.[0].replace(' ', 'T')}Z`),
    promptTokens: Number(column('contexttokens') || NaN),
    outputTokens: Number(column('generatedtokens') || NaN),
  };
}
