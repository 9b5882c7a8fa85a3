import { join } from 'node:path';
import { ConfigurationError, engineProfile, loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import type { StageContext } from '@fairway/stage';
import { tokenInputs } from '@fairway/stage/cluster-inputs';
import { bearerHeaders } from '@fairway/clients/identity/index';
import { openInference } from '@fairway/clients/inference/index';
import type { InferenceEndpoint } from '@fairway/clients/inference/index';
import { revisionHeader } from '@fairway/clients/kubernetes/names';
import { longestStreamSeconds } from '@fairway/service/longest-stream';
import { generate } from './generator.ts';
import { definitions, percentile, rowsOf } from './indicators.ts';
import type { Row } from './indicators.ts';
import { figure, judge } from './judgement.ts';
import type { Judgement } from './judgement.ts';
import { planLoad, warmUpSeconds } from './plan.ts';

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
    refuseOverLimit(service, context.folder);
    const { endpoint } = context.clients;
    const headers = await requestHeaders(service, inputs, context);
    const plan = planLoad(service.load, seed);
    const bound = latenessBound(service);
    const attempts: { readonly rows: readonly Row[]; readonly late: number }[] = [];
    try {
      // as many as can be needed at once by the objectives, opened before the clock starts
      await endpoint.warm(Math.min(256, Math.ceil(service.load.requestsPerSecond * 2)), context.signal);
      do {
        const sent = await generate(endpoint, plan, {
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
        });
        const rows = rowsOf(sent, {
          timeToFirstToken: service.objectives.timeToFirstToken.milliseconds,
          interTokenLatency: service.objectives.interTokenLatency.milliseconds,
        });
        attempts.push({
          rows,
          late:
            percentile(
              rows.map(row => row.late),
              99,
            ) ?? 0,
        });
        if ((attempts.at(-1)?.late ?? 0) > bound)
          context.log.warning(
            `Attempt ${attempts.length}: the generator was late (p99 ${figure(attempts.at(-1)?.late)} ms, bound ${bound} ms).`,
          );
      } while ((attempts.at(-1)?.late ?? 0) > bound && attempts.length < maxAttempts);
    } finally {
      endpoint.close();
    }
    const last = attempts.at(-1) as (typeof attempts)[number];
    const judgement =
      last.late > bound
        ? tooLate(last.late, bound, judge(last.rows, service.objectives))
        : judge(last.rows, service.objectives);
    const achieved = achievedRate(last.rows);
    const evidence = await context.evidence(
      'load.json',
      'application/json',
      JSON.stringify(
        {
          target: { url: endpoint.url, revision: inputs.revision ?? null, model: service.model.name },
          load: { ...service.load, seed, warmUpSeconds: warmUpSeconds(service.load), arrivals: 'poisson, open loop' },
          definitions,
          generator: { latenessBound: bound, attempts: attempts.map(attempt => ({ lateP99: attempt.late })) },
          verdict: judgement.verdict,
          checks: judgement.checks,
          achievedRate: achieved,
          requests: last.rows,
        },
        null,
        1,
      ),
    );
    const [ttft, itl, goodput] = judgement.checks;
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

/** @throws ConfigurationError when the gateway would refuse the load: the limit would be measured, not the service */
function refuseOverLimit(service: Service, folder: string): void {
  const perMinute = service.load.requestsPerSecond * 60;
  if (perMinute <= service.access.requestsPerMinute) return;
  throw new ConfigurationError(
    `load.requestsPerSecond ${service.load.requestsPerSecond} is ${perMinute} requests a minute from one client, and access.requestsPerMinute lets ${service.access.requestsPerMinute} through. Raise the limit or lower the load.`,
    { file: join(folder, 'fairway.yaml') },
  );
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

function achievedRate(rows: readonly Row[]): number {
  const answered = rows.filter(row => !row.error);
  const end = Math.max(0, ...rows.map(row => row.scheduled + row.late + row.duration));
  return end === 0 ? 0 : answered.length / (end / 1000);
}

function table(judgement: Judgement, rows: readonly Row[], late: number, achieved: number, service: Service): string {
  return [
    '| indicator | measured | 95 % interval | objective | |',
    '| --- | --- | --- | --- | --- |',
    ...judgement.checks.map(
      check =>
        `| ${check.name} | ${figure(check.value)} ${check.unit} | ${figure(check.low)} to ${figure(check.high)} | ${check.direction} ${check.target} ${check.unit} | ${check.verdict} |`,
    ),
    '',
    `${rows.length} requests measured, ${rows.filter(row => row.error).length} with errors; ${achieved.toFixed(2)} of ${service.load.requestsPerSecond} requests/s answered; the generator's own lateness p99 ${figure(late)} ms.`,
  ].join('\n');
}
