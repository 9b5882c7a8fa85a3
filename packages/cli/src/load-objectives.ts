import { ConfigurationError } from '@fairway/service/configuration-error';
import type { Service } from '@fairway/service';
import { english } from '@fairway/service/reasons/delivery-reason';
import type { ObjectiveName } from '@fairway/indicators';

export interface GivenObjectives {
  readonly objectives: Service['objectives'];
  /** Those that were given; the others are not judged. At least one. */
  readonly names: readonly ObjectiveName[];
}

/** `--ttft p95=500ms --itl p95=50ms --goodput 95% --availability 99%`; undefined without any. @throws ConfigurationError */
export async function givenObjectives(
  given: Readonly<Record<string, string | undefined>>,
): Promise<GivenObjectives | undefined> {
  const latency = (flag: string) => (given[flag] === undefined ? undefined : latencyOf(`--${flag}`, given[flag]));
  const percent = (flag: string) => (given[flag] === undefined ? undefined : percentOf(`--${flag}`, given[flag]));
  const found = {
    'time-to-first-token': latency('ttft'),
    'inter-token-latency': latency('itl'),
    goodput: percent('goodput'),
    availability: percent('availability'),
  };
  const names = (Object.keys(found) as (keyof typeof found)[]).filter(name => found[name] !== undefined);
  if (names.length === 0) return undefined;
  // a load without objectives does not wait for it
  const { objectivesSchema } = await import('@fairway/service/schema-release');
  const objectives = {
    timeToFirstToken: found['time-to-first-token'],
    interTokenLatency: found['inter-token-latency'],
    goodput: found.goodput,
    availability: found.availability,
  };
  const parsed = objectivesSchema.safeParse(objectives);
  if (!parsed.success) {
    const { describeIssue } = await import('@fairway/service/issue-text');
    throw new ConfigurationError(
      `An objective of the command line cannot be used: ${english(describeIssue(parsed.error.issues[0]!, objectives)[0]!.message)}`,
    );
  }
  return { objectives: parsed.data, names };
}

function latencyOf(flag: string, text: string) {
  const [, percentile, value, unit] = /^p([\d.]+)=([\d.]+)(ms|s)$/.exec(text) ?? [];
  if (value === undefined)
    throw new ConfigurationError(`${flag} takes a percentile and a time, such as p95=500ms; found ${text}.`);
  return { percentile: Number(percentile), milliseconds: Number(value) * (unit === 's' ? 1000 : 1) };
}

function percentOf(flag: string, text: string): number {
  const [, value] = /^([\d.]+)%?$/.exec(text) ?? [];
  if (value === undefined) throw new ConfigurationError(`${flag} takes a percentage, such as 99%; found ${text}.`);
  return Number(value);
}
