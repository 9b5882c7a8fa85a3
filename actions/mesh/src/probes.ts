import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitsTokens, operations } from '@fairway/service';
import type { Operation, Service } from '@fairway/service';
import type { InferenceEndpoint } from '@fairway/clients/inference/index';
import { revisionHeader } from '@fairway/clients/kubernetes/names';
import { english, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { operationPaths } from '@fairway/targets/gateway/operations';

/** Tokens of a client that may ask for both scopes. */
export interface ProbeTokens {
  readonly chat: string;
  /** May list models and no more; absent where the issuer gives the client the same rights in every token. */
  readonly models?: string;
  /** One for each role that the client has. */
  readonly roles: readonly RoleToken[];
}

/** A token that holds a role, and all that it allows by this and its other rights. */
export interface RoleToken {
  readonly role: string;
  readonly token: string;
  readonly allowed: readonly Operation[];
}

export interface Probe {
  readonly name: Reason | string;
  /** What must be seen, in words. */
  readonly expected: Reason | string;
  /** What was seen; `holds` says whether it is what must be. */
  attempt(): Promise<{ readonly holds: boolean; readonly seen: Reason | string }>;
}

export interface ProbeResult {
  readonly name: string;
  readonly expected: string;
  readonly seen: string;
  /** Those of the three that have a code. */
  readonly coded: Partial<Record<'name' | 'expected' | 'seen', Reason>>;
  readonly holds: boolean;
  readonly attempts: number;
  readonly milliseconds: number;
}

type Said = Readonly<Record<'name' | 'expected' | 'seen', Reason | string>>;

/** What a probe found, in words and in codes. */
export function probeResult(said: Said, found: Pick<ProbeResult, 'holds' | 'attempts' | 'milliseconds'>): ProbeResult {
  const entries = Object.entries(said).filter(([, part]) => typeof part === 'object');
  return {
    ...{ name: english(said.name), expected: english(said.expected), seen: english(said.seen) },
    coded: Object.fromEntries(entries) as ProbeResult['coded'],
    ...found,
  };
}

const cacheHeader = 'x-fairway-cache';
const chatPath = '/v1/chat/completions';

/** One probe for each thing that the gateway must do for this service, all against one version. */
export function probes(
  endpoint: InferenceEndpoint,
  service: Service,
  revision: string,
  tokens: ProbeTokens,
  options: { readonly expectDone: boolean; readonly signal: AbortSignal },
): readonly Probe[] {
  const headers = (token?: string) => ({
    [revisionHeader]: revision,
    ...(service.access.hostname ? { host: service.access.hostname } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  });
  const chat = (content: string, model = service.model.name) =>
    JSON.stringify({ model, max_tokens: 4, messages: [{ role: 'user', content }] });
  const answers = (name: Reason, status: number, path: string, body: string | undefined, token?: string): Probe => ({
    name,
    expected: status === 200 ? 'HTTP 200' : reasonOf('probe.mustError', { status }),
    async attempt() {
      const answer = await endpoint.call(body === undefined ? 'GET' : 'POST', path, body, {
        headers: headers(token),
        signal: options.signal,
      });
      const by = answer.headers[revisionHeader];
      const rightVersion = status !== 200 || by === revision;
      const readable = status === 200 || isError(answer.body);
      const seen = seenOf(answer, status === 200 ? by : undefined, answer.status === status && readable);
      return { holds: answer.status === status && rightVersion && readable, seen };
    },
  });
  return [
    {
      name: reasonOf('probe.streamed'),
      expected: options.expectDone ? reasonOf('probe.mustEnd') : reasonOf('probe.mustStream'),
      async attempt() {
        const outcome = await endpoint.streamChat(
          { model: service.model.name, prompt: 'Say hello.', maxTokens: 8 },
          { headers: headers(tokens.chat), signal: options.signal, expectDone: options.expectDone },
        );
        const by = outcome.headers[revisionHeader];
        const pieces = { pieces: outcome.tokensAt.length, version: String(by) };
        const seen =
          outcome.error?.detail ??
          (outcome.done ? reasonOf('probe.piecesToEnd', pieces) : reasonOf('probe.pieces', pieces));
        return { holds: !outcome.error && by === revision, seen };
      },
    },
    answers(reasonOf('probe.modelsWithChat'), 200, '/v1/models', undefined, tokens.chat),
    ...(tokens.models
      ? [
          answers(reasonOf('probe.modelsWithModels'), 200, '/v1/models', undefined, tokens.models),
          answers(reasonOf('probe.withoutChat'), 403, chatPath, chat('hello'), tokens.models),
        ]
      : []),
    answers(
      reasonOf('probe.promptOf', { language: 'SQL' }),
      200,
      chatPath,
      chat('Explain: SELECT * FROM users WHERE id = 1 OR 1=1; DROP TABLE users; --'),
      tokens.chat,
    ),
    answers(
      reasonOf('probe.promptOf', { language: 'Python' }),
      200,
      chatPath,
      chat('Explain: import os; os.system("cat /etc/passwd"); print(eval(input()))'),
      tokens.chat,
    ),
    ...tokens.roles.flatMap(held => roleProbes(endpoint, service, held, headers, options.signal)),
    ...(limitsTokens(service) ? [tokensCounted(endpoint, headers(tokens.chat), chat('hello'), options.signal)] : []),
    ...(service.access.concurrentRequests
      ? [runningCounted(endpoint, headers(tokens.chat), chat('hello'), options.signal)]
      : []),
    ...(service.cache ? [cacheProbe(endpoint, service, tokens.chat, options.signal)] : []),
    answers(reasonOf('probe.noToken'), 401, chatPath, chat('hello')),
    answers(reasonOf('probe.unservedModel'), 404, chatPath, chat('hello', `no-${service.name}`), tokens.chat),
    answers(
      reasonOf('probe.injectionInQuery'),
      403,
      `${chatPath}?id=1%27%20OR%20%271%27=%271%20UNION%20SELECT%20password%20FROM%20users--`,
      chat('hello'),
      tokens.chat,
    ),
    answers(
      reasonOf('probe.injectionInModel'),
      403,
      chatPath,
      chat('hello', "x' UNION SELECT password FROM users-- "),
      tokens.chat,
    ),
  ];
}

/**
 * What is left of the limit of tokens before an answer and after it. The answer is charged when it has ended; a new minute in
 * between shows more than before, and the probe is repeated.
 */
function tokensCounted(
  endpoint: InferenceEndpoint,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Probe {
  const left = async () => {
    const { headers: found } = await endpoint.call('GET', operationPaths.models, undefined, { headers, signal });
    return Number(found['x-ratelimit-remaining'] ?? Number.NaN);
  };
  return {
    name: reasonOf('probe.tokensCounted'),
    expected: reasonOf('probe.mustCount'),
    async attempt() {
      const before = await left();
      const { status } = await endpoint.call('POST', chatPath, body, { headers, signal });
      await sleep(200, undefined, { signal });
      const after = await left();
      return {
        holds: status === 200 && after < before,
        seen: reasonOf('probe.left', { status, before, after }),
      };
    },
  };
}

/** An answer says how many more may run where somebody counted it. */
function runningCounted(
  endpoint: InferenceEndpoint,
  headers: Record<string, string>,
  body: string,
  signal: AbortSignal,
): Probe {
  return {
    name: reasonOf('probe.runningCounted'),
    expected: reasonOf('probe.mustSayLeft'),
    async attempt() {
      const { status, headers: found } = await endpoint.call('POST', chatPath, body, { headers, signal });
      const left = found['x-concurrent-requests-remaining'];
      const counted = left !== undefined;
      return {
        holds: status === 200 && counted,
        seen: counted
          ? reasonOf('probe.mayRun', { status, left: String(left) })
          : reasonOf('probe.nobodyCounted', { status }),
      };
    },
  };
}

/** One probe for each operation: allowed, the request reaches the version, whatever its engine answers; not allowed, 403. */
function roleProbes(
  endpoint: InferenceEndpoint,
  service: Service,
  { role, token, allowed }: RoleToken,
  headers: (token?: string) => Record<string, string>,
  signal: AbortSignal,
): readonly Probe[] {
  const model = service.model.name;
  const bodies: Readonly<Record<Operation, object | undefined>> = {
    chat: { model, max_tokens: 1, messages: [{ role: 'user', content: 'hello' }] },
    completions: { model, max_tokens: 1, prompt: 'hello' },
    embeddings: { model, input: 'hello' },
    responses: { model, max_output_tokens: 1, input: 'hello' },
    models: undefined,
  };
  return operations.map(operation => {
    const may = allowed.includes(operation);
    const body = bodies[operation];
    return {
      name: reasonOf('probe.withRole', { operation, role }),
      expected: may ? reasonOf('probe.mustAnswer') : reasonOf('probe.mustError', { status: 403 }),
      async attempt() {
        const answer = await endpoint.call(
          body ? 'POST' : 'GET',
          operationPaths[operation],
          body && JSON.stringify(body),
          {
            headers: headers(token),
            signal,
          },
        );
        const by = answer.headers[revisionHeader];
        return {
          holds: may ? by !== undefined : answer.status === 403 && !by && isError(answer.body),
          seen: seenOf(answer, by, by !== undefined),
        };
      },
    };
  });
}

type Answered = Awaited<ReturnType<InferenceEndpoint['call']>>;

/** The status, the version that answered where it counts, and what was said where that is not what must be. */
function seenOf({ status, body }: Answered, by: unknown, right: boolean): Reason | string {
  const from = by ? reasonOf('probe.from', { status, version: String(by) }) : `HTTP ${status}`;
  return right ? from : reasonOf('probe.said', { status: from, words: body.slice(0, 200).trim() });
}

/** Whether clients of the OpenAI API can show it. */
function isError(body: string): boolean {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown; code?: unknown } };
    return typeof error?.message === 'string' && typeof error.code === 'string';
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return false;
    throw error;
  }
}

