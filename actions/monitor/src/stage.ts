import { stringify } from 'yaml';
import { engineProfile } from '@fairway/engines';
import { loadService } from '@fairway/service';
import type { EngineProfile } from '@fairway/engines';
import type { Service } from '@fairway/service';
import { defineStage } from '@fairway/stage';
import type { Evidence, StageContext } from '@fairway/stage';
import { clusterInputs } from '@fairway/stage/cluster-inputs';
import { prometheusLoginInputs } from '@fairway/stage/prometheus-inputs';
import type { Cluster, KubernetesObject } from '@fairway/clients/kubernetes/index';
import { prometheus } from '@fairway/clients/prometheus/index';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import { gatewayTargets, readTarget, targetOfService } from '@fairway/targets/gateway/find';
import { parseGateway } from '@fairway/targets/gateway/references';
import { chatRoute } from '@fairway/targets/gateway/state';
import type { GatewayTarget } from '@fairway/targets/gateway/target';
import { prometheusLogin } from '@fairway/targets/metrics/prometheus-access';
import { serviceFiles } from '@fairway/targets/metrics/service-files';
import { applyByFolder } from '@fairway/targets/rendering/by-folder';
import { check } from './check.ts';
import { replaceFiles } from './files.ts';
import { dashboard, dashboardObject, dashboardRows } from './dashboard.ts';
import { genAi } from './gen-ai.ts';
import { indicatorsOf } from './indicators.ts';
import type { Indicator } from './indicators.ts';
import { operatorObjects, operatorVersion } from './operator-objects.ts';
import { ruleGroups } from './rules.ts';
import type { Group } from './rules.ts';
import { ruleTests } from './rule-tests.ts';
import { kubernetesAccess, scrapeFile } from './scrape.ts';
import { bucketEdges, seeEngine, seeGateway, seeRules, targetsOf, until } from './verify.ts';

/** Milliseconds until Prometheus must have found the pods, and loaded the rules. */
const targetDeadline = 60_000;
const rulesDeadline = 30_000;
/** More than the time between two scrapes of a common Prometheus. */
const scrapeDeadline = 20_000;

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
    };
  },
  async key(_inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const profile = engineProfile(service.engine.name);
    // which one the service is at only the cluster knows; `lost` sees when it is at another one
    const groups = gatewayTargets.map(gateway =>
      ruleGroups(service, profile, gateway, indicatorsOf(service, profile, gateway, new Map())),
    );
    return { rules: JSON.stringify(groups), scrape: JSON.stringify(scrapeFile(service, profile, {})) };
  },
  async lost(inputs, outputs, context) {
    const server = context.clients.prometheus(context.signal);
    if (!server) return undefined;
    const service = await loadService(context.folder, context.environment);
    const profile = engineProfile(service.engine.name);
    const prefix = `fairway:${service.namespace}/${service.name}:`;
    if (!(await server.rules()).some(group => group.name.startsWith(prefix)))
      return 'Prometheus no longer has the rules';
    const gateway = await targetOfService(await context.clients.cluster(context.signal), service);
    if (gateway.name !== (outputs['gateway'] ?? gatewayTargets[0]?.name))
      return `the service is at a gateway of ${gateway.name} now`;
    if (!profile.metricsPath) return undefined;
    // a target that a release has just labelled anew is unknown until its next scrape
    const look = async () => (await seeEngine(server, service, profile, inputs.revision)).missing;
    return (await until(look, scrapeDeadline, context.signal))[0];
  },
  async render(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const profile = engineProfile(service.engine.name);
    const cluster = await context.clients.cluster(context.signal);
    if (!(await cluster.serves(operatorVersion, 'PrometheusRule')))
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
    const what: Watched = { service, profile, gateway };
    const derived = await derive(context.clients.prometheus(context.signal), what);
    return { objects: watchObjects(what, derived), outputs: {}, notes: [] };
  },
  async run(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const profile = engineProfile(service.engine.name);
    const cluster = await context.clients.cluster(context.signal);
    const operator = await cluster.serves(operatorVersion, 'PrometheusRule');
    const server = context.clients.prometheus(context.signal);
    const directory = inputs['prometheus-directory'];
    if (!operator && (!server || !directory)) {
      return {
        verdict: 'inconclusive',
        reason: `The cluster runs no Prometheus operator and ${server ? 'prometheus-directory' : 'prometheus-url'} is not given, so nothing watches the objectives. Name the Prometheus that shall.`,
        outputs: {},
        evidence: [],
      };
    }
    const what: Watched = { service, profile, gateway: await targetOfService(cluster, service) };
    if (operator) return withOperator(cluster, server, what, inputs, context);
    return withFiles(server as Prometheus, directory as string, what, inputs, context);
  },
});

/** What is watched, and at which kind of gateway. */
interface Watched {
  readonly service: Service;
  readonly profile: EngineProfile;
  readonly gateway: GatewayTarget;
}

interface RunInputs {
  readonly revision: string;
  readonly promtool: string;
}

