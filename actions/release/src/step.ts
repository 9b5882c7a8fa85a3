import {
  answered,
  budget,
  loadSize,
  ObjectiveJudge,
  overall,
  percentile,
  RequestTally,
  timeToFirstToken,
  together,
} from '@fairway/indicators';
import type { Count, Counts, Decision, ObjectiveName, RequestSample } from '@fairway/indicators';
import { isUnsent, latenessBound, runLoad } from '@fairway/load';
import type { LoadSample } from '@fairway/load';
import { servicePlan } from '@fairway/load/service-plan';
import type { Service } from '@fairway/service';
import { ToolError } from '@fairway/clients/tool-error';
import { OwnWaits } from './own-waits.ts';
import type { Paces } from './pace.ts';
import type { Seen, VersionWatch } from './users.ts';
import type { Way } from './way.ts';

export interface StepOptions {
  readonly way: Way;
  readonly candidate: string;
  readonly seconds: number;
  readonly maxSeconds: number;
  /** Undefined where no Prometheus is given: then only the requests made here tell. */
  readonly watch: VersionWatch | undefined;
  readonly seed: number;
  /** Whether it ends now, whatever is decided. */
  readonly ends: () => boolean;
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
}

export interface Judged {
  readonly decisions: readonly Decision[];
  /** Answers to users, and to requests made here, that were judged. */
  readonly users: number;
  readonly synthetic: number;
  /** Limits by which its users were judged in place of the objectives'. */
  readonly paces: Paces;
  /** Seconds that the step took. */
  readonly seconds: number;
  /** Errors that name no version: those of the gateway itself. */
  readonly gatewayErrors: number;
  /** Milliseconds, where requests made here were sent so late that their waits say nothing of the version. */
  readonly lateness: number | undefined;
  /** First error of a request made here that the version answered, and the first of the gateway itself. */
  readonly firstError: string | undefined;
  readonly firstGatewayError: string | undefined;
  /** What Prometheus said in place of figures, when it gave none until the end of the step. */
  readonly unseen: string | undefined;
}

/** Milliseconds between two questions to Prometheus. */
const interval = 2000;

/** Part of the load that is always made here: for what metrics do not show, and to see a version that breaks after all objectives were met. */
const leastMade = 0.1;

/**
 * Judges a version by its users, and by requests made here for what they do not show. These name the version, so that they
 * need no luck to reach it. Of the load of fairway.yaml they are what users do not send themselves, and a tenth at least until the step ends:
 * what passed early is judged on. A Prometheus that does not answer is asked again until `maxSeconds`: nothing passes unseen.
 */