/** The second of two equal requests comes from the response cache. They name no version: one that does is never answered from it. */
function cacheProbe(endpoint: InferenceEndpoint, service: Service, token: string, signal: AbortSignal): Probe {
  const headers = {
    ...(service.access.hostname ? { host: service.access.hostname } : {}),
    authorization: `Bearer ${token}`,
  };
  return {
    name: reasonOf('probe.cached'),
    expected: reasonOf('probe.mustHit'),
    async attempt() {
      // what was asked before must not be in the cache
      const content = `Say hello to ${randomUUID()}.`;
      const messages = [{ role: 'user', content }];
      const body = JSON.stringify({ model: service.model.name, max_tokens: 4, temperature: 0, messages });
      const ask = () => endpoint.call('POST', chatPath, body, { headers, signal });
      const first = await ask();
      // the answer is stored after it was given
      await sleep(200, undefined, { signal });
      const second = await ask();
      const by = ({ status, headers: had }: Answered) =>
        had[cacheHeader] === undefined
          ? reasonOf('probe.pastCache', { status })
          : `HTTP ${status} ${String(had[cacheHeader])}`;
      const same = first.body === second.body;
      const past = [first, second].some(({ headers: had }) => had[cacheHeader] === undefined);
      const twice = reasonOf('probe.twice', { first: by(first), second: by(second) });
      const seen = same ? twice : reasonOf('probe.otherAnswer', { twice });
      return {
        holds: english(twice) === 'HTTP 200 miss, then HTTP 200 hit' && same,
        seen: past ? reasonOf('probe.lookAtCache', { twice: seen }) : seen,
      };
    },
  };
}

