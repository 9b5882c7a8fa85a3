import { open, writeFile } from 'node:fs/promises';
import { ConfigurationError } from '@fairway/service/configuration-error';
import { openInference } from '@fairway/clients/inference/index';
import { ToolError } from '@fairway/clients/tool-error';
import {
  csvReport,
  htmlReport,
  jsonReport,
  openTokenizer,
  Patience,
  probe,
  runLoad,
  sweep,
  textReport,
} from '@fairway/load';
import type { Lengths, Live, LoadPlan, LoadResult, RequestHeaders, Sweep } from '@fairway/load';
import { openTerminal } from '@fairway/stage/terminal';
import { loadArguments } from './load-arguments.ts';
import type { LoadArguments } from './load-arguments.ts';
import type { GivenObjectives } from './load-objectives.ts';
import { onlyModel } from './only-model.ts';
import { readyToken } from './ready-token.ts';
import { tokenAdvice } from './token-advice.ts';

/** Sends load to any OpenAI-compatible server; the exit code is that of the objectives given: 0 pass, 1 fail, 3 inconclusive. */
export async function loadCommand(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const given = await loadArguments(argv);
  // a file that is none is said before anything is sent
  if (given.plan.tokenizer !== undefined) await openTokenizer(given.plan.tokenizer);
  for (const file of [given.csv, given.report]) if (file) await writable(file);
  const headers = await headersOf(given, signal);
  const line = progressLine();
  const prepared = await prepare(given, headers, line.say, signal);
  const measure = (plan: LoadPlan) =>
    runLoad({
      url: given.url,
      plan,
      headers,
      expectedDuration: prepared.duration,
      threads: given.threads,
      signal,
      progress: live => line.show(live, plan),
    });
  let runs: readonly LoadResult[];
  let found = '';
  let sustained: number | undefined;
  if (given.sweep) {
    const { plan } = prepared;
    const swept = await sweep(given.sweep.from, given.sweep.to, (rate, again) =>
      measure({ ...plan, seed: plan.seed + again, arrivals: atRate(plan, rate) }),
    );
    ({ runs, sustained } = swept);
    found = sweptText(swept);
  } else {
    runs = [await measure(prepared.plan)];
  }
  line.end();
  // a token can end while the load runs
  const denied = runs.some(({ samples }) => samples.some(({ status }) => status === 401));
  if (denied) process.stderr.write(`${tokenAdvice(401, await headers(), given.token !== undefined)}\n`);
  return report(given, prepared.plan.request.model, { runs, found, sustained });
}

/** What the server has and takes, found out with a few requests. */
async function prepare(
  given: LoadArguments,
  headers: () => Promise<RequestHeaders>,
  says: (text: string) => void,
  signal: AbortSignal,
) {
  const endpoint = openInference(given.url);
  const patience = new Patience({ startsWithin: given.readyTimeout, says, signal });
  const issued = given.token !== undefined;
  try {
    const list = async () => onlyModel(endpoint, await headers(), signal, patience, issued);
    const model = given.model ?? (await list().catch(withAdvice(() => startAdvice(patience, given.readyTimeout))));
    const sent = await headers();
    const { api, stream, extra } = given.request;
    const probed = await probe(endpoint, {
      request: { api, model, stream, usage: stream, end: 'finish', extra },
      outputTokens: longest(given.plan.outputTokens),
      // answers of the length asked for, where the engine can
      optional: api === 'chat' || api === 'completions' ? { ignore_eos: true } : {},
      headers: sent,
      timeout: given.plan.timeout,
      patience,
      signal,
    }).catch(
      withAdvice(error =>
        error instanceof ToolError
          ? (tokenAdvice(error.status, sent, issued) ?? startAdvice(patience, given.readyTimeout))
          : undefined,
      ),
    );
    const { request, wordsPerToken, behindGateway } = probed;
    const plan: LoadPlan = { ...given.plan, request, wordsPerToken, ...(behindGateway ? {} : { server: model }) };
    return { plan, duration: probed.duration };
  } finally {
    endpoint.close();
  }
}

function withAdvice(adviceOn: (error: Error) => string | undefined) {
  return (error: Error): never => {
    const advice = adviceOn(error);
    throw advice ? new ConfigurationError(`${error.message.replace(/[^.]$/, '$&.')} ${advice}`) : error;
  };
}

/** What to do where the server may be one that starts; undefined where it is none. */
function startAdvice({ mayStart }: Patience, readyTimeout: number): string | undefined {
  if (!mayStart) return undefined;
  return readyTimeout > 0
    ? `It did not start within the ${readyTimeout} s of --ready-timeout.`
    : 'With --ready-timeout SECONDS a load waits for a server that starts.';
}

