import { ConfigurationError, loadService, modelNames } from '@fairway/service';
import type { Service } from '@fairway/service';
import { english, listOf, type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { sharesByPods, withLoadOfPods } from '@fairway/service/release-pods';
import { defineStage } from '@fairway/stage';
import type { StageContext } from '@fairway/stage';
import { unaskedFix } from '@fairway/stage/unasked-fix';
import { clusterInputs, tokenInputs } from '@fairway/stage/cluster-inputs';
import { bearerHeaders } from '@fairway/clients/identity/index';
import { revisionHeader } from '@fairway/clients/kubernetes/names';
import { reachVersion } from '@fairway/targets/workload/reach';
import { answered, loadSize, ObjectiveJudge, overall, RequestTally } from '@fairway/indicators';
import type { RequestSample } from '@fairway/indicators';
import { latenessBound, mostBusy, runLoad } from '@fairway/load';
import type { GeneratorHealth, LoadResult, LoadSample, RunOptions } from '@fairway/load';
import { servicePlan } from '@fairway/load/service-plan';
import { checksOf, figure, judgement } from './judgement.ts';
import type { Judgement } from './judgement.ts';
import { rowsOf } from './rows.ts';

/** One seed for all runs: two versions of a service get the same load. */
const seed = 20261123;
const maxAttempts = 3;
/** Seconds of load before the measured part, which begins when the concurrency is steady, and at the latest when it would be. */
const warmUp = { least: 2, most: { from: 10, to: 120 } };
/** Answers that meet the objectives, one after another, after which the concurrency of a service that meets them is steady. */
const answersOfWarmUp = 4;

export const loadTest = defineStage({
  name: 'load-test',
  description:
    'Sends open-loop load through the gateway to one version of an inference service and judges it by its objectives.',
  icon: 'activity',
  inputs: {
    url: {
      type: 'string',
      from: ['mesh.url'],
      description: 'Base address of the service; nothing else gets load. Not needed with `gateway.own`.',
    },
    revision: {
      type: 'string',
      from: ['deploy.revision'],
      description: 'Version that is measured; without it whichever the gateway chooses.',
    },
    pods: {
      type: 'number',
      from: ['deploy.pods'],
      description:
        'Pods of that version. With fewer than `resources.replicas` it gets that part of the load. Default: all of them.',
    },
    kubeconfig: clusterInputs.kubeconfig,
    context: {
      ...clusterInputs.context,
      required: false,
      keyed: false,
      description:
        'Context of the kubeconfig; with `gateway.own` the version is reached through its cluster, because no gateway lets a request name it.',
    },
    ...tokenInputs,
  },
  outputs: {
    revision: { description: 'Version that was measured; absent where the gateway chose.' },
    'ttft-p95': { description: "Time to first token in milliseconds at the objective's percentile (95 by default)." },
    'itl-p95': { description: "Inter-token latency in milliseconds at the objective's percentile (95 by default)." },
    goodput: { description: 'Percent of requests that met both latency objectives.' },
    'achieved-rate': { description: 'Requests a second that were answered.' },
  },
  connect: () => ({}),
  async key(_inputs, context) {
    const service = await loadService(context.folder, context.environment);
    return { load: JSON.stringify([service.load, service.objectives, modelNames(service), service.engine, seed]) };
  },
  async run(inputs, context) {
    const whole = await loadService(context.folder, context.environment);
    const pods = inputs.pods ?? whole.resources.replicas;
    const service = withLoadOfPods(whole, pods);
    const way = await openWay(service, inputs, context);
    const bound = latenessBound(service.objectives);
    const attempts: Attempt[] = [];
    try {
      do {
        const { url, headers, server } = way;
        const { signal, log } = context;
        const last = await attempt(service, { url, headers, server, signal, progress: log.progress });
        const cut = way.problem();
        if (cut) throw cut;
        attempts.push(last);
        if (starved(last, bound)) context.log.warning(`Attempt ${attempts.length}: ${english(late(last, bound))}.`);
      } while (starved(attempts.at(-1)!, bound) && attempts.length < maxAttempts);
    } finally {
      await way.close();
    }
    const last = attempts.at(-1)!;
    const judgement = starved(last, bound) ? tooLate(last, bound) : last.judgement;
    const { result } = last;
    const achieved = result.rates.answered;
    const rows = rowsOf(last.samples);
    const evidence = await context.evidence(
      'load.json',
      'application/json',
      JSON.stringify(
        {
          target: { url: result.url, revision: inputs.revision ?? null, model: service.model.name },
          load: {
            ...service.load,
            seconds: Math.ceil((result.to - result.from) / 1000),
            seed,
            warmUpSeconds: result.warmUp.seconds,
            steady: result.warmUp.steady,
            cache: result.cache,
            arrivals: 'poisson, open loop',
          },
          confidence: service.objectives.confidence,
          generator: { latenessBound: bound, attempts: attempts.map(one => one.result.generator) },
          verdict: judgement.verdict,
          checks: judgement.checks.map(({ indicator: _indicator, ...check }) => check),
          achievedRate: achieved,
          requests: rows,
        },
        null,
        1,
      ),
    );
    const [availability, ttft, itl, goodput] = judgement.checks;
    const errors = judgement.verdict === 'fail' && availability?.verdict === 'fail';
    const unasked = errors ? unaskedFix(context.record) : [];
    return {
      verdict: judgement.verdict,
      reason: listOf('list.then', [judgement.reason, ...unasked, ...partOfLoad(whole, service, pods)]),
      outputs: {
        ...(inputs.revision ? { revision: inputs.revision } : {}),
        'ttft-p95': figure(ttft?.value),
        'itl-p95': figure(itl?.value),
        goodput: figure(goodput?.value),
        'achieved-rate': achieved.toFixed(2),
      },
      evidence: [evidence],
      summary: table(judgement, last, achieved, service),
    };
  },
});

interface Attempt {
  readonly result: LoadResult;
  /** What was judged. */
  readonly samples: readonly LoadSample[];
  readonly judgement: Judgement;
}

/** Judges the requests while they come in and ends the load once they decide. */
async function attempt(
  service: Service,
  run: Pick<RunOptions, 'url' | 'headers' | 'signal'> & {
    readonly server: string | undefined;
    readonly progress: (message: string) => void;
  },
): Promise<Attempt> {
  const { objectives, load } = service;
  const size = loadSize(service);
  const judge = new ObjectiveJudge(objectives, size.requests);
  const tally = new RequestTally(objectives);
  const samples: LoadSample[] = [];
  let later: readonly RequestSample[] = [];
  let decisions = judge.look(tally.counts());
  const expectedDuration =
    objectives.timeToFirstToken.milliseconds + load.outputTokens * objectives.interTokenLatency.milliseconds;
  const { from, to } = warmUp.most;
  const most = Math.min(to, Math.max(from, (answersOfWarmUp * expectedDuration) / 1000));
  const plan = servicePlan(service, size.seconds, seed, { least: warmUp.least, most });
  const result = await runLoad({
    ...run,
    plan: { ...plan, request: { ...plan.request, models: modelNames(service) }, server: run.server },
    expectedDuration,
    progress: ({ phase, ended, running }) =>
      run.progress(
        phase === 'warm-up'
          ? `warm-up: ${ended} requests ended, ${running} running`
          : `measured: ${samples.length} of at most ${size.requests} requests ended, ${running} running`,
      ),
    enough(ended, due) {
      samples.push(...ended);
      tally.add(ended);
      later = due;
      decisions = judge.look(tally.counts(later));
      return overall(decisions) !== 'inconclusive';
    },
  });
  run.signal.throwIfAborted();
  const of = (kind: ReturnType<typeof answered>) => samples.filter(sample => answered(sample) === kind);
  return {
    result,
    samples,
    judgement: judgement(
      decisions,
      checksOf(decisions, tally.figures(later), objectives),
      failures(of('bad')),
      rejections(of('none')),
    ),
  };
}

/** Errors by kind with the first detail. */
function failures(samples: readonly LoadSample[]): readonly Reason[] {
  if (samples.length === 0) return [];
  const kinds = Object.entries(Object.groupBy(samples, ({ error }) => error ?? 'status'));
  const counted = kinds.map(([kind, of]) => `${of?.length} ${kind}`).join(', ');
  return [reasonOf('loadTest.errors', { errors: counted, words: String(samples[0]?.errorDetail) })];
}

function rejections(samples: readonly LoadSample[]): readonly Reason[] {
  const [first] = samples;
  if (!first) return [];
  return [reasonOf('loadTest.rejected', { requests: samples.length, words: String(first.errorDetail) })];
}

/** Says that not all pods were asked. */
function partOfLoad(whole: Service, asked: Service, pods: number): readonly Reason[] {
  if (asked === whole) return [];
  const rates = { rate: asked.load.requestsPerSecond, wholeRate: whole.load.requestsPerSecond };
  return [reasonOf('loadTest.part', { ...rates, pods, replicas: whole.resources.replicas })];
}

interface WayInputs extends HeaderInputs {
  readonly url?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** How the load gets to the version: by the gateway, where a request can name it, else to its pods through the API server. */
async function openWay(service: Service, inputs: WayInputs, context: StageContext) {
  if (!sharesByPods(service)) {
    if (!inputs.url) throw new ConfigurationError(reasonOf('input.url'));
    const headers = await requestHeaders(service, inputs, context);
    return { url: inputs.url, headers, server: undefined, problem: () => undefined, close: () => Promise.resolve() };
  }
  if (!inputs.context || !inputs.revision)
    throw new ConfigurationError(reasonOf('input.cluster', { input: inputs.context ? 'revision' : 'context' }));
  const { connectCluster, requirePermissions } = await import('@fairway/clients/kubernetes/index');
  const { podProxyPermissions } = await import('@fairway/clients/kubernetes/pod-proxy');
  const { kubeconfig, revision } = inputs;
  const cluster = await connectCluster({ kubeconfig, context: inputs.context, signal: context.signal });
  await requirePermissions(cluster, podProxyPermissions(service.namespace));
  const headers = () => Promise.resolve({});
  return { ...(await reachVersion(cluster, service, revision)), headers, server: revision };
}

interface HeaderInputs {
  readonly revision?: string;
  readonly 'token-url'?: string;
  readonly 'client-id'?: string;
  readonly 'client-secret'?: string;
  readonly audience?: string;
  readonly 'token-scope'?: string;
}

async function requestHeaders(service: Service, inputs: HeaderInputs, context: StageContext) {
  const fixed = {
    ...(inputs.revision ? { [revisionHeader]: inputs.revision } : {}),
    ...(service.access.hostname ? { host: service.access.hostname } : {}),
  };
  const tokenUrl = inputs['token-url'];
  const clientId = inputs['client-id'];
  const clientSecret = inputs['client-secret'];
  if (!tokenUrl || !clientId || !clientSecret) return async () => fixed;
  const client = { tokenUrl, clientId, clientSecret, audience: inputs.audience, signal: context.signal };
  return bearerHeaders(client, inputs['token-scope'] || service.access.chatScope, fixed);
}

/** What the generator itself adds to the times, in milliseconds: requests that left late, and answers that it was late to read. */
function lateness({ result }: Attempt): number {
  return Math.max(result.generator.lateness.p99, result.generator.loopDelay.p99);
}

/** Whether the figures say more of the generator than of the service: it was late, its loop had no time left, or its machine no connection. */
function starved(attempt: Attempt, bound: number): boolean {
  const { busy, unsent } = attempt.result.generator;
  return lateness(attempt) > bound || busy > mostBusy || unsent !== undefined;
}

function late({ result }: Attempt, bound: number): Reason {
  const { lateness: sent, loopDelay, busy, unsent }: GeneratorHealth = result.generator;
  if (unsent) return reasonOf('loadTest.unsent', unsent);
  const p99 = { lateness: figure(sent.p99), delay: figure(loopDelay.p99) };
  return reasonOf('loadTest.bottleneck', { ...p99, bound, busy: Math.round(100 * busy) });
}

function tooLate(last: Attempt, bound: number): Judgement {
  return {
    ...last.judgement,
    verdict: 'inconclusive',
    reason: reasonOf('loadTest.late', { attempts: maxAttempts, late: late(last, bound) }),
  };
}

function table(judgement: Judgement, { result, samples }: Attempt, achieved: number, service: Service): string {
  return [
    `| indicator | measured | interval (each end at ${service.objectives.confidence} %) | objective | |`,
    '| --- | --- | --- | --- | --- |',
    ...judgement.checks.map(
      check =>
        `| ${check.name} | ${figure(check.value)} ${check.unit} | ${figure(check.low)} to ${figure(check.high)} | ${check.direction} ${check.target} ${check.unit} | ${check.verdict} |`,
    ),
    '',
    `${samples.length} requests measured, ${samples.filter(sample => sample.error).length} with errors; ${achieved.toFixed(2)} of ${service.load.requestsPerSecond} requests/s answered; the generator's own lateness p99 ${figure(result.generator.lateness.p99)} ms.`,
  ].join('\n');
}
