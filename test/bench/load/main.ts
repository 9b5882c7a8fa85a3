/**
 * npm run bench -- load [--peers DIR] [--streams 1,16,64,256,1000]: fairway load beside other load generators against a server in a process of its own that
 * knows when it wrote each token. Prints a table; the last line is one JSON object.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs, promisify } from 'node:util';
import { percentile } from '@fairway/indicators';
import { peersIn } from './peers.ts';
import type { Peer, Reported, Trial } from './peers.ts';
import { writeTokenizer } from './tokenizer.ts';

const tokens = 50;
/** Answers that a stream waits for, one after the other. */
const rounds = 6;

interface Truth {
  readonly ttft: readonly number[] | null;
  readonly itl: readonly number[] | null;
  readonly requests: number;
  readonly tokens: number;
  readonly begin: number;
  readonly end: number;
}

const fairway: Peer = {
  name: 'fairway load',
  program: join(import.meta.dirname, '../../../bin/fairway'),
  command: async (program, { url, streams, requests, tokens: length }) => [
    ...[program, 'load', '--url', url, '--concurrency', `${streams}`, '--prompt-tokens', '32'],
    ...[
      '--output-tokens',
      `${length}`,
      '--warm-up',
      '2',
      '--seconds',
      `${Math.max(1, (requests / streams) * 1.18 - 2)}`,
    ],
    ...['--json'],
  ],
  async reported({ folder }) {
    const { figures } = JSON.parse(await readFile(join(folder, 'stdout'), 'utf8')).runs[0];
    const of = (name: string): [number, number] => [figures[name].p50, figures[name].p99];
    return { ttft: of('ttftFromSent'), itl: figures.itl && of('itl') };
  },
};

export async function loadBench(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { peers: { type: 'string' }, streams: { type: 'string', default: '1,16,64,256,1000' } },
  });
  const { there, missing } = peersIn(values.peers);
  const folder = await mkdtemp(join(tmpdir(), 'fairway-load-'));
  const results: Measured[] = [];
  try {
    const program = join(folder, 'server');
    await promisify(execFile)('go', ['build', '-o', program, '.'], { cwd: join(import.meta.dirname, 'server') });
    const tokenizer = await writeTokenizer(join(folder, 'tokenizer'));
    const tools = [fairway, ...there];
    const paths = new Map(
      tools.map(tool => [tool, tool === fairway ? tool.program : join(values.peers!, tool.program)]),
    );
    const measure = async (server: Server, tool: Peer, streams: number, requests: number, length: number) => {
      const trial = {
        url: server.url,
        streams,
        requests,
        tokens: length,
        tokenizer,
        folder: join(folder, `${results.length}`),
      };
      await mkdir(trial.folder);
      const result = await run(tool, paths.get(tool)!, trial);
      results.push(result);
      process.stdout.write(`${line(result)}\n`);
    };
    const paced = await startServer(program, []);
    for (const streams of values.streams.split(',').map(Number)) {
      for (const tool of tools) await measure(paced, tool, streams, rounds * streams, tokens);
    }
    paced.end();
    const fast = await startServer(program, ['-ttft', '0', '-itl', '0']);
    // so many tokens that the start of a tool is a small part
    for (const tool of tools) await measure(fast, tool, 16, 320, 1000);
    fast.end();
  } finally {
    await rm(folder, { recursive: true });
  }
  if (missing.length > 0) process.stdout.write(`Not in --peers: ${missing.join(', ')}.\n`);
  process.stdout.write(`${JSON.stringify({ load: results, missing })}\n`);
}

interface Measured {
  readonly tool: string;
  readonly streams: number;
  /** Requests the server saw, those before the measured part included. */
  readonly requests: number;
  /** What the tool says minus what the server did, in milliseconds. */
  readonly ttftError: readonly [number, number] | undefined;
  readonly itlError: readonly [number, number] | undefined;
  readonly cpuSeconds: number;
  readonly cpuMillisecondsPerRequest: number;
  /** Tokens the server wrote, from its first request to its last end. */
  readonly tokensPerSecond: number;
  /** Why it has no figures. */
  readonly failure: string | undefined;
}

async function run(tool: Peer, program: string, trial: Trial): Promise<Measured> {
  await truthOf(trial.url);
  const command = await tool.command(program, trial);
  const ended = await timed(command, trial.folder, tool.looksUpTokenizer ? {} : { HF_HUB_OFFLINE: '1' });
  const truth = await truthOf(trial.url);
  let reported: Reported | undefined;
  let failure: string | undefined;
  try {
    reported = await tool.reported(trial);
  } catch (error) {
    failure = `exit code ${ended.code}: ${(error as Error).message}`;
  }
  const errorOf = (
    said: readonly [number, number] | undefined,
    real: readonly number[] | null,
  ): [number, number] | undefined => {
    if (!said || !real) return undefined;
    const sorted = Float64Array.from(real).sort();
    return [said[0] - percentile(sorted, 50)!, said[1] - percentile(sorted, 99)!];
  };
  return {
    tool: tool.name,
    streams: trial.streams,
    requests: truth.requests,
    ttftError: errorOf(reported?.ttft, truth.ttft),
    itlError: errorOf(reported?.itl, truth.itl),
    cpuSeconds: ended.cpuSeconds,
    cpuMillisecondsPerRequest: (1000 * ended.cpuSeconds) / truth.requests,
    tokensPerSecond: truth.tokens / (truth.end - truth.begin),
    failure,
  };
}

/** Runs a command with the shell's own count of the processor seconds of it and all its children. */
async function timed(command: readonly string[], folder: string, environment: Readonly<Record<string, string>>) {
  const [out, log] = await Promise.all(['stdout', 'log'].map(name => open(join(folder, name), 'w')));
  const child = spawn('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@" 2>"$0"', join(folder, 'stderr'), ...command], {
    stdio: ['ignore', out!.fd, log!.fd],
    env: { ...process.env, ...environment, COLUMNS: '180' },
    cwd: folder,
  });
  const [code] = (await once(child, 'close')) as [number];
  await Promise.all([out!.close(), log!.close()]);
  const [user, system] = (await readFile(join(folder, 'log'), 'utf8')).trim().split(' ').map(Number);
  return { code, cpuSeconds: user! + system! };
}

interface Server {
  readonly url: string;
  end(): void;
}

async function startServer(program: string, flags: readonly string[]): Promise<Server> {
  const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { url, end: () => child.kill() };
}

async function truthOf(url: string): Promise<Truth> {
  const answer = await fetch(`${url}/truth`);
  return (await answer.json()) as Truth;
}

function line(result: Measured): string {
  const pair = (values: readonly [number, number] | undefined) =>
    values ? values.map(value => value.toFixed(1)).join(' / ') : '–';
  return `| ${result.tool} | ${result.streams} | ${pair(result.ttftError)} | ${pair(result.itlError)} | ${result.cpuSeconds.toFixed(1)} | ${result.cpuMillisecondsPerRequest.toFixed(1)} | ${Math.round(result.tokensPerSecond)} | ${result.failure ?? ''}`;
}
