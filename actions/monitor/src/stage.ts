import { engineProfile, engineVersion, metricsOfVersion } from '@fairway/engines';
import type { EngineProfile } from '@fairway/engines';
import { storedSeries } from '@fairway/indicators';
import { ConfigurationError, loadService } from '@fairway/service';
import type { Service } from '@fairway/service';
import { english, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { defineStage } from '@fairway/stage';
import { clusterInputs, gitopsInputs } from '@fairway/stage/cluster-inputs';
import { prometheusLoginInputs } from '@fairway/stage/prometheus-inputs';
import { prometheus } from '@fairway/clients/prometheus/index';
import type { Prometheus } from '@fairway/clients/prometheus/index';
import { ruler } from '@fairway/clients/ruler/index';
import { gatewayTargets, readTarget, targetOfService } from '@fairway/targets/gateway/find';
import { parseGateway } from '@fairway/targets/gateway/references';
import { chatRoute } from '@fairway/targets/gateway/state';
import { prometheusLogin } from '@fairway/targets/metrics/prometheus-access';
import { askedLabels } from './asked-labels.ts';
import { indicatorsOf } from './indicators.ts';
import { operatorVersion } from './operator-objects.ts';
import { nothingAsked } from './operator-selectors.ts';
import { groupNames, ruleGroups } from './rules.ts';
import { scrapeFile } from './scrape.ts';
import { loadedRules, seeEngine, until } from './verify.ts';
import { derive, watched } from './derived.ts';
import { withFiles } from './with-files.ts';
import { watchObjects, withObjects } from './with-objects.ts';

/** More than the time between two scrapes of a common Prometheus. */
const scrapeDeadline = 20_000;

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
    ...gitopsInputs,
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
    const profile = await versionProfile(context.folder, service);
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
    const profile = await versionProfile(context.folder, service);
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
    const [unseen] = await until(look, scrapeDeadline, context.signal);
    return unseen && english(unseen);
  },
  async render(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const profile = await versionProfile(context.folder, service);
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
    const server = context.clients.prometheus(context.signal);
    const asked = await askedLabels(cluster, server, service);
    const what = watched(
      service,
      profile,
      inputs.revision,
      gateway,
      inputs['ruler-url'] ? 'ruler' : 'operator',
      true,
      asked,
    );
    const derived = await derive(server, what);
    return {
      objects: watchObjects(what, derived),
      outputs: {},
      notes: [
        ...(inputs['ruler-url'] ? ['The rules are no objects: monitor stores them in the ruler.'] : []),
        ...(asked.problem ? [english(asked.problem)] : []),
      ],
    };
  },
  async run(inputs, context) {
    const service = await loadService(context.folder, context.environment);
    const profile = await versionProfile(context.folder, service);
    const cluster = await context.clients.cluster(context.signal);
    const operator = await cluster.serves(operatorVersion, 'PrometheusRule');
    const server = context.clients.prometheus(context.signal);
    const stored = context.clients.ruler(context.signal);
    const directory = inputs['prometheus-directory'];
    if (stored && directory) throw new ConfigurationError(reasonOf('input.ruler'));
    if (!stored && !operator && (!server || !directory)) {
      return {
        verdict: 'inconclusive',
        reason: reasonOf('monitor.nobody', { input: server ? 'prometheus-directory' : 'prometheus-url' }),
        outputs: {},
        evidence: [],
      };
    }
    const rules = stored ? 'ruler' : operator ? 'operator' : 'files';
    const scraped = rules !== 'files' && (await cluster.serves(operatorVersion, 'ServiceMonitor'));
    const asked = scraped || operator ? await askedLabels(cluster, server, service) : nothingAsked;
    const what = watched(
      service,
      profile,
      inputs.revision,
      await targetOfService(cluster, service),
      rules,
      scraped,
      asked,
    );
    if (rules === 'files') return withFiles(server as Prometheus, directory as string, what, inputs, context);
    return withObjects(cluster, server, stored, what, inputs, context);
  },
});

/** The engine with the names that its version has for metrics: what is known before Prometheus has scraped a pod. */
async function versionProfile(folder: string, service: Service): Promise<EngineProfile> {
  const { name } = service.engine;
  return { ...engineProfile(name), metrics: metricsOfVersion(name, await engineVersion(folder, service)) };
}
