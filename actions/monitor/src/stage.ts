import { stringify } from 'yaml';
import { engineProfile } from '@fairway/engines';
import { seriesInCluster, storedSeries } from '@fairway/indicators';
import type { ClusterSeries } from '@fairway/indicators';
import { ConfigurationError, loadService } from '@fairway/service';
import type { EngineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import type { Evidence, StageContext } from '@fairway/stage';
import { clusterInputs } from '@fairway/stage/cluster-inputs';
import { prometheusLoginInputs } from '@fairway/stage/prometheus-inputs';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { prometheus } from '@fairway/clients/prometheus/index';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import { ruler } from '@fairway/clients/ruler/index';
import type { Ruler, StoredGroup } from '@fairway/clients/ruler/index';
import { gatewayTargets, readTarget, targetOfService } from '@fairway/targets/gateway/find';
import { parseGateway } from '@fairway/targets/gateway/references';
import { chatRoute } from '@fairway/targets/gateway/state';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import { prometheusLogin } from '@fairway/targets/metrics/prometheus-access';
import { replaceRulerRules, rulerGroups, rulerNamespace } from '@fairway/targets/metrics/ruler-rules';
import type { PutBack } from '@fairway/targets/metrics/ruler-rules';
import { sameRules } from '@fairway/targets/metrics/same-rules';
import { serviceFiles } from '@fairway/targets/metrics/service-files';
import { applyByFolder } from '@fairway/targets/rendering/by-folder';
import { check } from './check.ts';
import { dashboard, dashboardObject, dashboardRows } from './dashboard.ts';
import { genAi } from './gen-ai.ts';
import { indicatorsOf } from './indicators.ts';
import type { Indicator } from './indicators.ts';
import { operatorVersion, ruleObject, scrapeObjects } from './operator-objects.ts';
import { putAllBack, putFiles, putObjects } from './put.ts';
import { groupNames, ruleGroups } from './rules.ts';
import type { Group } from './rules.ts';
import { ruleTests } from './rule-tests.ts';
import { kubernetesAccess, scrapeFile } from './scrape.ts';
import { targetsOf } from './targets.ts';
import { bucketEdges, definitionsOf, loadedRules, seeEngine, seeGateway, seeRules, until } from './verify.ts';

/** Milliseconds until Prometheus must have found the pods, and loaded the rules. */
const targetDeadline = 60_000;
const rulesDeadline = 30_000;
/** More than the time between two scrapes of a common Prometheus. */
const scrapeDeadline = 20_000;
/** A ruler evaluates what it has read once a minute. */
const rulerDeadline = 180_000;

const header = '# Made by Fairway from fairway.yaml; the next delivery overwrites it.\n';

export const monitor = defineStage({
  name: 'monitor',
  description:
    'Derives scrape configuration, recording rules and burn-rate alerts from the objectives, tests them and proves that Prometheus uses them.',
  icon: 'eye',
  inputs: {
    ...clusterInputs,
    revision: {
      type: 'string',
      required: true,
      from: ['deploy.revision'],
      description: 'Version whose pods must be scraped.',
    },
    'prometheus-url': { type: 'string', description: 'Address at which Prometheus answers from here.' },
    ...prometheusLoginInputs,
    'prometheus-directory': {
      type: 'string',
      description:
        'Folder from which Prometheus reads rules/*.yml and scrape/*.yml; not needed where the Prometheus operator runs.',
    },
    'ruler-url': {
      type: 'string',
      description:
        'Address below which a Mimir, or Grafana Cloud, takes rules (config/v1/rules), mostly that of prometheus-url; what lets in there lets in here. The rules then go there and not to the Prometheus of the cluster.',
    },
    promtool: { type: 'string', default: 'promtool', keyed: false, description: 'The promtool program.' },
    gateway: {
      type: 'string',
      keyed: false,
      description:
        'Gateway as namespace/name, whose kind decides which figures the rules read while the service has no route, as where objects are rendered before anything is applied.',
    },
  },
  outputs: {
    rules: { description: 'Rules that Prometheus has loaded.' },
    targets: { description: 'Pods of the service that Prometheus scrapes.' },
    gateway: { description: 'Kind of gateway whose figures the rules read.' },
  },
  async connect(inputs) {
    const kubernetes = await import('@fairway/clients/kubernetes/index');
    const login = prometheusLogin(inputs);
    return {
      cluster: (signal: AbortSignal) =>
        kubernetes.connectCluster({ kubeconfig: inputs.kubeconfig, context: inputs.context, signal }),
      applyObjects: kubernetes.applyObjects,
      prometheus: (signal: AbortSignal) =>
        inputs['prometheus-url'] ? prometheus(inputs['prometheus-url'], signal, login) : undefined,
      ruler: (signal: AbortSignal) => (inputs['ruler-url'] ? ruler(inputs['ruler-url'], signal, login) : undefined),
    };
  },
  async key(_inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const profile = engineProfile(service.engine.name);
    // which one the service is at only the cluster knows; `lost` sees when it is at another one
    const series = storedSeries(service);
    const groups = gatewayTargets.map(gateway =>
      ruleGroups(service, profile, gateway, indicatorsOf(service, profile, gateway, new Map(), series), series),
    );
    return { rules: JSON.stringify(groups), scrape: JSON.stringify(scrapeFile(service, profile, {})) };
  },
  async lost(inputs, outputs, context) {
    const server = context.clients.prometheus(context.signal);
    if (!server) return undefined;
    const service = await loadService(context.folder, context.environment);
    const profile = engineProfile(service.engine.name);
    if (!(await loadedRules(server, groupNames(service)))?.length) return 'Prometheus no longer has the rules';
    const cluster = await context.clients.cluster(context.signal);
    const gateway = await targetOfService(cluster, service);
    if (gateway.name !== (outputs['gateway'] ?? gatewayTargets[0]?.name))
      return `the service is at a gateway of ${gateway.name} now`;
    if (!profile.metricsPath) return undefined;
    // a target that a release has just labelled anew is unknown until its next scrape
    const operator = inputs['prometheus-directory']
      ? await cluster.serves(operatorVersion, 'PrometheusRule')
      : await cluster.serves(operatorVersion, 'ServiceMonitor');
    const look = () => seeEngine(server, service, profile, inputs.revision, operator);
    return (await until(look, scrapeDeadline, context.signal))[0];
  },
  async render(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const profile = engineProfile(service.engine.name);
    const cluster = await context.clients.cluster(context.signal);
    if (!(await cluster.serves(operatorVersion, inputs['ruler-url'] ? 'ServiceMonitor' : 'PrometheusRule')))
      return {
        objects: [],
        outputs: {},
        notes: [
          'The cluster has no Prometheus operator, so rules and scrape configuration are files of Prometheus and no objects: monitor puts them in place.',
        ],
      };
    const gateway =
      inputs.gateway && !(await chatRoute(cluster, service))
        ? await readTarget(cluster, parseGateway(inputs.gateway))
        : await targetOfService(cluster, service);
    const what = watched(service, profile, gateway, inputs['ruler-url'] ? 'ruler' : 'operator', true);
    const derived = await derive(context.clients.prometheus(context.signal), what);
    return {
      objects: watchObjects(what, derived),
      outputs: {},
      notes: inputs['ruler-url'] ? ['The rules are no objects: monitor stores them in the ruler.'] : [],
    };
  },
  async run(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const profile = engineProfile(service.engine.name);
    const cluster = await context.clients.cluster(context.signal);
    const operator = await cluster.serves(operatorVersion, 'PrometheusRule');
    const server = context.clients.prometheus(context.signal);
    const stored = context.clients.ruler(context.signal);
    const directory = inputs['prometheus-directory'];
    if (stored && directory)
      throw new ConfigurationError(
        'ruler-url and prometheus-directory are given, and the rules go to one of them: with both, each alert would fire twice. Remove one of them.',
      );
    if (!stored && !operator && (!server || !directory)) {
      return {
        verdict: 'inconclusive',
        reason: `The cluster runs no Prometheus operator and ${server ? 'prometheus-directory' : 'prometheus-url'} is not given, so nothing watches the objectives. Name the Prometheus that shall, or a ruler.`,
        outputs: {},
        evidence: [],
      };
    }
    const rules = stored ? 'ruler' : operator ? 'operator' : 'files';
    const scraped = rules !== 'files' && (await cluster.serves(operatorVersion, 'ServiceMonitor'));
    const what = watched(service, profile, await targetOfService(cluster, service), rules, scraped);
    if (rules === 'files') return withFiles(server as Prometheus, directory as string, what, inputs, context);
    return withObjects(cluster, server, stored, what, inputs, context);
  },
});

/** What is watched, and at which kind of gateway. */
interface Watched {
  readonly service: Service;
  readonly profile: EngineProfile;
  readonly gateway: GatewayTarget;
  /** Who gets the rules: the Prometheus operator by an object, Prometheus by a file, a ruler by its API. */
  readonly rules: 'operator' | 'files' | 'ruler';
  /** Whether the Prometheus operator says what is scraped. */
  readonly operator: boolean;
  /** What the rules select from, where they are evaluated. */
  readonly series: ClusterSeries;
}

function watched(
  service: Service,
  profile: EngineProfile,
  gateway: GatewayTarget,
  rules: Watched['rules'],
  operator: boolean,
): Watched {
  // the operator's Prometheus may be one that does not see its own labels
  const series = rules === 'operator' ? seriesInCluster(service) : storedSeries(service);
  return { service, profile, gateway, rules, operator, series };
}

interface RunInputs {
  readonly revision: string;
  readonly promtool: string;
}

type Context = StageContext<{
  readonly applyObjects: typeof import('@fairway/clients/kubernetes/index').applyObjects;
  cluster(signal: AbortSignal): Promise<Cluster>;
  prometheus(signal: AbortSignal): Prometheus | undefined;
  ruler(signal: AbortSignal): Ruler | undefined;
}>;

interface Derived {
  readonly indicators: readonly Indicator[];
  readonly groups: readonly Group[];
  readonly rules: string;
  tests(rulesFile: string): string;
  /** Grafana's JSON model. */
  readonly dashboard: string;
}

interface Examined extends Derived {
  /** What promtool has against it. */
  readonly problem: string | undefined;
  readonly evidence: readonly Evidence[];
}

async function withFiles(server: Prometheus, directory: string, what: Watched, inputs: RunInputs, context: Context) {
  const { service, profile } = what;
  const place = serviceFiles(directory, service);
  const scrape = header + stringify(scrapeFile(service, profile, kubernetesAccess(await server.configuration())));
  const files = ({ rules }: Derived) =>
    new Map([
      [place.scrape, scrape],
      [place.rules, rules],
    ]);
  let derived = await examine(await derive(server, what), scrape, inputs.promtool, context);
  if (derived.problem) return refused(derived.problem, derived);

  context.log.progress('Prometheus reads the new files');
  const undo = [await putFiles(server, files(derived))];
  const looked = async (look: () => Promise<readonly string[]>, deadline: number) => {
    const missing = derived.problem ? [derived.problem] : await until(look, deadline, context.signal);
    if (missing.length === 0) return undefined;
    return refused(`${missing.join('; ')}. ${await putAllBack(undo)}`, derived);
  };
  if (profile.metricsPath) {
    context.log.progress('waiting until Prometheus scrapes the pods');
    const unseen = await looked(() => seeEngine(server, service, profile, inputs.revision, false), targetDeadline);
    if (unseen) return unseen;
    // only a scraped engine tells the bucket edges of its histograms: on a first delivery the rules change once more
    const again = await derive(server, what);
    if (again.rules !== derived.rules) {
      derived = await examine(again, scrape, inputs.promtool, context);
      if (!derived.problem) undo.push(await putFiles(server, files(again)));
    }
  }
  return (
    (await looked(() => seeRules(server, derived.groups), rulesDeadline)) ?? verified(server, what, derived, context)
  );
}

/** By objects of the Prometheus operator, or by a ruler's API and the operator's scrape configuration, where there is an operator. */
async function withObjects(
  cluster: Cluster,
  server: Prometheus | undefined,
  stored: Ruler | undefined,
  what: Watched,
  inputs: RunInputs,
  context: Context,
) {
  const { service, profile, operator } = what;
  const { apply } = service;
  const scrape = stringify(scrapeFile(service, profile, {}));
  let derived = await examine(await derive(server, what), scrape, inputs.promtool, context);
  if (derived.problem) return refused(derived.problem, derived);
  const undo: PutBack[] = [];
  let former: string | undefined;
  const put = async (made: Derived): Promise<string | undefined> => {
    const objects = watchObjects(what, made);
    former = await replacedDefinitions(cluster, server, stored, what, made);
    if (apply) {
      const { folder, signal, log } = context;
      const watch = { folder, signal, progress: log.progress };
      const unseen = await applyByFolder(cluster, { apply }, 'monitor', objects, watch);
      if (unseen) return unseen;
    } else undo.push(await putObjects(cluster, objects, context.clients.applyObjects));
    if (stored) {
      context.log.progress('storing the rules in the ruler');
      try {
        undo.push(await replaceRulerRules(stored, rulerNamespace(service, what.series), made.groups));
      } catch (error) {
        await putAllBack(undo);
        throw error;
      }
    }
    return undefined;
  };
  const unseen = await put(derived);
  if (unseen) return { verdict: 'inconclusive' as const, reason: unseen, outputs: {}, evidence: derived.evidence };
  // before there was a ServiceMonitor: with both, every pod would be scraped twice
  if (operator) await removeFormer(cluster, service, 'PodMonitor');
  if (!server) {
    return {
      verdict: 'inconclusive' as const,
      reason: `${stored ? 'The rules were stored in the ruler' : 'PrometheusRule and ServiceMonitor were applied'}, but without prometheus-url nobody has seen ${stored ? 'it evaluate them' : 'a Prometheus take them'}.`,
      outputs: {},
      evidence: derived.evidence,
    };
  }
  const look = async () => [
    ...(profile.metricsPath ? await seeEngine(server, service, profile, inputs.revision, operator) : []),
    ...(await seeRules(server, derived.groups, former)),
  ];
  // the operator writes its configuration, and the server reads it, each in their own time
  const deadline = stored ? rulerDeadline : 2 * targetDeadline;
  let missing = await until(look, deadline, context.signal);
  if (missing.length === 0 && !apply) {
    // only a scraped engine tells the bucket edges of its histograms: on a first delivery the rules change once more
    const again = await derive(server, what);
    if (again.rules !== derived.rules) {
      derived = await examine(again, scrape, inputs.promtool, context);
      if (!derived.problem) await put(derived);
      missing = derived.problem ? [derived.problem] : await until(look, deadline, context.signal);
    }
  }
  if (missing.length > 0) {
    const advice = stored
      ? 'Does something in the cluster scrape the pods and send what it scrapes to that store, with the job fairway/<namespace>/<name> and monitoring.labels?'
      : `Do its serviceMonitorSelector and ruleSelector match the namespace ${service.namespace}?`;
    return refused(
      `Prometheus does not use ${stored ? 'what was stored' : 'the applied objects'}: ${missing.join('; ')}. ${advice}${apply ? '' : ` ${await putAllBack(undo)}`}`,
      derived,
    );
  }
  // the rules of an earlier delivery, which the Prometheus of the cluster would go on to evaluate
  if (stored && operator && !apply) await removeFormer(cluster, service, 'PrometheusRule');
  return verified(server, what, derived, context);
}

/** What Prometheus has loaded of rules that are about to be replaced by others; undefined when they are not. */
async function replacedDefinitions(
  cluster: Cluster,
  server: Prometheus | undefined,
  stored: Ruler | undefined,
  { service, series }: Watched,
  { groups }: Derived,
): Promise<string | undefined> {
  if (!server) return undefined;
  const object = stored ? undefined : await cluster.get(ruleObject(service, groups));
  const before = stored
    ? await stored.groups(rulerNamespace(service, series))
    : (object?.['spec'] as { readonly groups?: readonly StoredGroup[] } | undefined)?.groups;
  const byName = (those: readonly StoredGroup[]) => Object.fromEntries(those.map(group => [group.name, group]));
  if (!before || sameRules(byName(before), byName(groups))) return undefined;
  const names = groups.map(({ name }) => name);
  const loaded = await loadedRules(server, names);
  return loaded && definitionsOf(loaded);
}

async function removeFormer(cluster: Cluster, { name, namespace }: Service, kind: string): Promise<void> {
  const former = { apiVersion: operatorVersion, kind, metadata: { name, namespace } };
  if ((await cluster.serves(operatorVersion, kind)) && (await cluster.get(former))) await cluster.remove(former);
}

/** What is applied where the operator runs. */
function watchObjects(
  { service, profile, rules, operator }: Watched,
  { groups, dashboard }: Derived,
): readonly KubernetesObject[] {
  if (!operator) return [];
  return [
    ...(rules === 'operator' ? [ruleObject(service, groups)] : []),
    ...scrapeObjects(service, profile),
    dashboardObject(service, dashboard),
  ];
}

async function derive(
  server: Prometheus | undefined,
  { service, profile, gateway, rules, series }: Watched,
): Promise<Derived> {
  const edges = server ? await bucketEdges(server, service, profile, gateway) : new Map<string, readonly string[]>();
  const indicators = indicatorsOf(service, profile, gateway, edges, series);
  const made = ruleGroups(service, profile, gateway, indicators, series);
  const groups = rules === 'ruler' ? rulerGroups(made) : made;
  return {
    indicators,
    groups,
    rules: header + stringify({ groups }),
    dashboard: dashboard(service, dashboardRows(service, profile, gateway, indicators)),
    tests: file => stringify(ruleTests(service, profile, gateway, indicators, series, file)),
  };
}

/** Lets promtool judge what was derived, and keeps all of it as evidence. */
async function examine(derived: Derived, scrape: string, promtool: string, context: Context): Promise<Examined> {
  const checked = await check(promtool, { ...derived, scrape }, context.signal);
  const evidence = [
    await context.evidence('rules.yml', 'application/yaml', derived.rules),
    await context.evidence('scrape.yml', 'application/yaml', scrape),
    await context.evidence('rule-tests.yml', 'application/yaml', derived.tests('rules.yml')),
    await context.evidence('dashboard.json', 'application/json', derived.dashboard),
    await context.evidence('promtool.txt', 'text/plain', `${checked.output}\n`),
  ];
  return { ...derived, problem: checked.problem, evidence };
}

async function verified(
  server: Prometheus,
  { service, profile, gateway, operator, series }: Watched,
  derived: Examined,
  context: Context,
) {
  const rules = derived.groups.reduce((sum, group) => sum + group.rules.length, 0);
  const targets = await targetsOf(server, service, operator);
  const outputs = { rules: String(rules), targets: String(targets.length), gateway: gateway.name };
  const unseen = service.gateway && `${unwatched(derived.indicators)} by policy (gateway.own): ${service.gateway.own}`;
  const limitations = [
    ...(unseen ? [`${unseen}.`] : []),
    ...derived.indicators.flatMap(indicator => indicator.limitation ?? []),
    ...genAi(service, profile, series).limitations,
  ];
  const summary =
    limitations.length > 0
      ? `What the rules do not see:\n\n${limitations.map(text => `- ${text}`).join('\n')}`
      : undefined;
  for (const text of limitations) context.log.info(text);
  if (!service.gateway) context.log.progress("waiting for the gateway's metrics");
  const missing = service.gateway
    ? []
    : await until(() => seeGateway(server, service, gateway), rulesDeadline, context.signal);
  const loaded = `Prometheus has loaded ${rules} rules and scrapes ${targets.length} pod${targets.length === 1 ? '' : 's'}`;
  return missing.length > 0
    ? {
        verdict: 'inconclusive' as const,
        reason: `${loaded}, but availability cannot be judged: ${missing.join('; ')}. Let Prometheus scrape the gateway's proxies.`,
        outputs,
        evidence: derived.evidence,
        summary,
      }
    : {
        verdict: 'pass' as const,
        reason: `${loaded}; promtool's tests of them pass.${unseen ? ` ${unseen}.` : ''}`,
        outputs,
        evidence: derived.evidence,
        summary,
      };
}

/** The objectives that nobody watches here, as the beginning of a sentence. */
function unwatched(indicators: readonly Indicator[]): string {
  const watched = new Set(indicators.map(({ objective }) => objective));
  const names = (['availability', 'time-to-first-token', 'inter-token-latency'] as const)
    .filter(name => !watched.has(name))
    .map(name => name.replaceAll('-', ' '));
  return `These objectives are not watched: ${names.join(', ')};`;
}

function refused(problem: string, derived: Examined) {
  return { verdict: 'fail' as const, reason: `${problem}.`, outputs: {}, evidence: derived.evidence };
}
