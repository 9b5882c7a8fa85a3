import { histogramCount, histogramLimit, podsOfVersion, storedSeries } from '@fairway/indicators';
import type { ClusterSeries, Count, ObjectiveName } from '@fairway/indicators';
import type { EngineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import type { VersionTraffic } from '@fairway/targets/gateway/gateway-traffic';
import type { Paces } from './pace.ts';

/** What the metrics say of one version since a moment. */
export interface Seen {
  /** Requests of users that were answered. */
  readonly users: number;
  /** Their availability. */
  readonly availability: Count;
  /** Of these, answers of the version's own with an error: none that broke, and none of the gateway in its place. */
  readonly answeredBad: number;
  /** Latencies by the engine's own histograms, of whoever asked. Absent where it has none. */
  readonly latencies: Readonly<Partial<Record<ObjectiveName, Count>>>;
}

type Queries = Pick<Prometheus, 'query'>;

/**
 * Seconds before now at which counters are read. All of one look are of one moment, whose scrapes are stored whole: two of one scrape that
 * are read before and after the next one differ by what came between them, which would look like so many slow answers.
 */
const settled = 5;

/** How long a series that is away is known at the begin. */
const remembered = '10m';

/** Counters of one version, read as differences from when the watching began. */
export class VersionWatch {
  readonly #server: Queries;
  readonly #traffic: VersionTraffic | undefined;
  readonly #histograms: readonly Histogram[];
  /** Seconds by which the clock of Prometheus is before that of this machine. */
  readonly #ahead: number;
  /** Limits that are stricter than the objectives, because the version that serves is quicker than these. */
  readonly paces: Paces;
  /** By query: the last value of each series, also of those that are gone, and by how much all grew since the watching began. */
  readonly #last = new Map<string, Map<string, number>>();
  readonly #grown = new Map<string, number>();
  /** Requests that were being answered at the last look. */
  #open = 0;

  private constructor(
    server: Queries,
    traffic: VersionTraffic | undefined,
    histograms: readonly Histogram[],
    ahead: number,
    paces: Paces,
  ) {
    this.#ahead = ahead;
    this.paces = paces;
    this.#server = server;
    this.#traffic = traffic;
    this.#histograms = histograms;
  }

  /**
   * @param traffic undefined where nobody counts the answers of a version: its users are then seen by the engine's histograms alone
   * @param revision whose engine is read; its histograms are looked up once, with the edges that they have
   * @param paces limits beside those of the objectives
   */
  static async open(
    server: Queries,
    traffic: VersionTraffic | undefined,
    service: Service,
    profile: EngineProfile,
    revision: string,
    paces: Paces = {},
  ): Promise<VersionWatch> {
    const selector = podsOfVersion(service, revision);
    const series = storedSeries(service);
    const { timeToFirstToken: first, interTokenLatency: gap } = profile.metrics;
    const { objectives } = service;
    const wanted = [
      ['time-to-first-token', first, objectives.timeToFirstToken.milliseconds, undefined],
      ['inter-token-latency', gap, objectives.interTokenLatency.milliseconds, first],
    ] as const;
    const histograms: Histogram[] = [];
    for (const [name, metric, milliseconds, requests] of wanted) {
      if (!metric) continue;
      const edges = (await server.query(`count by (le) (${series.of(`${metric}_bucket`, selector)})`)).map(
        sample => sample.metric.le ?? '',
      );
      if (edges.length > 0)
        histograms.push(
          histogram(
            series,
            name,
            metric,
            selector,
            edges,
            (paces[name]?.milliseconds ?? milliseconds) / 1000,
            requests,
          ),
        );
    }
    // counters are read at a moment of its clock, and that of a machine that slept may be minutes behind: it would see no user of the step
    const [clock] = await server.query('vector(time())');
    const ahead = clock ? clock.value - Date.now() / 1000 : 0;
    return new VersionWatch(server, traffic, histograms, ahead, paces);
  }

  /**
   * Counts from now on. A series that Prometheus lost for a scrape is read as it was: what it counted in its whole life is no growth when it
   * comes back.
   */
  async begin(): Promise<void> {
    await this.#read(query => `last_over_time((${query})[${remembered}:])`);
    await this.#read();
    this.#grown.clear();
  }

  /** @throws ToolError when Prometheus does not answer */
  async look(): Promise<Seen> {
    await this.#read();
    const since = (query: string | undefined) => (query === undefined ? undefined : (this.#grown.get(query) ?? 0));
    const { answers, errors, limited, unanswered, broken } = this.#traffic ?? {};
    const over = since(limited) ?? 0;
    const users = Math.max(0, (since(answers) ?? 0) - over);
    const bad = Math.max(0, (since(errors) ?? 0) - over);
    const inTheMiddle = Math.max(0, (since(broken) ?? 0) - (since(unanswered) ?? 0));
    const availability = endedOf(users, bad + inTheMiddle, this.#open);
    const own = Math.max(0, bad - (since(unanswered) ?? 0));
    return {
      users,
      availability,
      answeredBad: Math.min(own, availability.leastBad ?? availability.bad),
      latencies: Object.fromEntries(
        this.#histograms.map(one => {
          const total = since(one.total)!;
          const over = (edge: string | undefined) => (edge === undefined ? undefined : total - since(edge)!);
          return [
            one.name,
            histogramCount(total, { below: over(one.below), above: over(one.above) }, since(one.requests)),
          ];
        }),
      ),
    };
  }

  async #read(asked = (query: string) => query): Promise<void> {
    const { answers, errors, limited, unanswered, broken, open } = this.#traffic ?? {};
    const queries = [
      ...[answers, errors, limited, unanswered, broken],
      ...this.#histograms.flatMap(({ total, below, above, requests }) => [total, below, above, requests]),
    ].filter(query => query !== undefined);
    const unique = [...new Set(queries)];
    const at = Date.now() / 1000 + this.#ahead - settled;
    const ask = async (query: string) =>
      (await this.#server.query(query, at)).filter(({ value }) => Number.isFinite(value));
    const [running, ...found] = await Promise.all([
      open === undefined ? [] : ask(open),
      ...unique.map(query => ask(asked(query))),
    ]);
    this.#open = running[0]?.value ?? 0;
    for (const [index, query] of unique.entries()) {
      const last = this.#last.get(query) ?? new Map<string, number>();
      let growth = 0;
      for (const { metric, value } of found[index]!) {
        // not every store gives the name with a value of the past; the other labels are enough
        const name = JSON.stringify({ ...metric, __name__: undefined });
        const before = last.get(name) ?? 0;
        // the counter of a pod that began anew is small again
        growth += value < before ? value : value - before;
        last.set(name, value);
      }
      this.#last.set(query, last);
      this.#grown.set(query, (this.#grown.get(query) ?? 0) + growth);
    }
  }
}

/**
 * Answers that have ended. A gateway counts one when it begins, and that it broke when it breaks, so of those that run nobody knows yet how
 * they end. Some that run may not have begun: they make the share of bad ones larger than it is, which must not fail anybody.
 */
function endedOf(answers: number, bad: number, running: number): Count {
  const events = Math.max(Math.min(bad, answers), answers - running);
  if (events === answers) return { events, bad: Math.min(answers, bad) };
  return { events, bad: Math.min(events, bad), leastBad: (events * bad) / answers };
}

/** PromQL of a histogram's counters, a series for each pod. */
interface Histogram {
  readonly name: ObjectiveName;
  readonly total: string;
  /** Events up to the edges around the limit. */
  readonly below: string | undefined;
  readonly above: string | undefined;
  /** Requests that gave the events, where each gives several. */
  readonly requests: string | undefined;
}

function histogram(
  series: ClusterSeries,
  name: ObjectiveName,
  metric: string,
  selector: string,
  edges: readonly string[],
  limit: number,
  requests: string | undefined,
): Histogram {
  const around = histogramLimit(edges, limit);
  const bucket = (edge: string | undefined) => edge && series.of(`${metric}_bucket`, `${selector},le="${edge}"`);
  return {
    name,
    total: series.of(`${metric}_count`, selector),
    below: bucket(around.below),
    above: bucket(around.above),
    requests: requests && series.of(`${requests}_count`, selector),
  };
}
