/** How an engine says that it came to an end; others (`abort`, `error`) are ends too, but of no answer. */
const ends: readonly unknown[] = ['stop', 'length', 'tool_calls', 'function_call', 'content_filter'];

interface Piece {
  readonly error?: unknown;
  readonly choices?: readonly { readonly finish_reason?: unknown }[];
  readonly data?: unknown;
}

/** Whether this is a whole answer without an error, which may be given again. */
export function isWholeAnswer(type: string, body: Buffer): boolean {
  const kind = type.split(';')[0]?.trim();
  if (kind === 'application/json') {
    const piece = parsed(body.toString());
    return piece !== undefined && piece.error === undefined && (ended([piece]) || Array.isArray(piece.data));
  }
  if (kind !== 'text/event-stream') return false;
  const events = body
    .toString()
    .split(/\r?\n/)
    .filter(line => line.startsWith('data:'))
    .map(line => line.slice('data:'.length).trim());
  if (events.pop() !== '[DONE]') return false;
  const pieces = events.map(parsed);
  return pieces.every(piece => piece !== undefined && piece.error === undefined) && ended(pieces as readonly Piece[]);
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
