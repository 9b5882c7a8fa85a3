/** A line of a log in JSON, under the names of TGI (tracing-subscriber) and of vLLM (python-json-logger). */
interface JsonLine {
  readonly level?: unknown;
  readonly levelname?: unknown;
  readonly message?: unknown;
  readonly fields?: { readonly message?: unknown };
  /** A traceback. */
  readonly exc_info?: unknown;
}

/** The log with its lines of JSON as an engine writes them without: level and message, whose lines are lines of the log. */
export function withoutJson(log: string): string {
  return log
    .split('\n')
    .flatMap(line => (line.startsWith('{') ? (readable(line) ?? [line]) : [line]))
    .join('\n');
}

function readable(line: string): readonly string[] | undefined {
  const { level, levelname, message, fields, exc_info } = parsed(line);
  const texts = [fields?.message ?? message, exc_info].filter(text => typeof text === 'string');
  if (texts.length === 0) return undefined;
  const [first = '', ...rest] = texts.flatMap(text => text.split('\n')).filter(text => text.trim() !== '');
  const name = level ?? levelname;
  if (typeof name !== 'string') return [first, ...rest];
  // a message that is no error is none in all its lines
  const whole = /^(?:error|critical|fatal)$/i.test(name) ? rest : rest.map(text => `${name} ${text}`);
  return [`${name} ${first}`, ...whole];
}

function parsed(line: string): JsonLine {
  try {
    return JSON.parse(line) as JsonLine;
  } catch (error) {
    // a line that was cut
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
