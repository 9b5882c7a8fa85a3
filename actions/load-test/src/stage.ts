import { engineProfile, loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import type { StageContext } from '@fairway/stage';
import { tokenInputs } from '@fairway/stage/cluster-inputs';
import { bearerHeaders } from '@fairway/clients/identity/index';
import { openInference } from '@fairway/clients/inference/index';
import type { InferenceEndpoint } from '@fairway/clients/inference/index';
import { revisionHeader } from '@fairway/clients/kubernetes/names';
import { answered, loadSize, ObjectiveJudge, overall, percentile, RequestTally } from '@fairway/indicators';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { generate, planLoad, rowsOf, sampleOf, warmUpSeconds } from '@fairway/load';
import type { Row, Sent } from '@fairway/load';
import { checksOf, figure, judgement } from './judgement.ts';
import type { Judgement } from './judgement.ts';

/** One seed for all runs: two versions of a service get the same load. */
const seed = 20261123;
const maxAttempts = 3;

export const loadTest = defineStage({
  name: 'load-test',
  description:
    'Sends open-loop load through the gateway to one version of an inference service and judges it by its objectives.',
  icon: 'activity',
  inputs: {
    url: {
      type: 'string',
      required: true,
      from: ['mesh.url'],
      description: 'Base address of the service; nothing else gets load.',
    },
    revision: {
      type: 'string',
      from: ['deploy.revision'],
      description: 'Version that is measured; without it whichever the gateway chooses.',
    },
    ...tokenInputs,
  },
  outputs: {
    'ttft-p95': { description: "Time to first token in milliseconds at the objective's percentile (95 by default)." },
    'itl-p95': { description: "Inter-token latency in milliseconds at the objective's percentile (95 by default)." },
    goodput: { description: 'Percent of requests that met both latency objectives.' },
    'achieved-rate': { description: 'Requests a second that were answered.' },
  },
  connect: inputs => ({ endpoint: openInference(inputs.url) }),
  async key(_inputs, context) {
    const service = await loadService(context.folder);
    return { load: JSON.stringify([service.load, service.objectives, service.model.name, service.engine, seed]) };
  },
  async run(inputs, context) {
    const service = await loadService(context.folder);
    const { endpoint } = context.clients;
    const headers = await requestHeaders(service, inputs, context);
    const size = loadSize(service);
    const shape = { ...service.load, seconds: size.seconds };
    const plan = planLoad(shape, seed);
    const bound = latenessBound(service);
    let last: Attempt;
    const lateness: number[] = [];
    try {
      // as many as can be needed at once by the objectives, opened before the clock starts
      await endpoint.warm(Math.min(256, Math.ceil(service.load.requestsPerSecond * 2)), context.signal);
      do {
        last = await attempt(service, size.requests, enough =>
          generate(endpoint, plan, {
            request: {
              model: service.model.name,
              maxTokens: service.load.outputTokens,
              usage: engineProfile(service.engine.name).endsStreamWithDone,
            },
            headers,
            expectDone: engineProfile(service.engine.name).endsStreamWithDone,
            timeout: longestStreamSeconds(service) * 1000,
            signal: context.signal,
            progress: context.log.progress,
            now: () => performance.now(),
            enough,
          }),
        );
        lateness.push(last.late);
        if (last.late > bound)
          context.log.warning(
            `Attempt ${lateness.length}: the generator was late (p99 ${figure(last.late)} ms, bound ${bound} ms).`,
          );
      } while (last.late > bound && lateness.length < maxAttempts);
    } finally {
      endpoint.close();
    }
    const judgement = last.late > bound ? tooLate(last.late, bound, last.judgement) : last.judgement;
    const achieved = achievedRate(last.rows);
    const evidence = await context.evidence(
      'load.json',
      'application/json',
      JSON.stringify(
        {
          target: { url: endpoint.url, revision: inputs.revision ?? null, model: service.model.name },
          load: {
            ...shape,
            seconds: measuredSeconds(last.rows),
            seed,
            warmUpSeconds: warmUpSeconds(shape),
            arrivals: 'poisson, open loop',
          },
          confidence: service.objectives.confidence,
          generator: { latenessBound: bound, attempts: lateness.map(lateP99 => ({ lateP99 })) },
          verdict: judgement.verdict,
          checks: judgement.checks,
          achievedRate: achieved,
          requests: last.rows,
        },
        null,
        1,
      ),
    );
    const [, ttft, itl, goodput] = judgement.checks;
    return {
      verdict: judgement.verdict,
      reason: judgement.reason,
      outputs: {
        'ttft-p95': figure(ttft?.value),
        'itl-p95': figure(itl?.value),
        goodput: figure(goodput?.value),
        'achieved-rate': achieved.toFixed(2),
      },
      evidence: [evidence],
      summary: table(judgement, last.rows, last.late, achieved, service),
    };
  },
});

interface Attempt {
  readonly rows: readonly Row[];
  readonly judgement: Judgement;
  /** The generator's own lateness: p99 in milliseconds. */
  readonly late: number;
}

/** Judges the requests while they come in and ends the load once they decide. */
async function attempt(
  service: Service,
  horizon: number,
  load: (enough: (ended: readonly Sent[]) => boolean) => Promise<readonly Sent[]>,
): Promise<Attempt> {
  const { objectives } = service;
  const judge = new ObjectiveJudge(objectives, horizon);
  const tally = new RequestTally(objectives);
  let taken = 0;
  const look = (ended: readonly Sent[]) => {
    tally.add(
      ended
        .slice(taken)
        .filter(one => !one.warmUp)
        .map(sampleOf),
    );
    taken = ended.length;
    return judge.look(tally.counts());
  };
  const sent = await load(ended => overall(look(ended)) !== 'inconclusive');
  const decisions = look(sent);
  const measured = sent.filter(one => !one.warmUp);
  const rows = rowsOf(measured);
  return {
    rows,
    judgement: judgement(
      decisions,
      checksOf(decisions, tally.figures(), objectives),
      failures(measured.filter(one => answered(sampleOf(one)) === 'bad')),
      rejections(measured.filter(one => answered(sampleOf(one)) === 'none')),
    ),
    late:
      percentile(
        rows.map(row => row.late).sort((a, b) => a - b),
        99,
      ) ?? 0,
  };
}

/** Errors by kind with the first detail, for the end of a reason. */
function failures(sent: readonly Sent[]): string {
  if (sent.length === 0) return '';
  const kinds = Object.entries(Object.groupBy(sent, ({ outcome }) => outcome.error?.kind ?? 'status'));
  const counted = kinds.map(([kind, of]) => `${of?.length} ${kind}`).join(', ');
  return ` Errors: ${counted}; the first: ${sent[0]?.outcome.error?.detail}.`;
}

function rejections(sent: readonly Sent[]): string {
  if (sent.length === 0) return '';
  return ` The gateway rejected ${sent.length} requests of this sender, which are not counted: ${sent[0]?.outcome.error?.detail}. Look at access.requestsPerMinute and at the token.`;
}

/** Milliseconds by which the p99 request may be sent late: a twentieth of the objective it could spoil, 20 at least. */
function latenessBound(service: Service): number {
  return Math.max(20, service.objectives.timeToFirstToken.milliseconds / 20);
}

interface HeaderInputs {
  readonly revision?: string;
  readonly 'token-url'?: string;
  readonly 'client-id'?: string;
  readonly 'client-secret'?: string;
  readonly audience?: string;
  readonly 'token-scope'?: string;
}

async function requestHeaders(
  service: Service,
  inputs: HeaderInputs,
  context: StageContext<{ endpoint: InferenceEndpoint }>,
) {
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

function tooLate(late: number, bound: number, judgement: Judgement): Judgement {
  return {
    ...judgement,
    verdict: 'inconclusive',
    reason: `The load generator itself was late in ${maxAttempts} attempts (p99 ${figure(late)} ms after schedule, bound ${bound} ms), so the figures say nothing about the service. Run it on a machine with free cores, or lower load.requestsPerSecond.`,
  };
}

/** Seconds from when the first measured request was due to when the last one was. */
function measuredSeconds(rows: readonly Row[]): number {
  return Math.ceil((rows.at(-1)?.scheduled ?? 0) / 1000);
}

function achievedRate(rows: readonly Row[]): number {
  const end = rows.reduce((latest, row) => Math.max(latest, row.scheduled + row.late + row.duration), 0);
  return end === 0 ? 0 : rows.filter(row => !row.error).length / (end / 1000);
}

function table(judgement: Judgement, rows: readonly Row[], late: number, achieved: number, service: Service): string {
  return [
    `| indicator | measured | interval (each end at ${service.objectives.confidence} %) | objective | |`,
    '| --- | --- | --- | --- | --- |',
    ...judgement.checks.map(
      check =>
        `| ${check.name} | ${figure(check.value)} ${check.unit} | ${figure(check.low)} to ${figure(check.high)} | ${check.direction} ${check.target} ${check.unit} | ${check.verdict} |`,
    ),
    '',
    `${rows.length} requests measured, ${rows.filter(row => row.error).length} with errors; ${achieved.toFixed(2)} of ${service.load.requestsPerSecond} requests/s answered; the generator's own lateness p99 ${figure(late)} ms.`,
  ].join('\n');
}
