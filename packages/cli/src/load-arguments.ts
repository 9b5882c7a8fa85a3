import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { requireRegularFile } from '@fairway/service/regular-file';
import { readTrace } from '@fairway/load';
import type { Arrivals, Lengths, LoadPlan } from '@fairway/load';
import { parse } from './parse.ts';
import { rejectSecrets } from './secret-options.ts';
import { givenObjectives } from './load-objectives.ts';
import type { GivenObjectives } from './load-objectives.ts';

export interface LoadArguments {
  readonly url: string;
  readonly model: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly plan: Omit<LoadPlan, 'request' | 'wordsPerToken'>;
  readonly request: Pick<LoadPlan['request'], 'api' | 'stream' | 'extra'>;
  /** First and last rate. */
  readonly sweep: { readonly from: number; readonly to: number } | undefined;
  readonly threads: number | undefined;
  /** Seconds in which the server may still start. */
  readonly readyTimeout: number;
  readonly objectives: GivenObjectives | undefined;
  readonly token: { readonly url: string; readonly clientId: string; readonly scope: string } | undefined;
  readonly json: boolean;
  readonly csv: string | undefined;
  readonly report: string | undefined;
}

const options = {
  url: { type: 'string' },
  model: { type: 'string' },
  api: { type: 'string', default: 'chat' },
  'no-stream': { type: 'boolean' },
  body: { type: 'string' },
  rate: { type: 'string' },
  concurrency: { type: 'string' },
  sweep: { type: 'string' },
  trace: { type: 'string' },
  burstiness: { type: 'string', default: '1' },
  seconds: { type: 'string', default: '30' },
  'prompt-tokens': { type: 'string', default: '256' },
  'output-tokens': { type: 'string', default: '128' },
  prefixes: { type: 'string' },
  tokenizer: { type: 'string' },
  turns: { type: 'string', default: '1' },
  think: { type: 'string', default: '0' },
  cache: { type: 'string', default: 'cold' },
  seed: { type: 'string', default: '1' },
  timeout: { type: 'string', default: '120' },
  'ready-timeout': { type: 'string', default: '0' },
  'warm-up': { type: 'string', default: '30' },
  threads: { type: 'string' },
  header: { type: 'string', multiple: true },
  'token-url': { type: 'string' },
  'client-id': { type: 'string' },
  scope: { type: 'string', default: '' },
  ttft: { type: 'string' },
  itl: { type: 'string' },
  goodput: { type: 'string' },
  availability: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'string' },
  report: { type: 'string' },
} as const;

/** Seconds: a timer of Node that is longer than 2^31 - 1 ms fires at once. */
const longest = 1_000_000;

/** Requests a second, as `load.requestsPerSecond` of fairway.yaml has them. */
const highest = 100_000;

type Given = Readonly<Record<string, string | undefined>>;

