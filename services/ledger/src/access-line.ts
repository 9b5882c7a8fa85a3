/** What the ledger stores of one request. Times are milliseconds. */
export interface Usage {
  /** Of the line in the gateway's log, so that the same line read twice is one row. */
  readonly id: string;
  /** When the request came, ISO 8601 in UTC with microseconds. */
  readonly at: string;
  readonly request_id: string;
  /** `sub` of the verified token, or the client that it was given to where it has none. */
  readonly subject: string;
  readonly namespace: string;
  readonly service: string;
  /** Team that the service belongs to. */
  readonly owner: string;
  readonly operation: string;
  readonly version: string | null;
  /** null where the gateway saw none, like both counts of tokens. */
  readonly model: string | null;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
  /** `usage` of the engine; `events` of the stream where the engine says none, and then a token is an event at least. */
  readonly counted_by: string | null;
  /** To the first token of a stream that is not empty; null for other answers, and for streams without one. */
  readonly ttft_ms: number | null;
  readonly duration_ms: number;
  readonly status: number;
  /** Envoy's response flags: why an answer is not what the engine gave, such as DC when the client hung up. */
  readonly flags: string | null;
  readonly cache: string | null;
}

/** `none` is a line that counts no use: of no service, or by nobody who was let in. */
export type ReadLine = Usage | 'none' | 'unreadable';

const idForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
/** Over any name that Kubernetes or a token has; a longer one is cut, the request counts all the same. */
const longest = 256;

/** Reads a line of the gateway's access log (its form is in the EnvoyProxy object of the gateway). */
export function readAccessLine(text: string): ReadLine {
  const line = parsed(text);
  if (!line) return 'unreadable';
  const { id, time, status } = line;
  if (typeof id !== 'string' || !idForm.test(id) || typeof time !== 'string' || !timeForm.test(time))
    return 'unreadable';
  const route = routeOf(line['route']);
  const subject = name(line['subject']);
  if (!route || subject === null) return 'none';
  const usage = record(line['usage']) ?? {};
  return {
    id,
    at: time,
    request_id: name(line['request_id']) ?? '',
    subject,
    ...route,
    operation: name(line['path']) ?? '',
    version: name(line['version']),
    model: name(line['model']),
    ...tokens(usage),
    ttft_ms: sinceStart(time, count(line['first_token'])),
    duration_ms: count(line['duration_ms']) ?? 0,
    status: count(status) ?? 0,
    flags: name(line['flags']),
    cache: name(line['cache']),
  };
}

/** The gateway sets the total for every request, so a count is one only where it says by what. */
function tokens(usage: Readonly<Record<string, unknown>>) {
  const counted_by = name(usage['counted_by']);
  return {
    prompt_tokens: counted_by === 'usage' ? count(usage['prompt_tokens']) : null,
    completion_tokens: counted_by ? count(usage[counted_by === 'usage' ? 'completion_tokens' : 'total_tokens']) : null,
    counted_by,
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return record(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The service and its owner, where the route says them; Envoy Gateway hands the route's annotations on. */
function routeOf(value: unknown): Pick<Usage, 'namespace' | 'service' | 'owner'> | undefined {
  const route = Array.isArray(value) ? record(value[0]) : undefined;
  const annotations = record(route?.['annotations']);
  const [namespace, service, owner] = [route?.['namespace'], annotations?.['service'], annotations?.['owner']].map(
    name,
  );
  return namespace && service && owner ? { namespace, service, owner } : undefined;
}

function record(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** null for what Envoy writes where there is nothing. PostgreSQL has no NUL in a text, nor half of a character: cutting may leave one. */
function name(value: unknown): string | null {
  if (typeof value !== 'string' || value === '' || value === '-') return null;
  return value.replaceAll('\0', '').slice(0, longest).toWellFormed();
}

/** null for what is none, and for what no column holds. */
function count(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= Number.MAX_SAFE_INTEGER ? Math.round(number) : null;
}

/** @param microseconds since 1970 */
function sinceStart(start: string, microseconds: number | null): number | null {
  if (microseconds === null) return null;
  const begun = Date.parse(start) * 1000 + Number(start.slice(-4, -1));
  return microseconds < begun ? null : Math.round((microseconds - begun) / 1000);
}
