import { resolve } from 'node:path';
import { logLevels, logStore } from '@fairway/clients/opensearch/index';
import type { LogLevel, LogLine, LogQuery } from '@fairway/clients/opensearch/index';
import { readState } from '@fairway/platform';
import { ConfigurationError, loadService } from '@fairway/service';
import { parse } from './parse.ts';

/** `fairway logs`: what gateway, firewall and engine wrote about a request or a service, the newest last. */
export async function logsCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(argv, {
    request: { type: 'string' },
    since: { type: 'string' },
    level: { type: 'string' },
    text: { type: 'string' },
    limit: { type: 'string' },
    json: { type: 'boolean' },
  });
  const given = values as Readonly<Partial<Record<string, string>>>;
  const query = await logQuery(positionals, given, new Date());
  const { lines, total } = await logStore(await storeUrl(process.env), signal).search(query);
  if (values['json']) process.stdout.write(lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  else process.stdout.write(lines.map(line => `${printed(line)}\n`).join(''));
  if (total > lines.length)
    process.stderr.write(`The newest ${lines.length} of ${total} lines; --limit shows more, --since fewer.\n`);
  else if (lines.length === 0) process.stderr.write(nothingFound(query));
  return 0;
}

/** @throws ConfigurationError for what cannot be searched for */
export async function logQuery(
  folders: readonly string[],
  given: Readonly<Partial<Record<string, string>>>,
  now: Date,
): Promise<LogQuery> {
  if (folders.length > 1 || (folders.length === 0 && !given['request']))
    throw new ConfigurationError(
      `fairway logs takes one service folder, or --request with the id of a request; found ${folders.length === 0 ? 'neither' : folders.map(text => `"${text}"`).join(', ')}.`,
    );
  const service = folders[0] === undefined ? undefined : await loadService(resolve(folders[0]));
  // a request is known by its id; of a service, the last hour
  const since = given['since'] ?? (given['request'] ? undefined : '1h');
  return {
    service: service && { namespace: service.namespace, name: service.name },
    requestId: given['request'],
    text: given['text'],
    level: levelOf(given['level']),
    since: since === undefined ? undefined : new Date(now.getTime() - milliseconds(since)),
    limit: limitOf(given['limit']),
  };
}

/** One line for people: time, level, who wrote it, version, tenant, what. */
export function printed(line: LogLine): string {
  const source = line.service ? `${line.service}${line.version ? `@${line.version}` : ''}` : line.pod;
  const facts = [
    line.tenant && `tenant ${line.tenant}`,
    line.durationMilliseconds !== undefined && `${line.durationMilliseconds} ms`,
    line.requestId && `request ${line.requestId}`,
  ].filter(Boolean);
  const text = [
    line.time.slice(0, 23).replace('T', ' '),
    line.level.toUpperCase().padEnd(5),
    line.dataset.padEnd(8),
    source,
    line.message,
    facts.length > 0 ? `(${facts.join(', ')})` : '',
  ].join('  ');
  // what a program wrote or a client sent, such as the id of a request, may hold anything, and a terminal obeys some of it
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ').trimEnd();
}

async function storeUrl(environment: NodeJS.ProcessEnv): Promise<string> {
  // by the environment only: it may hold a login
  const given = environment['FAIRWAY_LOGS_URL'];
  if (given) return given;
  const state = await readState();
  if (!state)
    throw new ConfigurationError(
      'The local platform is down, and FAIRWAY_LOGS_URL names no other log store: start the platform with fairway platform up, or set the variable to the address of your OpenSearch or Elasticsearch.',
    );
  if (!state.logs)
    throw new ConfigurationError(
      'The local platform runs without its log store; fairway platform up --with logs brings it.',
    );
  return state.logs.url;
}

function nothingFound({ requestId, since, level }: LogQuery): string {
  if (requestId)
    return `No line names the request ${requestId}. The id is in the answer's header x-request-id; lines are found a few seconds after they were written, until the retention of the store ends.\n`;
  return `No line${level ? ` of level ${level} or worse` : ''}${since ? ` since ${since.toISOString()}` : ''}; --since looks further back.\n`;
}

function levelOf(given: string | undefined): LogLevel | undefined {
  if (given === undefined) return undefined;
  const level = logLevels.find(name => name === given);
  if (level) return level;
  throw new ConfigurationError(`--level takes ${logLevels.join(', ')}; found "${given}".`);
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function milliseconds(given: string): number {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  if (count && unit) return Number(count) * units[unit]!;
  throw new ConfigurationError(`--since takes a number with s, m, h or d, such as 30m; found "${given}".`);
}

function limitOf(given: string | undefined): number {
  const limit = Number(given ?? 200);
  // the store's own limit for one answer
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new ConfigurationError(`--limit takes a number of lines from 1 to 10000; found "${given}".`);
}