type Context = StageContext<{
  readonly applyObjects: typeof import('@fairway/clients/kubernetes/index').applyObjects;
  cluster(signal: AbortSignal): Promise<Cluster>;
  prometheus(signal: AbortSignal): Prometheus | undefined;
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
  const undo = [await load(server, files(derived))];
  const looked = async (look: () => Promise<readonly string[]>, deadline: number) => {
    const missing = derived.problem ? [derived.problem] : await until(look, deadline, context.signal);
    if (missing.length === 0) return undefined;
    for (const step of undo.reverse()) await step();
    return refused(`${missing.join('; ')}. The former configuration was put back`, derived);
  };
  if (profile.metricsPath) {
    context.log.progress('waiting until Prometheus scrapes the pods');
    const unseen = await looked(
      async () => (await seeEngine(server, service, profile, inputs.revision)).missing,
      targetDeadline,
    );
    if (unseen) return unseen;
    // only a scraped engine tells the bucket edges of its histograms: on a first delivery the rules change once more
    const again = await derive(server, what);
    if (again.rules !== derived.rules) {
      derived = await examine(again, scrape, inputs.promtool, context);
      if (!derived.problem) undo.push(await load(server, files(again)));
    }
  }
  return (
    (await looked(() => seeRules(server, derived.groups), rulesDeadline)) ?? verified(server, what, derived, context)
  );
}

async function withOperator(
  cluster: Cluster,
  server: Prometheus | undefined,
  what: Watched,
  inputs: RunInputs,
  context: Context,
) {
  const { service, profile } = what;
  const scrape = stringify(scrapeFile(service, profile, {}));
  const derived = await examine(await derive(server, what), scrape, inputs.promtool, context);
  if (derived.problem) return refused(derived.problem, derived);
  const objects = watchObjects(what, derived);
  const { apply } = service;
  if (apply) {
    const { folder, signal, log } = context;
    const unseen = await applyByFolder(cluster, { apply }, 'monitor', objects, {
      folder,
      signal,
      progress: log.progress,
    });
    if (unseen) return { verdict: 'inconclusive' as const, reason: unseen, outputs: {}, evidence: derived.evidence };
  } else await context.clients.applyObjects(cluster, objects);
  // before there was a ServiceMonitor: with both, every pod would be scraped twice
  const former = {
    apiVersion: operatorVersion,
    kind: 'PodMonitor',
    metadata: { name: service.name, namespace: service.namespace },
  };
  if (await cluster.get(former)) await cluster.remove(former);
  if (!server) {
    return {
      verdict: 'inconclusive' as const,
      reason:
        'PrometheusRule and ServiceMonitor were applied, but without prometheus-url nobody has seen a Prometheus take them.',
      outputs: {},
      evidence: derived.evidence,
    };
  }
  const look = async () => [
    ...(profile.metricsPath ? (await seeEngine(server, service, profile, inputs.revision)).missing : []),
    ...(await seeRules(server, derived.groups)),
  ];
  // the operator writes its configuration, and the server reads it, each in their own time
  const missing = await until(look, 2 * targetDeadline, context.signal);
  if (missing.length > 0)
    return refused(
      `Prometheus does not use the applied objects: ${missing.join('; ')}. Do its serviceMonitorSelector and ruleSelector match the namespace ${service.namespace}?`,
      derived,
    );
  return verified(server, what, derived, context);
}

/** What is applied where the operator runs. */
function watchObjects({ service, profile }: Watched, { groups, dashboard }: Derived): readonly KubernetesObject[] {
  return [...operatorObjects(service, profile, groups), dashboardObject(service, dashboard)];
}

async function derive(server: Prometheus | undefined, { service, profile, gateway }: Watched): Promise<Derived> {
  const edges = server ? await bucketEdges(server, service, profile, gateway) : new Map<string, readonly string[]>();
  const indicators = indicatorsOf(service, profile, gateway, edges);
  const groups = ruleGroups(service, profile, gateway, indicators);
  return {
    indicators,
    groups,
    rules: header + stringify({ groups }),
    dashboard: dashboard(service, dashboardRows(service, profile, gateway, indicators)),
    tests: file => stringify(ruleTests(service, profile, gateway, indicators, file)),
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

/** Puts files in place and makes Prometheus read them; a Prometheus that refuses them gets the former ones back. */
async function load(server: Prometheus, files: ReadonlyMap<string, string>): Promise<() => Promise<void>> {
  const putBack = await replaceFiles(files);
  const undo = async () => {
    await putBack();
    await server.reload();
  };
  try {
    await server.reload();
  } catch (error) {
    await putBack();
    throw error;
  }
  return undo;
}

async function verified(
  server: Prometheus,
  { service, profile, gateway }: Watched,
  derived: Examined,
  context: Context,
) {
  const rules = derived.groups.reduce((sum, group) => sum + group.rules.length, 0);
  const targets = await targetsOf(server, service);
  const outputs = { rules: String(rules), targets: String(targets.length), gateway: gateway.name };
  const unseen = service.gateway && `${unwatched(derived.indicators)} by policy (gateway.own): ${service.gateway.own}`;
  const limitations = [
    ...(unseen ? [`${unseen}.`] : []),
    ...derived.indicators.flatMap(indicator => indicator.limitation ?? []),
    ...genAi(service, profile).limitations,
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