/** The arguments of `fairway load`. @throws ConfigurationError */
export async function loadArguments(argv: readonly string[]): Promise<LoadArguments> {
  rejectSecrets(argv, name => name === 'token' || name === 'client-secret');
  const { values } = parse(argv, options, 0);
  const given = values as Given;
  if (!given['url'] || !URL.canParse(given['url']) || !/^https?:/.test(given['url'])) {
    throw wrong('--url', 'takes the address before /v1, such as http://127.0.0.1:8080', given['url'] ?? 'nothing');
  }
  const { username, password, search, hash, pathname, host } = new URL(given['url']);
  if (username || password)
    throw wrong(
      '--url',
      'takes no name and password, since reports show it; a token comes by FAIRWAY_TOKEN',
      `some before ${host}`,
    );
  // a query may hold a key
  if (search || hash)
    throw wrong(
      '--url',
      'takes the address before /v1 and nothing behind it; a key comes by FAIRWAY_TOKEN',
      `${search ? 'a query' : 'a fragment'} behind ${host}${pathname}`,
    );
  if (/\/v1\/./.test(pathname)) throw wrong('--url', 'takes the address before /v1 and nothing behind it', pathname);
  const stream = !values['no-stream'] && given['api'] !== 'embeddings';
  const latency = ['ttft', 'itl'].find(name => given[name] !== undefined);
  if (latency && !stream)
    throw wrong(`--${latency}`, 'needs answers that come as a stream; --goodput takes whole ones', 'whole answers');
  const turns = whole('--turns', given['turns']!);
  if (turns > 1 && given['api'] === 'embeddings')
    throw wrong('--turns', 'needs answers that a conversation goes on from', 'embeddings');
  const sweep = given['sweep'] === undefined ? undefined : range('--sweep', given['sweep'], highest);
  return {
    url: given['url'].replace(/\/(v1\/?)?$/, ''),
    model: given['model'],
    headers: Object.fromEntries(((values['header'] ?? []) as string[]).map(header)),
    plan: {
      arrivals: await arrivals(given, sweep?.from),
      promptTokens: lengths('--prompt-tokens', given['prompt-tokens']!),
      outputTokens: lengths('--output-tokens', given['output-tokens']!),
      prefixes: given['prefixes'] === undefined ? undefined : prefixes(given['prefixes']),
      tokenizer: given['tokenizer'],
      turns,
      thinkSeconds: number('--think', given['think']!, longest),
      seed: whole('--seed', given['seed']!),
      salt: oneOf('--cache', given['cache']!, ['cold', 'warm']) === 'warm' ? '' : randomBytes(6).toString('hex'),
      warmUp: { least: 1, most: number('--warm-up', given['warm-up']!, longest) },
      timeout: positive('--timeout', given['timeout']!, longest) * 1000,
    },
    request: {
      api: oneOf('--api', given['api']!, ['chat', 'completions', 'embeddings', 'responses']),
      stream,
      extra: given['body'] === undefined ? {} : await fields(given['body']),
    },
    sweep,
    threads: given['threads'] === undefined ? undefined : whole('--threads', given['threads']),
    readyTimeout: number('--ready-timeout', given['ready-timeout']!, longest),
    objectives: await givenObjectives(given),
    token: token(given),
    json: values['json'] === true,
    csv: given['csv'],
    report: given['report'],
  };
}

async function arrivals(given: Given, sweepFrom: number | undefined): Promise<Arrivals> {
  const kinds = ['rate', 'concurrency', 'sweep', 'trace'].filter(name => given[name] !== undefined);
  if (kinds.length !== 1) {
    throw wrong(
      'fairway load',
      'takes one of --rate, --concurrency, --sweep and --trace',
      kinds.map(name => `--${name}`).join(' and ') || 'none',
    );
  }
  const seconds = positive('--seconds', given['seconds']!, longest);
  if (given['trace'] !== undefined) return { kind: 'replay', ...(await readTrace(given['trace'])) };
  if (given['concurrency'] !== undefined) {
    return { kind: 'closed', concurrency: whole('--concurrency', given['concurrency']), seconds };
  }
  const burstiness = given['burstiness'] === 'constant' ? Infinity : positive('--burstiness', given['burstiness']!);
  return { kind: 'open', burstiness, segments: segments(given['rate'] ?? String(sweepFrom), seconds) };
}

/** `8`, a ramp `1..16`, or steps `4,8,16`: together they take the seconds. */
function segments(text: string, seconds: number) {
  const parts = text.split(',');
  return parts.map(part => {
    const { from, to } = part.includes('..') ? range('--rate', part, highest) : single('--rate', part);
    return { from, to, seconds: seconds / parts.length };
  });
}

/** `256`, `64..512`, `64,128,256`, or `lognormal:256,0.5,4096` (median, deviation of the logarithm, most). */
function lengths(flag: string, text: string): Lengths {
  const [, parameters] = /^lognormal:(.*)$/.exec(text) ?? [];
  if (parameters !== undefined) {
    const [median, sigma, most] = parameters.split(',').map(part => positive(flag, part));
    if (median !== undefined && sigma !== undefined && most !== undefined)
      return { kind: 'lognormal', median, sigma, most };
    throw wrong(flag, 'takes lognormal:MEDIAN,SIGMA,MOST', text);
  }
  if (text.includes('..')) return { kind: 'uniform', ...range(flag, text) };
  const tokens = text.split(',').map(part => whole(flag, part));
  return tokens.length === 1 ? { kind: 'fixed', tokens: tokens[0]! } : { kind: 'list', tokens };
}

