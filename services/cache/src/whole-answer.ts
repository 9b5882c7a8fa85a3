import { createParser } from 'eventsource-parser';

/** How an engine says that it came to an end, `stop_sequence` is TGI's for a stop word; others (`abort`, `error`) are ends too, but of no answer. */
const ends: readonly unknown[] = ['stop', 'stop_sequence', 'length', 'tool_calls', 'function_call', 'content_filter'];

interface Piece {
  readonly error?: unknown;
  readonly choices?: readonly { readonly finish_reason?: unknown }[];
  readonly data?: unknown;
  /** Of the Responses API: a whole answer, or an event of a stream. */
  readonly object?: unknown;
  readonly status?: unknown;
  readonly type?: unknown;
  readonly response?: Piece;
}

/** Whether this is a whole answer without an error, which may be given again. */
export function isWholeAnswer(type: string, body: Buffer): boolean {
  const kind = type.split(';')[0]?.trim().toLowerCase();
  if (kind === 'application/json') {
    const piece = parsed(body.toString());
    if (piece && isCompleted(piece)) return true;
    return (
      piece !== undefined && (piece.error ?? undefined) === undefined && (ended([piece]) || Array.isArray(piece.data))
    );
  }
  if (kind !== 'text/event-stream') return false;
  const events = eventsOf(body.toString());
  const last = events.at(-1);
  const done = last === '[DONE]';
  const pieces = (done ? events.slice(0, -1) : events).map(parsed);
  if (pieces.some(piece => typeof piece?.type === 'string')) return isWholeResponse(pieces);
  if (!done) return false;
  return (
    pieces.every(piece => piece !== undefined && (piece.error ?? undefined) === undefined) &&
    ended(pieces as readonly Piece[])
  );
}

function eventsOf(body: string): readonly string[] {
  const events: string[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      // an empty one keeps the connection alive
      if (data.trim() !== '') events.push(data.trim());
    },
    // llama.cpp before September 2025 sends a line `error: {…}`, which cannot be read as an event
    onError: ({ field = '' }) => void (field === 'error' && events.push(field)),
  });
  // the last one may lack the blank line behind it
  parser.feed(`${body}\n\n`);
  return events;
}

/** Each event names its kind, and the last one has the whole answer. `[DONE]` may follow. */
function isWholeResponse(pieces: readonly (Piece | undefined)[]): boolean {
  const last = pieces.at(-1);
  return (
    pieces.every(piece => piece !== undefined && piece.type !== 'error' && piece.type !== 'response.failed') &&
    last?.type === 'response.completed' &&
    last.response !== undefined &&
    isCompleted(last.response)
  );
}

/** An answer of the Responses API has `error` in any case. One that is incomplete may be shorter than the model would have it for many reasons. */
function isCompleted({ object, status, error }: Piece): boolean {
  return object === 'response' && status === 'completed' && (error ?? undefined) === undefined;
}

function ended(pieces: readonly Piece[]): boolean {
  const reasons = pieces.flatMap(({ choices = [] }) => choices.map(choice => choice.finish_reason ?? undefined));
  const given = reasons.filter(reason => reason !== undefined);
  return given.length > 0 && given.every(reason => ends.includes(reason));
}

function parsed(text: string): Piece | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Piece) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
