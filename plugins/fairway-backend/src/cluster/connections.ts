import type { RootConfigService } from '@backstage/backend-plugin-api';
import type { ClusterLabels } from '@fairway/indicators';
import { redacted } from '@fairway/clients/redacted';
import type { HttpLogin } from '@fairway/clients/http-login';
import { Cluster, loadKubeconfig, podKubeconfig, tokenKubeconfig } from '@fairway/clients/kubernetes/index';
import { configuredLogin, type LearnSecret } from './configured-login.ts';

/** One entry of `fairway.clusters`. */
export interface ClusterConnection {
  readonly name: string;
  readonly prometheusUrl?: string;
  readonly prometheusLogin: HttpLogin;
  /** By which the store of the metrics, and an Alertmanager of several clusters, tell this one from others. */
  readonly prometheusLabels: ClusterLabels;
  readonly alertmanagerUrl?: string;
  readonly alertmanagerLogin: HttpLogin;
  readonly logsUrl?: string;
  readonly ledgerUrl?: string;
  /** Whether its login may move the traffic of services. */
  readonly actions: boolean;
  /** @throws ToolError when the kubeconfig cannot be used */
  open(signal: AbortSignal): Cluster;
}

type Config = ReturnType<RootConfigService['getConfig']>;

/**
 * @param learn for who uses the logins of the connections
 * @throws Error that names the key of the configuration which is missing or too much
 */
export function clusterConnections(
  config: RootConfigService,
  learn: LearnSecret = () => undefined,
): readonly ClusterConnection[] {
  const located = locatedClusters(config);
  const connections = (config.getOptionalConfigArray('fairway.clusters') ?? []).map(entry =>
    connection(entry, located, learn),
  );
  const names = connections.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(
      `Two entries of fairway.clusters in the app-config have the name "${twice}". Give each cluster a name of its own.`,
    );
  return connections;
}

/** The clusters that the configuration of Backstage's own Kubernetes plugin lists. */
function locatedClusters(config: RootConfigService): readonly Config[] {
  return (config.getOptionalConfigArray('kubernetes.clusterLocatorMethods') ?? [])
    .filter(method => method.getString('type') === 'config')
    .flatMap(method => method.getOptionalConfigArray('clusters') ?? []);
}

function connection(entry: Config, located: readonly Config[], learn: LearnSecret): ClusterConnection {
  const name = entry.getString('name');
  return {
    name,
    prometheusUrl: entry.getOptionalString('prometheusUrl'),
    prometheusLogin: configuredLogin('prometheus', name, entry, learn),
    prometheusLabels: labels(name, entry),
    alertmanagerUrl: entry.getOptionalString('alertmanagerUrl'),
    alertmanagerLogin: configuredLogin('alertmanager', name, entry, learn),
    logsUrl: entry.getOptionalString('logsUrl'),
    ledgerUrl: entry.getOptionalString('ledgerUrl'),
    actions: entry.getOptionalBoolean('actions') ?? false,
    open: opener(name, entry, located),
  };
}

function labels(cluster: string, entry: Config): ClusterLabels {
  const given = entry.getOptional<Record<string, unknown>>('prometheusLabels') ?? {};
  const wrong = Object.entries(given).find(
    ([name, value]) => !/^[a-zA-Z_]\w*$/.test(name) || typeof value !== 'string' || value === '',
  );
  if (wrong)
    throw new Error(
      `prometheusLabels of the cluster "${cluster}" of fairway.clusters in the app-config has ${JSON.stringify(wrong[0])}: ${JSON.stringify(wrong[1])}. Give names and values of labels, such as cluster: prod-eu.`,
    );
  return given as ClusterLabels;
}

function opener(name: string, entry: Config, located: readonly Config[]): ClusterConnection['open'] {
  const kubeconfig = entry.getOptionalString('kubeconfig');
  const url = entry.getOptionalString('url');
  const inCluster = entry.getOptionalBoolean('inCluster') || undefined;
  const given = Object.entries({ kubeconfig, url, inCluster }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    throw new Error(
      `The cluster "${name}" of fairway.clusters in the app-config has ${given.map(([key]) => key).join(' and ')}. Give one of them.`,
    );
  if (inCluster) return ofPod(name);
  if (kubeconfig !== undefined) {
    // never the current context, which may be anything
    const context = entry.getString('context');
    return signal => new Cluster(loadKubeconfig(kubeconfig, context), context, signal);
  }
  if (url !== undefined) return byToken(name, entry, 'fairway.clusters');
  const known = located.find(cluster => cluster.getOptionalString('name') === name);
  if (known) return ofLocator(name, known);
  throw new Error(
    `The cluster "${name}" of fairway.clusters in the app-config has neither kubeconfig, url nor inCluster, and kubernetes.clusterLocatorMethods has no cluster of this name. Give a kubeconfig with its context, a url with serviceAccountToken and caData, or inCluster: true.`,
  );
}

function ofPod(name: string): ClusterConnection['open'] {
  return signal => new Cluster(podKubeconfig(), name, signal);
}

function byToken(name: string, entry: Config, place: string): ClusterConnection['open'] {
  const url = entry.getString('url');
  if (!url.startsWith('https://'))
    throw new Error(
      `The url of the cluster "${name}" of ${place} in the app-config must begin with https://, since a token is sent there; found "${redacted(url)}".`,
    );
  const login = { url, token: entry.getString('serviceAccountToken'), caData: entry.getOptionalString('caData') };
  return signal => new Cluster(tokenKubeconfig(name, login), name, signal);
}

/** A cluster as Backstage's own Kubernetes plugin has it in the configuration. */
function ofLocator(name: string, cluster: Config): ClusterConnection['open'] {
  const provider = cluster.getOptionalString('authProvider');
  if (provider !== 'serviceAccount')
    throw new Error(
      `The cluster "${name}" of kubernetes.clusterLocatorMethods in the app-config signs in by ${provider ?? 'nothing'}; its watches need an account of their own, so authProvider must be serviceAccount. Or give kubeconfig, url or inCluster in fairway.clusters.`,
    );
  // without a token the plugin takes the account of its pod, too
  if (cluster.getOptionalString('serviceAccountToken') === undefined) return ofPod(name);
  return byToken(name, cluster, 'kubernetes.clusterLocatorMethods');
}