export async function judgeStep(service: Service, options: StepOptions): Promise<Judged> {
  const { watch, way } = options;
  const { objectives, load } = service;
  const judge = new ObjectiveJudge(objectives, Math.max(...loadSize(service).needs.map(need => need.advised)));
  const tally = new RequestTally(objectives);
  const began = Date.now();
  let seen: Seen = { users: 0, availability: { events: 0, bad: 0 }, answeredBad: 0, latencies: {} };
  let gatewayErrors = 0;
  let answeredBad = 0;
  const lateBy: number[] = [];
  let lateness: number | undefined;
  let firstError: string | undefined;
  let firstGatewayError: string | undefined;
  let unclear = false;
  let watches = watch === undefined;
  let unseen: string | undefined;
  const none: Count = { events: 0, bad: 0 };
  let decisions: readonly Decision[] = judge.look(combined(tally.counts(), seen, none));
  const limit = objectives.timeToFirstToken.milliseconds;
  // milliseconds in which an answer is good or not, however long its stream may be
  const expectedDuration = limit + load.outputTokens * objectives.interTokenLatency.milliseconds;
  const longest = options.maxSeconds * 1000 + expectedDuration;
  const ownWaits = new OwnWaits(way, limit);
  /** Requests that ended without a first token. */
  let never = 0;
  /** Requests that waited too long at the last look: when they were due, and when that was seen. */
  let waited = new Map<number, number>();

  const isOfGateway = (sample: RequestSample) =>
    isUnsent(sample) || (!way.direct && isGatewayError(sample) && !(isUnanswered(sample) && ownWaits.has(sample)));
  const isNever = (sample: RequestSample) => timeToFirstToken(sample, limit) === Infinity;

  const look = (ended: readonly LoadSample[], later: readonly RequestSample[]) => {
    const ofGateway = ended.filter(isOfGateway);
    const ofVersion = ended.filter(sample => !isOfGateway(sample));
    gatewayErrors += ofGateway.length;
    firstGatewayError ??= ofGateway[0]?.errorDetail;
    firstError ??= ofVersion.find(sample => sample.error)?.errorDetail;
    answeredBad += ofVersion.filter(isAnsweredBadly).length;
    for (const { sentAt, scheduledAt } of ended) lateBy.push(sentAt - scheduledAt);
    tally.add(ofVersion);
    never += ofVersion.filter(isNever).length;
    const running = later.filter(sample => !isOfGateway(sample));
    const waiting = running.filter(isNever);
    ownWaits.seen(waiting);
    // an answer that came while this process was held up is read between two looks at the thread that reads it
    const proved = waiting.filter(
      sample => (waited.get(sample.scheduledAt) ?? Infinity) < sample.endedAt && ownWaits.has(sample),
    ).length;
    // counted from when they were sent, so that it stands however late that was
    const waitedLong = waiting.filter(sample => isNever({ ...sample, scheduledAt: sample.sentAt }));
    waited = new Map(waitedLong.map(({ scheduledAt, endedAt }) => [scheduledAt, endedAt]));
    const own = withWaits(tally.counts(), tally.counts(running), proved);
    unclear = isUnclear(service, gatewayErrors, own.availability.events);
    const sentLate = running.map(({ sentAt, scheduledAt }) => sentAt - scheduledAt);
    lateness = latenessOf([...lateBy, ...sentLate], latenessBound(objectives));
    const late = never + waiting.length;
    const proves = !unclear && lateness === undefined;
    const waits = unclear ? 0 : proved;
    const counts = combined(own, seen, { events: late, bad: late, leastBad: proves ? never + proved : waits });
    const errors = unclear ? answeredBad : own.availability.bad;
    const proven = proves ? counts : latenciesOfEngine(counts, seen, errors, waits);
    decisions = judge.look(unclear ? { ...proven, availability: answeredOf(counts, seen, errors) } : proven);
    const verdict = overall(decisions);
    const lasted = Date.now() - began >= options.seconds * 1000;
    options.progress(
      `${Math.round(seen.users)} answers to users, ${tally.counts().availability.events} to requests made here`,
    );
    if (verdict === 'fail' || options.ends() || Date.now() - began >= longest) return true;
    return verdict === 'pass' && lasted && watches && unseen === undefined && !unclear;
  };

  const watching = new AbortController();
  const stop = new AbortController();
  let broken: unknown;
  const watched = (async () => {
    for (; watch && !watching.signal.aborted; await new Promise(resolve => setTimeout(resolve, interval)))
      try {
        if (watches) seen = await watch.look();
        else await watch.begin();
        watches = true;
        unseen = undefined;
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        unseen = error.message;
        options.progress(unseen);
      }
  })().catch((error: unknown) => {
    broken = error;
    stop.abort();
  });
  try {
    await runLoad({
      url: way.url,
      plan: {
        ...servicePlan(service, options.maxSeconds, options.seed, { least: 0, most: 0 }),
        ...(way.direct ? { server: options.candidate } : {}),
      },
      headers: () => way.headers(),
      expectedDuration,
      signal: options.signal,
      progress: () => undefined,
      wanted: () => (unclear || overall(decisions) === 'inconclusive' ? 1 - usersShare() : leastMade),
      enough: (ended, later) => look(ended, later) || stop.signal.aborted,
    }).catch((error: unknown) => {
      // nobody reaches the gateway, which says nothing of the version
      if (way.direct || !(error instanceof ToolError && error.tool === 'inference endpoint')) throw error;
      gatewayErrors++;
      firstGatewayError ??= error.message;
    });
    options.signal.throwIfAborted();
  } finally {
    ownWaits.end();
    watching.abort();
    await watched;
  }
  if (broken) throw broken;
  const cut = way.problem();
  if (cut) throw cut;
  const synthetic = tally.counts().availability.events;
  // where nobody counts the answers of a version, its histograms hold both
  const heard = (seen.latencies['time-to-first-token']?.events ?? 0) - synthetic;
  return {
    decisions,
    users: Math.round(way.direct ? Math.max(0, heard) : seen.users),
    synthetic,
    paces: Object.fromEntries(
      Object.entries(watch?.paces ?? {}).filter(([name]) => seen.latencies[name as ObjectiveName]?.events),
    ),
    seconds: Math.round((Date.now() - began) / 1000),
    gatewayErrors,
    lateness,
    firstError,
    firstGatewayError,
    unseen,
  };

  /** Part of the load that users make themselves. */
  function usersShare(): number {
    const rate = seen.users / Math.max(1, (Date.now() - began) / 1000);
    return Math.min(1 - leastMade, rate / load.requestsPerSecond);
  }
}

