import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { addressBelow } from '../address.ts';
import { send } from '../request.ts';
import { ToolError } from '../tool-error.ts';

/** How bad a line is. A search for one finds the worse ones too. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogQuery {
  /** Lines of this service: its requests at the gateway and what its engine wrote. */
  readonly service?: { readonly name: string; readonly namespace?: string };
  /** Lines that name this request, whoever wrote them. */
  readonly requestId?: string;
  /** Lines that hold these words. */
  readonly text?: string;
  /** The mildest level; default: every line. */
  readonly level?: LogLevel;
  /** Default: as far back as the store reaches. */
  readonly since?: Date;
  /** The newest so many are given. */
  readonly limit: number;
}

/** A line of a log. What a line does not say is undefined. */
export interface LogLine {
  /** RFC 3339 in UTC, with nanoseconds. */
  readonly time: string;
  readonly level: string;
  /** `access`, `firewall`, `engine` or `system`. */
  readonly dataset: string;
  readonly message: string;
  readonly requestId?: string;
  readonly service?: string;
  readonly version?: string;
  readonly tenant?: string;
  readonly model?: string;
  readonly status?: number;
  readonly durationMilliseconds?: number;
  readonly firstByteMilliseconds?: number;
  /** Who ended the request where the version did not: `authentication`, `authorization`, `firewall`, `rate limit`. */
  readonly deniedBy?: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface LogSearch {
  /** The newest lines that match, the oldest of them first. */
  readonly lines: readonly LogLine[];
  /** How many match in all; counted up to 10,000. */
  readonly total: number;
}

/** A store of logs with the API that OpenSearch and Elasticsearch share. */
export interface LogStore {
  /** @throws ToolError when it does not answer or rejects the question */
  search(query: LogQuery): Promise<LogSearch>;
}

const indices = 'fairway-logs-*';
const advice = reasonOf('logStore.check');

/** @param url base address, such as http://127.0.0.1:9200; it may have a login */
export function logStore(url: string, signal?: AbortSignal): LogStore {
  return {
    async search(query) {
      const address = addressBelow(url, `/${indices}/_search?ignore_unavailable=true`);
      const text = await send({
        tool: 'log store',
        url: address,
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify(searchBody(query)),
        signal,
        // it changes nothing, so it may be asked again
        attempts: 3,
        advice,
      });
      const { hits } = parsed(text, address);
      return { lines: hits.hits.map(({ _source }) => line(_source)).reverse(), total: hits.total.value };
    },
  };
}

interface Answer {
  readonly hits: { readonly total: { readonly value: number }; readonly hits: readonly { readonly _source: Source }[] };
}

/** A document as the shipper writes it, by the Elastic Common Schema. */
interface Source {
  readonly '@timestamp': string;
  readonly message?: string;
  readonly log?: { readonly level?: string };
  readonly event?: { readonly dataset?: string };
  readonly http?: {
    readonly request?: { readonly id?: string };
    readonly response?: { readonly status_code?: number };
  };
  readonly service?: { readonly name?: string; readonly version?: string };
  readonly user?: { readonly id?: string };
  readonly gen_ai?: { readonly request?: { readonly model?: string } };
  readonly fairway?: { readonly duration_ms?: number; readonly first_byte_ms?: number; readonly denied_by?: string };
  readonly kubernetes?: { readonly namespace?: string; readonly pod?: { readonly name?: string } };
  readonly container?: { readonly name?: string };
}

function searchBody({ service, requestId, text, level, since, limit }: LogQuery) {
  const filter: object[] = [];
  if (service) {
    filter.push({ term: { 'service.name': service.name } });
    const { namespace } = service;
    // a line of the gateway names the service's namespace beside its own, which says nothing of the service then
    const unnamed = { must_not: { exists: { field: 'service.namespace' } } };
    const inPlace = { bool: { filter: { term: { 'kubernetes.namespace': namespace } }, ...unnamed } };
    if (namespace) filter.push({ bool: { should: [{ term: { 'service.namespace': namespace } }, inPlace] } });
  }
  if (requestId) filter.push({ term: { 'http.request.id': requestId } });
  if (text) filter.push({ match: { message: { query: text, operator: 'and' } } });
  // programs have levels of their own above the last one, such as fatal
  if (level) filter.push({ bool: { must_not: { terms: { 'log.level': milder(level) } } } });
  if (since) filter.push({ range: { '@timestamp': { gte: since.toISOString() } } });
  return { size: limit, sort: [{ '@timestamp': 'desc' }], query: { bool: { filter } } };
}

function milder(level: LogLevel): readonly string[] {
  return ['trace', ...logLevels.slice(0, logLevels.indexOf(level))];
}

function line(source: Source): LogLine {
  return {
    time: utc(source['@timestamp']),
    level: source.log?.level ?? 'info',
    dataset: source.event?.dataset ?? 'system',
    message: source.message ?? '',
    requestId: source.http?.request?.id,
    service: source.service?.name,
    version: source.service?.version,
    tenant: source.user?.id,
    model: source.gen_ai?.request?.model,
    status: source.http?.response?.status_code,
    durationMilliseconds: source.fairway?.duration_ms,
    firstByteMilliseconds: source.fairway?.first_byte_ms,
    deniedBy: source.fairway?.denied_by,
    namespace: source.kubernetes?.namespace ?? '',
    pod: source.kubernetes?.pod?.name ?? '',
    container: source.container?.name ?? '',
  };
}

/** A container runtime may write the time of its node's zone, with the offset: lines of two nodes would be in the order of the clocks on their walls. */
function utc(time: string): string {
  const at = new Date(time);
  // the store takes a time that is none, and an offset has whole minutes, so the fraction of the second stays
  if (time.endsWith('Z') || Number.isNaN(at.getTime())) return time;
  return `${at.toISOString().slice(0, 19)}${/\.\d+/.exec(time)?.[0] ?? ''}Z`;
}

function parsed(text: string, address: string): Answer {
  try {
    const answer = JSON.parse(text) as Answer;
    if (Array.isArray(answer.hits?.hits)) return answer;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // a login page or a proxy's own words
  throw new ToolError('log store', `POST ${address}`, undefined, reasonOf('logStore.noSearch'), advice);
}
