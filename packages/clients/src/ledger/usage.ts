/** What usage can be asked by; `team` owns the service, `client` is the subject of the token or the client that it was given to, `cache` says `hit` or `miss` where there is one. */
export const usageGroups = ['team', 'service', 'model', 'version', 'client', 'day', 'cache'] as const;
export type UsageGroup = (typeof usageGroups)[number];

export interface UsageQuestion {
  /** First and last day (UTC), `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  readonly by: readonly UsageGroup[];
  /** What groups must be; a service is `namespace/name`. Default: all. */
  readonly where?: Readonly<Partial<Record<UsageGroup, string>>>;
  /** Whose use counts, each `namespace/name`. Default: that of all services. */
  readonly services?: readonly string[];
  /** Groups that are wanted of some models alone; in the sums of the others they are empty. Default: none, all are wanted of every model. */
  readonly ofModels?: { readonly names: readonly string[]; readonly groups: readonly ('model' | 'day')[] };
}

/** Sums of one group. Values of groups that the gateway did not see, such as the model, are empty. */
export interface Usage {
  readonly group: Readonly<Partial<Record<UsageGroup, string>>>;
  readonly requests: number;
  /** With a status of 400 or more. */
  readonly failed: number;
  /** Requests whose tokens the engine counted. Of the others a sum of tokens has the events of the stream, or nothing. */
  readonly counted: number;
  /** Answered from the response cache. */
  readonly cached: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Streams with a first token, and the sum of their times to it. */
  readonly streams: number;
  readonly ttftMilliseconds: number;
  readonly durationMilliseconds: number;
}

/** Requests that were answered and whose tokens the engine did not count. One that failed has none to count. */
export function uncounted({ requests, failed, counted }: Usage): number {
  return Math.max(0, requests - failed - counted);
}

const columns: Readonly<Record<UsageGroup, string>> = {
  team: 'owner',
  service: `namespace || '/' || service`,
  model: 'model',
  version: 'version',
  client: 'subject',
  day: 'day::text',
  cache: 'cache',
};

const sums = {
  requests: 'sum(requests)',
  failed: 'sum(failed)',
  counted: 'sum(counted)',
  cached: `coalesce(sum(requests) FILTER (WHERE cache = 'hit'), 0)`,
  promptTokens: 'sum(prompt_tokens)',
  completionTokens: 'sum(completion_tokens)',
  streams: 'sum(streams)',
  ttftMilliseconds: 'sum(ttft_ms)',
  durationMilliseconds: 'sum(duration_ms)',
} as const satisfies Readonly<Record<Exclude<keyof Usage, 'group'>, string>>;

/** The statement for a question, with its parameters. */
export function usageStatement({ from, to, by, where = {}, services, ofModels }: UsageQuestion): {
  text: string;
  values: unknown[];
} {
  const values: unknown[] = [from, to];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const named = ofModels && parameter(ofModels.names);
  const groups = by.map(name => {
    const column = columns[name];
    const some = ofModels?.groups.some(one => one === name) ?? false;
    return `${some ? `CASE WHEN model = ANY(${named}) THEN ${column} ELSE '' END` : column} AS "${name}"`;
  });
  const wanted = usageGroups.flatMap(name =>
    where[name] === undefined ? [] : [` AND ${columns[name]} = ${parameter(where[name])}`],
  );
  if (services) wanted.push(` AND ${columns.service} = ANY(${parameter(services)})`);
  // a double holds sums of tokens exactly up to 9 * 10^15
  const sumsOf = Object.entries(sums).map(([name, sum]) => `${sum}::float8 AS "${name}"`);
  const order = by.map((_, index) => index + 1).join(', ');
  return {
    text: `SELECT ${[...groups, ...sumsOf].join(', ')} FROM ledger.usage_daily WHERE day BETWEEN $1 AND $2${wanted.join('')} ${
      by.length > 0 ? `GROUP BY ${order} ORDER BY ${order}` : 'HAVING count(*) > 0'
    }`,
    values,
  };
}

export function usageOf(row: Readonly<Record<string, unknown>>, by: readonly UsageGroup[]): Usage {
  const values = Object.fromEntries(Object.keys(sums).map(name => [name, Number(row[name])]));
  const group = Object.fromEntries(by.map(name => [name, String(row[name])]));
  return { group, ...values } as unknown as Usage;
}
