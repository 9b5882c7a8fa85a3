import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { requireRegularFile } from '@fairway/service/regular-file';
import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import type { TraceEntry } from './arrivals.ts';

export interface Trace {
  readonly entries: readonly TraceEntry[];
  /** Requests that failed when they were recorded: nobody knows how long their answers would have been, so they are left out. */
  readonly failed: number;
}

/** A line of a recording as it is, `at` in milliseconds of its clock. */
type Line = (line: string) => TraceEntry & { readonly failed?: boolean };

/**
 * Reads a recording of traffic as it was published: Mooncake's JSON lines (`timestamp` in milliseconds, `input_length`, `output_length`), the CSV of
 * Azure's LLM inference traces (TIMESTAMP, ContextTokens, GeneratedTokens), or that of BurstGPT (Timestamp in seconds, Request tokens, Response tokens).
 * The order of the columns does not matter, and others may be there. Line by line: a week of Azure is longer than a text may be.
 * @throws ConfigurationError with the line that cannot be read
 */
export async function readTrace(file: string): Promise<Trace> {
  await requireRegularFile(file);
  const entries: TraceEntry[] = [];
  let read: Line | undefined;
  let number = 0;
  let failed = 0;
  const input = createReadStream(file);
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number++;
      if (line.trim() === '') continue;
      if (read === undefined) {
        const begin = line.replace(/^\ufeff/, '').trimStart();
        read = begin.startsWith('{') ? fromJson : columnsOf(begin, file, number);
        if (read !== fromJson) continue;
      }
      const entry = read(line);
      if (![entry.at, entry.promptTokens, entry.outputTokens].every(value => Number.isFinite(value) && value >= 0))
        throw new ConfigurationError(reasonOf('trace.line', { found: line.slice(0, 120) }), { file, line: number });
      if (entry.failed) failed++;
      else entries.push(entry);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ConfigurationError(reasonOf('trace.unread', { errno: code }), { file });
  } finally {
    input.destroy();
  }
  if (entries.length === 0) throw new ConfigurationError(reasonOf('trace.empty'), { file });
  entries.sort((a, b) => a.at - b.at);
  const first = entries[0]!.at;
  return {
    entries: entries.map(({ at, promptTokens, outputTokens }) => ({
      at: at - first,
      promptTokens: tokens(promptTokens),
      outputTokens: tokens(outputTokens),
    })),
    failed,
  };
}

/** No API can be asked for an answer of no token. */
function tokens(count: number): number {
  return Math.max(1, Math.round(count));
}

function fromJson(line: string): TraceEntry {
  try {
    const { timestamp, input_length, output_length } = (JSON.parse(line.trim()) ?? {}) as Record<string, unknown>;
    return { at: counted(timestamp), promptTokens: counted(input_length), outputTokens: counted(output_length) };
  } catch (error) {
    if (error instanceof SyntaxError) return { at: NaN, promptTokens: NaN, outputTokens: NaN };
    throw error;
  }
}

/** What is absent or empty is no 0. */
function counted(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

/** How the lines below a head are read. */
function columnsOf(head: string, file: string, line: number): Line {
  const names = cells(head).map(name => name.toLowerCase());
  const at = (...wanted: readonly string[]) => {
    const found = wanted.map(name => names.indexOf(name));
    return found.includes(-1) ? undefined : found;
  };
  const azure = at('timestamp', 'contexttokens', 'generatedtokens');
  if (azure) {
    const [time, prompt, answer] = azure as [number, number, number];
    return text => {
      const values = cells(text);
      return {
        at: timeOf(values[time] ?? ''),
        promptTokens: counted(values[prompt]),
        outputTokens: counted(values[answer]),
      };
    };
  }
  const burst = at('timestamp', 'request tokens', 'response tokens');
  if (burst) {
    const [time, prompt, answer] = burst as [number, number, number];
    return text => {
      const values = cells(text);
      const outputTokens = counted(values[answer]);
      return {
        at: 1000 * counted(values[time]),
        promptTokens: counted(values[prompt]),
        outputTokens,
        failed: outputTokens === 0,
      };
    };
  }
  throw new ConfigurationError(reasonOf('trace.head', { found: head.slice(0, 120) }), { file, line });
}

function cells(line: string): readonly string[] {
  return line.split(',').map(cell => cell.trim().replace(/^"(.*)"$/, '$1'));
}

/** Milliseconds. Azure writes seven digits of a second without a zone, or six with one, and none of a whole second. */
function timeOf(text: string): number {
  return Date.parse(`${/^[\d-]+[ T][\d:]+(\.\d{1,3})?/.exec(text)?.[0].replace(' ', 'T')}Z`);
}