function prefixes(text: string) {
  const [count, tokens, ...rest] = text.split('x');
  if (count === undefined || tokens === undefined || rest.length > 0) {
    throw wrong('--prefixes', 'takes COUNTxTOKENS, such as 4x1000', text);
  }
  return { count: whole('--prefixes', count), tokens: whole('--prefixes', tokens) };
}

function token(given: Given): LoadArguments['token'] {
  const url = given['token-url'];
  const clientId = given['client-id'];
  if (url === undefined && clientId === undefined) return undefined;
  if (url !== undefined && clientId !== undefined) return { url, clientId, scope: given['scope']! };
  throw wrong(
    'fairway load',
    'takes --token-url and --client-id together',
    url === undefined ? '--client-id' : '--token-url',
  );
}

/** Fields of a body that other options say. */
const said = ['model', 'messages', 'prompt', 'input', 'stream', 'stream_options', 'max_tokens', 'max_output_tokens'];

/** `{"reasoning_effort":"low"}`, or `@tools.json` for a file. */
async function fields(text: string): Promise<Readonly<Record<string, unknown>>> {
  const expected = 'takes a JSON object, or @FILE that holds one';
  if (text.startsWith('@')) await requireRegularFile(text.slice(1));
  const json = text.startsWith('@')
    ? await readFile(text.slice(1), 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw wrong('--body', expected, `${text} (${error.code})`);
      })
    : text;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw wrong('--body', expected, `${json.slice(0, 40)} (${(error as Error).message})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong('--body', expected, json.slice(0, 40));
  const taken = Object.keys(value).find(name => said.includes(name));
  if (taken !== undefined) throw wrong('--body', 'takes no field that other options say', taken);
  return value as Readonly<Record<string, unknown>>;
}

function header(text: string): [string, string] {
  const at = text.indexOf(':');
  if (at < 1) throw wrong('--header', 'takes NAME:VALUE', text.slice(0, 20));
  const name = text.slice(0, at).trim().toLowerCase();
  const value = text.slice(at + 1).trim();
  if (/[\r\n]/.test(name + value)) throw wrong('--header', 'takes NAME:VALUE in one line', `a line break in ${name}`);
  return [name, value];
}

function range(flag: string, text: string, most?: number): { from: number; to: number } {
  const [from, to, ...rest] = text.split('..');
  if (from === undefined || to === undefined || rest.length > 0) throw wrong(flag, 'takes FROM..TO', text);
  const ends = { from: positive(flag, from, most), to: positive(flag, to, most) };
  if (flag !== '--rate' && ends.from > ends.to) throw wrong(flag, 'takes the smaller number first', text);
  return ends;
}

function single(flag: string, text: string) {
  const rate = positive(flag, text, highest);
  return { from: rate, to: rate };
}

function number(flag: string, text: string, most = Infinity): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw wrong(flag, 'takes a number of 0 or more', text);
  if (value > most) throw wrong(flag, `takes ${most} at most`, text);
  return value;
}

function positive(flag: string, text: string, most?: number): number {
  const value = number(flag, text, most);
  if (value === 0) throw wrong(flag, 'takes a number over 0', text);
  return value;
}

function whole(flag: string, text: string): number {
  const value = positive(flag, text);
  if (!Number.isInteger(value)) throw wrong(flag, 'takes a whole number', text);
  return value;
}

function oneOf<Name extends string>(flag: string, text: string, names: readonly Name[]): Name {
  const name = names.find(one => one === text);
  if (name === undefined) throw wrong(flag, `takes ${names.join(', ')}`, text);
  return name;
}

function wrong(flag: string, takes: string, found: string): ConfigurationError {
  return new ConfigurationError(`${flag} ${takes}; found ${found}. docs/load.md explains the options.`);
}
