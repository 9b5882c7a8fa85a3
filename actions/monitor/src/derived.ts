import { stringify } from 'yaml';
import { seriesInCluster, storedSeries } from '@fairway/indicators';
import type { ClusterSeries } from '@fairway/indicators';
import type { EngineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import type { Reason } from '@fairway/service/reasons/delivery-reason';
import type { Evidence, StageContext } from '@fairway/stage';
import type { Cluster } from '@fairway/clients/kubernetes/index';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import type { Ruler } from '@fairway/clients/ruler/index';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import { asExposed } from '@fairway/targets/metrics/exposed-metrics';
import { rulerGroups } from '@fairway/targets/metrics/ruler-rules';
import { check } from './check.ts';
import { dashboard, dashboardRows } from './dashboard.ts';
import { indicatorsOf } from './indicators.ts';
import type { AskedLabels } from './operator-selectors.ts';
import type { Indicator } from './indicators.ts';
import { ruleGroups } from './rules.ts';
import type { Group } from './rules.ts';
import { ruleTests } from './rule-tests.ts';
import { bucketEdges } from './verify.ts';

export const header = '# Made by Fairway from fairway.yaml; the next delivery overwrites it.\n';

/** What is watched, and at which kind of gateway. */
export interface Watched {
  readonly service: Service;
  /** With the names that its version is known to have for metrics. */
  readonly profile: EngineProfile;
  /** Version whose pods say which names these really are. */
  readonly revision: string;
  readonly gateway: GatewayTarget;
  /** Who gets the rules: the Prometheus operator by an object, Prometheus by a file, a ruler by its API. */
  readonly rules: 'operator' | 'files' | 'ruler';
  /** Whether the Prometheus operator says what is scraped. */
  readonly operator: boolean;
  /** What the rules select from, where they are evaluated. */
  readonly series: ClusterSeries;
  /** What the Prometheus of the operator wants to see on objects. */
  readonly asked: AskedLabels;
}

export function watched(
  service: Service,
  profile: EngineProfile,
  revision: string,
  gateway: GatewayTarget,
  rules: Watched['rules'],
  operator: boolean,
  asked: AskedLabels,
): Watched {
  // the operator's Prometheus may be one that does not see its own labels
  const series = rules === 'operator' ? seriesInCluster(service) : storedSeries(service);
  return { service, profile, revision, gateway, rules, operator, series, asked };
}

export interface RunInputs {
  readonly revision: string;
  readonly promtool: string;
  readonly 'gitops-token'?: string;
}

export type Context = StageContext<{
  readonly applyObjects: typeof import('@fairway/clients/kubernetes/index').applyObjects;
  cluster(signal: AbortSignal): Promise<Cluster>;
  prometheus(signal: AbortSignal): Prometheus | undefined;
  ruler(signal: AbortSignal): Ruler | undefined;
}>;

export interface Derived {
  /** By the names that the engine has for its metrics, where Prometheus holds some. */
  readonly profile: EngineProfile;
  /** What these are unlike those that Fairway knows, a sentence each. */
  readonly differences: readonly string[];
  readonly indicators: readonly Indicator[];
  readonly groups: readonly Group[];
  readonly rules: string;
  tests(rulesFile: string): readonly string[];
  /** Grafana's JSON model. */
  readonly dashboard: string;
}

export interface Examined extends Derived {
  /** What promtool has against it. */
  readonly problem: Reason | undefined;
  readonly evidence: readonly Evidence[];
}

/** What is put in place for what is watched. */
export async function derive(
  server: Prometheus | undefined,
  { service, profile: known, revision, gateway, rules, series }: Watched,
): Promise<Derived> {
  const { profile, differences } = server
    ? await asExposed(server, service, known, revision)
    : { profile: known, differences: [] };
  const edges = server ? await bucketEdges(server, service, profile, gateway) : new Map<string, readonly string[]>();
  const indicators = indicatorsOf(service, profile, gateway, edges, series);
  const made = ruleGroups(service, profile, gateway, indicators, series);
  const groups = rules === 'ruler' ? rulerGroups(made) : made;
  return {
    profile,
    differences,
    indicators,
    groups,
    rules: header + stringify({ groups }),
    dashboard: dashboard(service, dashboardRows(service, profile, gateway, indicators)),
    tests: file => ruleTests(service, profile, gateway, indicators, series, file),
  };
}

/** Lets promtool judge what was derived, and keeps all of it as evidence. */
export async function examine(derived: Derived, scrape: string, promtool: string, context: Context): Promise<Examined> {
  const checked = await check(promtool, { ...derived, scrape }, context.signal);
  const evidence = [
    await context.evidence('rules.yml', 'application/yaml', derived.rules),
    await context.evidence('scrape.yml', 'application/yaml', scrape),
    await context.evidence('dashboard.json', 'application/json', derived.dashboard),
    await context.evidence('promtool.txt', 'text/plain', `${checked.output}\n`),
  ];
  for (const [at, text] of derived.tests('rules.yml').entries())
    evidence.push(await context.evidence(`rule-tests-${at + 1}.yml`, 'application/yaml', text));
  return { ...derived, problem: checked.problem, evidence };
}
