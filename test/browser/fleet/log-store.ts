import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Running } from './programs.ts';
import { namespace, released } from './services.ts';

/** A document as the shipper writes it. */
type Line = Readonly<Record<string, unknown>> & { readonly '@timestamp': string };

/** A condition of a search; those that the portal asks by. */
interface Filter {
  readonly term?: Readonly<Record<string, string>>;
  readonly match?: { readonly message: { readonly query: string } };
  readonly range?: { readonly '@timestamp': { readonly gte: string } };
  readonly bool?: {
    readonly should?: readonly Filter[];
    readonly must_not?: { readonly terms: { readonly 'log.level': readonly string[] } };
  };
}

/** Answers the searches of the portal as an OpenSearch does, from lines that no program wrote. */
export async function startLogStore(): Promise<Running & { url: string }> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => (body += chunk));
    request.on('end', () => {
      const { size, query } = JSON.parse(body) as { size: number; query: { bool: { filter: readonly Filter[] } } };
      const found = simulatedLines(new Date()).filter(line => query.bool.filter.every(filter => holds(line, filter)));
      const newest = found.toSorted((one, other) => other['@timestamp'].localeCompare(one['@timestamp']));
      const hits = newest.slice(0, size).map(_source => ({ _source }));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ hits: { total: { value: found.length }, hits } }));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function holds(line: Line, { term, match, range, bool }: Filter): boolean {
  if (term) return Object.entries(term).every(([path, value]) => valueAt(line, path) === value);
  if (match) {
    const message = String(line['message']).toLowerCase();
    return match.message.query
      .toLowerCase()
      .split(/\s+/)
      .every(word => message.includes(word));
  }
  if (range) return line['@timestamp'] >= range['@timestamp'].gte;
  if (bool?.must_not) return !bool.must_not.terms['log.level'].includes(String(valueAt(line, 'log.level')));
  return bool?.should?.some(one => holds(line, one)) ?? true;
}

function valueAt(line: Line, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], line);
}

/** What the gateway, the engine and the firewall said of `chat` in the last hour: a request every twenty seconds, one in thirteen slow, one in 29 denied. */
function simulatedLines(now: Date): readonly Line[] {
  return Array.from({ length: 180 }, (_, back) => {
    // a request stays the same while it gets older
    const slot = Math.floor(now.getTime() / 20_000) - back;
    const at = new Date(slot * 20_000);
    const [slow, denied] = [slot % 13 === 5, slot % 29 === 11];
    const id = `${((slot * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0')}-9e31-4b7d-9c2a-6e10d4a7b3f2`;
    const request = { request: { id } };
    const service = { name: 'chat', namespace, version: released };
    const line = (offset: number, dataset: string, level: string, message: string, more: object): Line => ({
      '@timestamp': new Date(at.getTime() + offset).toISOString(),
      ...{ message, log: { level }, event: { dataset }, http: request, service, ...more },
    });
    const gateway = { kubernetes: { namespace: 'gateway', pod: { name: 'envoy-7c9d' } }, container: { name: 'envoy' } };
    const engine = { kubernetes: { namespace, pod: { name: `chat-${slot % 5}` } }, container: { name: 'engine' } };
    const user = { id: ['web', 'mobile', 'support', 'batch'][slot % 4] };
    if (denied)
      return [
        line(0, 'waf', 'warn', 'Inbound Anomaly Score Exceeded (Total Score: 5)', gateway),
        line(4, 'access', 'warn', 'POST /v1/chat/completions 403', {
          ...{ ...gateway, user, http: { ...request, response: { status_code: 403 } } },
          fairway: { duration_ms: 4, denied_by: 'waf' },
        }),
      ];
    const duration = slow ? 11_400 : 2600 + (slot % 9) * 120;
    return [
      ...(slow ? [line(900, 'engine', 'warn', 'The KV cache is 98 % full: a sequence is preempted.', engine)] : []),
      line(duration - 20, 'engine', 'info', `Finished request ${id}: 412 prompt tokens, 140 output tokens.`, engine),
      line(duration, 'access', 'info', 'POST /v1/chat/completions 200', {
        ...{ ...gateway, user, gen_ai: { request: { model: 'chat' } } },
        http: { ...request, response: { status_code: 200 } },
        fairway: { duration_ms: duration, first_byte_ms: slow ? 1900 : 170 + (slot % 7) * 12 },
      }),
    ];
  }).flat();
}