/**
 * Repeats each probe until it holds or the common deadline passes: policies become active a moment after they are accepted.
 * One after the other, so that a failing one does not use up the rate limit of the rest.
 */
export async function runProbes(
  list: readonly Probe[],
  deadline: number,
  signal: AbortSignal,
  progress: (message: string) => void,
): Promise<readonly ProbeResult[]> {
  const end = Date.now() + deadline;
  const results: ProbeResult[] = [];
  for (const probe of list) {
    const started = Date.now();
    progress(`probe ${results.length + 1} of ${list.length}: ${english(probe.name)}`);
    for (let attempts = 1; ; attempts++) {
      const { holds, seen } = await attempt(probe, signal);
      if (holds || Date.now() > end) {
        const { name, expected } = probe;
        results.push(probeResult({ name, expected, seen }, { holds, attempts, milliseconds: Date.now() - started }));
        break;
      }
      await sleep(500, undefined, { signal });
    }
  }
  return results;
}

async function attempt(probe: Probe, signal: AbortSignal): Promise<{ holds: boolean; seen: Reason | string }> {
  try {
    return await probe.attempt();
  } catch (error) {
    if (signal.aborted) throw error;
    // no answer is an observation too: the gateway may still be starting to listen
    const words = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    return { holds: false, seen: reasonOf('probe.noAnswer', { words }) };
  }
}