/** An error that names no version came from the gateway itself, or from the way to it, and is nobody's. */
function isGatewayError(sample: RequestSample): boolean {
  return sample.revision === undefined && answered(sample) === 'bad';
}

function isUnanswered({ error, status }: RequestSample): boolean {
  return error === 'timeout' && status === undefined;
}

/**
 * The requests that run too. One that waits longer than the objective is late, long before the longest time of an answer is over: a version that
 * hangs must not have its users for so long.
 * @param proved of these, those that are the version's for sure
 */
function withWaits(ended: Counts, all: Counts, proved: number): Counts {
  const name = 'time-to-first-token';
  const { events, bad } = all[name];
  return { ...ended, [name]: { events, bad, leastBad: Math.min(bad, ended[name].bad + proved) } };
}

/** An error that the version answered with. A gateway that fails breaks streams too, and has 503 for a version that it cannot reach. */
function isAnsweredBadly({ revision, error, status }: LoadSample): boolean {
  return revision !== undefined && error !== undefined && status !== 503 && !cutOff.includes(error);
}

const cutOff: readonly LoadSample['error'][] = ['connection', 'timeout', 'truncated'];

/** Whether more requests made here failed at the gateway itself than availability allows: these say nothing of the version. */
export function isUnclear({ objectives }: Service, gatewayErrors: number, synthetic: number): boolean {
  return gatewayErrors / Math.max(1, gatewayErrors + synthetic) > budget(objectives.availability);
}

/** By how much the latest hundredth was sent late, where that is over the bound. The first one alone may be: the code that sends it is cold. */
function latenessOf(lateBy: readonly number[], bound: number): number | undefined {
  const late = lateBy.filter(by => by > bound).length;
  return late > Math.max(1, lateBy.length / 100) ? percentile(Float64Array.from(lateBy).sort(), 99) : undefined;
}

/**
 * While the gateway fails, or requests are sent late, a wait that is measured here proves no miss of the version; the engine's own clock does.
 * @param waits those that still last, and are the version's for sure
 */
function latenciesOfEngine(counts: Counts, seen: Seen, errors: number, waits: number): Counts {
  const latency = (name: ObjectiveName, leastBad: number) =>
    seen.latencies[name]?.events ? counts[name] : { ...counts[name], leastBad };
  return {
    ...counts,
    'time-to-first-token': latency('time-to-first-token', waits),
    'inter-token-latency': latency('inter-token-latency', 0),
    goodput: { ...counts.goodput, leastBad: errors },
  };
}

/** While the gateway fails, an end in the middle may be its own; the errors that the version answered with are not. */
function answeredOf({ availability }: Counts, seen: Seen, errors: number): Count {
  return { ...availability, leastBad: errors + seen.answeredBad };
}

/**
 * The engine's histograms hold the requests made here too, so they stand for both.
 * @param never requests made here that got no first token, which no histogram holds
 */
function combined(own: Counts, seen: Seen, never: Count): Counts {
  const latency = (name: ObjectiveName) => (seen.latencies[name]?.events ? seen.latencies[name] : own[name]);
  const first = seen.latencies['time-to-first-token'];
  return {
    availability: together(own.availability, seen.availability),
    'time-to-first-token': first?.events ? together(first, never) : own['time-to-first-token'],
    'inter-token-latency': latency('inter-token-latency'),
    goodput: own.goodput,
  };
}
