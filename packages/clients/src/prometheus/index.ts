import { reasonOf } from '@fairway/service/reasons/delivery-reason';
import { parse } from 'yaml';
import { addressBelow } from '../address.ts';
import { withLogin } from '../http-login.ts';
import type { HttpLogin } from '../http-login.ts';
import { send } from '../request.ts';
import { missingPart, worded } from './answer-words.ts';
import { ToolError } from '../tool-error.ts';

export { checkConfig, checkRules, testRules } from './promtool.ts';
export type { PromtoolResult } from './promtool.ts';

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A series over time; NaN stands for a value that is not a number, such as a ratio of nothing. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Second since 1970 and value; moments without a value are absent. */
  readonly values: readonly (readonly [number, number])[];
}

/** Moments at which an expression is evaluated, in seconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly rules: readonly {
    readonly name: string;
    readonly type: string;
    readonly query?: string;
    readonly duration?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly health: string;
    readonly lastError?: string;
  }[];
}

export interface Target {
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A Prometheus server over its HTTP API. Every method throws ToolError when it does not answer. */
export interface Prometheus {
  /** @param at second since 1970 at which it is evaluated; default now */
  query(expression: string, at?: number): Promise<readonly Sample[]>;
  queryRange(expression: string, range: TimeRange): Promise<readonly Series[]>;
  /** Groups of these names, without the alerts that they fired. A store of several clusters may have a name several times. */
  rules(groups: readonly string[]): Promise<readonly RuleGroup[]>;
  /** Active targets of one scrape pool; Thanos gives those of all. */
  targets(pool: string): Promise<readonly Target[]>;
  /** The configuration it runs with, parsed. */
  configuration(): Promise<unknown>;
  /** Makes it read its files again; a server without `--web.enable-lifecycle` refuses. */
  reload(): Promise<void>;
}

interface Answer<T> {
  readonly status: string;
  readonly data: T;
  readonly error?: string;
  /** Of a store in several parts: those that did not answer. */
  readonly warnings?: readonly string[];
  /** VictoriaMetrics says it so. */
  readonly isPartial?: boolean;
}

function parsed<T>(text: string, asked: string): Answer<T> {
  try {
    const answer = JSON.parse(text) as Answer<T> | null;
    if (typeof answer?.status === 'string') return answer;
  } catch {
    // a page for people, such as one to log in
  }
  throw new ToolError(
    'prometheus',
    asked,
    undefined,
    reasonOf('prometheus.noAnswer', { words: text.slice(0, 200) }),
    reasonOf('prometheus.other'),
  );
}

/**
 * @param url base address, such as http://127.0.0.1:9090; it may have a login and a query
 * @param partial what an answer is to which a part of the stores has given nothing: taken, rejected, or taken and said in the words of the store
 */
export function prometheus(
  url: string,
  signal?: AbortSignal,
  login: HttpLogin = {},
  partial: 'taken' | 'rejected' | ((words: string) => void) = 'taken',
): Prometheus {
  const access = withLogin(login);
  const ask = async <T>(path: string): Promise<T> => {
    const address = addressBelow(url, path);
    const text = await send({
      tool: 'prometheus',
      url: address,
      signal,
      ...access,
      advice: reasonOf('prometheus.check'),
    }).catch((error: unknown) => {
      throw worded(error);
    });
    const answer = parsed<T>(text, `GET ${address}`);
    if (answer.status !== 'success')
      throw new ToolError('prometheus', `GET ${address}`, answer.status, answer.error ?? '');
    const missing = partial === 'taken' ? undefined : missingPart(answer);
    if (missing !== undefined && typeof partial === 'function') partial(missing);
    else if (missing !== undefined)
      throw new ToolError('prometheus', `GET ${address}`, 'partial data', missing, reasonOf('prometheus.partial'));
    return answer.data;
  };
  return {
    async query(expression, at) {
      const parameters = { query: expression, ...(at === undefined ? {} : { time: String(at) }) };
      const data = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
        `/api/v1/query?${new URLSearchParams(parameters)}`,
      );
      return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
    },
    async queryRange(expression, { from, to, step }) {
      const parameters = { query: expression, start: String(from), end: String(to), step: String(step) };
      const data = await ask<{ result: { metric: Record<string, string>; values: [number, string][] }[] }>(
        `/api/v1/query_range?${new URLSearchParams(parameters)}`,
      );
      return data.result.map(({ metric, values }) => ({
        metric,
        values: values.map(([time, value]) => [time, Number(value)] as const),
      }));
    },
    async rules(groups) {
      const asked = new URLSearchParams(groups.map((name): [string, string] => ['rule_group[]', name]));
      asked.append('exclude_alerts', 'true');
      const found = await ask<{ groups: RuleGroup[] }>(`/api/v1/rules?${asked}`);
      // a Prometheus before 2.47 takes no names and gives all
      return found.groups.filter(({ name }) => groups.includes(name));
    },
    async targets(pool) {
      const asked = new URLSearchParams({ state: 'active', scrapePool: pool });
      return (await ask<{ activeTargets: Target[] }>(`/api/v1/targets?${asked}`)).activeTargets;
    },
    async configuration() {
      return parse((await ask<{ yaml: string }>('/api/v1/status/config')).yaml) as unknown;
    },
    async reload() {
      await send({
        tool: 'prometheus',
        url: addressBelow(url, '/-/reload'),
        method: 'POST',
        signal,
        ...access,
        // it waits for running scrapes, and for name servers when its host's name is unknown to them
        timeout: 60_000,
        advice: reasonOf('prometheus.lifecycle'),
      });
    },
  };
}