/** A token by client credentials, the one of FAIRWAY_TOKEN, or none. */
async function headersOf(given: LoadArguments, signal: AbortSignal): Promise<() => Promise<RequestHeaders>> {
  const secret = process.env['FAIRWAY_CLIENT_SECRET'];
  const ready = readyToken(process.env['FAIRWAY_TOKEN']);
  if (given.token) {
    if (!secret)
      throw new ConfigurationError(
        'The secret of --client-id comes by the variable FAIRWAY_CLIENT_SECRET, which is empty.',
      );
    const { bearerHeaders } = await import('@fairway/clients/identity/index');
    const { url: tokenUrl, clientId, scope } = given.token;
    return bearerHeaders({ tokenUrl, clientId, clientSecret: secret, signal }, scope, given.headers);
  }
  return async () => ({ ...given.headers, ...(ready ? { authorization: `Bearer ${ready}` } : {}) });
}

function longest(lengths: Lengths): number {
  switch (lengths.kind) {
    case 'fixed':
      return lengths.tokens;
    case 'uniform':
      return lengths.to;
    case 'lognormal':
      return Math.round(lengths.median);
    case 'list':
      return Math.max(...lengths.tokens);
  }
}

function atRate(plan: LoadPlan, rate: number): LoadPlan['arrivals'] {
  if (plan.arrivals.kind !== 'open') return plan.arrivals;
  return { ...plan.arrivals, segments: plan.arrivals.segments.map(one => ({ ...one, from: rate, to: rate })) };
}

function sweptText({ runs, sustained, saturated }: Sweep): string {
  const last = runs.at(-1)!;
  const at = firstRate(last.plan);
  const kept =
    sustained !== undefined
      ? `kept up with ${sustained} requests a second`
      : saturated !== undefined
        ? 'kept up with no rate that was tried'
        : 'no rate was judged';
  const ended = last.interrupted
    ? `, interrupted at ${at}`
    : last.generator.bottleneck.length > 0
      ? `, ended at ${at}, where the generator was the bottleneck`
      : '';
  return `${kept}${saturated === undefined ? '' : `, saturated at ${saturated}`}${ended}`;
}

function firstRate({ arrivals }: LoadPlan): number | undefined {
  return arrivals.kind === 'open' ? arrivals.segments[0]!.from : undefined;
}

/** @throws ConfigurationError when nothing can be written there, before a load that nobody would see */
async function writable(file: string): Promise<void> {
  const opened = await open(file, 'a').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigurationError(`${file} cannot be written (${error.code}). Name a file in a folder that is there.`);
  });
  await opened.close();
}

/** One line a second on standard error, written over where that is a terminal. */
function progressLine() {
  const terminal = openTerminal(process.stderr);
  const { progress } = terminal.log('load');
  let shown = -1;
  return {
    say: progress,
    show(live: Live, plan: LoadPlan) {
      if (Math.floor(live.seconds) === shown) return;
      shown = Math.floor(live.seconds);
      const first = firstRate(plan);
      const rate = first === undefined ? '' : ` at ${first}/s`;
      progress(
        `${live.phase}${rate} ${shown} s: ${live.sent} sent, ${live.running} running, ${live.ended} ended, ${live.errors} errors, ${live.tokens} tokens`,
      );
    },
    end: terminal.clear,
  };
}

/** A load without objectives does not wait for the statistics. */
async function judgedBy(objectives: GivenObjectives, { samples }: LoadResult, slow: boolean) {
  return (await import('./judged-objectives.ts')).judgeObjectives(objectives, samples, slow);
}

async function report(
  given: LoadArguments,
  model: string,
  { runs, found, sustained }: { runs: readonly LoadResult[]; found: string; sustained: number | undefined },
): Promise<number> {
  // of a sweep that at the highest rate that the server kept up with
  const chosen = runs.findLast(run => sustained !== undefined && firstRate(run.plan) === sustained) ?? runs.at(-1)!;
  const slow = chosen.generator.bottleneck.length > 0;
  const judged = given.objectives && (await judgedBy(given.objectives, chosen, slow));
  const title = `${model} at ${given.url}`;
  if (given.report)
    await writeFile(given.report, await htmlReport(title, runs, [found, judged?.text].filter(Boolean).join('\n')));
  if (given.csv) await writeFile(given.csv, csvReport(chosen));
  const verdict = judged?.verdict;
  process.stdout.write(
    given.json
      ? `${JSON.stringify({ model, verdict, decisions: judged?.decisions ?? [], runs: runs.map(jsonReport) })}\n`
      : `${title}\n${[...runs.map(textReport), found, judged?.text].filter(Boolean).join('\n\n')}\n`,
  );
  if (runs.some(run => run.interrupted)) return 130;
  if (verdict === undefined) return chosen.samples.every(sample => sample.error) ? 1 : 0;
  return { pass: 0, fail: 1, inconclusive: 3 }[verdict];
}
