import type { RootConfigService } from '@backstage/backend-plugin-api';
import type { ClusterLabels } from '@fairway/indicators';
import { redacted } from '@fairway/clients/redacted';
import type { HttpLogin } from '@fairway/clients/http-login';
import { Cluster, loadKubeconfig, podKubeconfig, tokenKubeconfig } from '@fairway/clients/kubernetes/index';
import type { TokenLogin } from '@fairway/clients/kubernetes/kubeconfig';
import { configuredLogin, type LearnSecret } from './configured-login.ts';
import { LocatedClusters } from './located-clusters.ts';

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
  const entries = config.getOptionalConfigArray('fairway.clusters') ?? [];
  const located = new LocatedClusters(config);
  located.checkWatchable(entries.filter(isReference).map(entry => entry.getString('name')));
  const connections = entries.map(entry => connection(entry, located, learn));
  const names = connections.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(
      `Two entries of fairway.clusters in the app-config have the name "${twice}". Give each cluster a name of its own.`,
    );
  return connections;
}

/** Whether an entry has a name alone of what says where its cluster is. */
function isReference(entry: Config): boolean {
  return !entry.has('kubeconfig') && !entry.has('url') && !entry.getOptionalBoolean('inCluster');
}

function connection(entry: Config, located: LocatedClusters, learn: LearnSecret): ClusterConnection {
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
    open: opener(name, entry, located, learn),
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

function opener(name: string, entry: Config, located: LocatedClusters, learn: LearnSecret): ClusterConnection['open'] {
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
  if (url !== undefined) {
    const token = entry.getString('serviceAccountToken');
    return byToken(name, { url, token, caData: entry.getOptionalString('caData') }, 'fairway.clusters');
  }
  const known = located.find(name);
  if (known) {
    const login = located.login(name, known, learn);
    return login ? byToken(name, login, 'kubernetes.clusterLocatorMethods') : ofPod(name);
  }
  throw new Error(
    `The cluster "${name}" of fairway.clusters in the app-config has neither kubeconfig, url nor inCluster, and ${located.missing}. Give a kubeconfig with its context, a url with serviceAccountToken and caData, or inCluster: true.`,
  );
}

function ofPod(name: string): ClusterConnection['open'] {
  return signal => new Cluster(podKubeconfig(), name, signal);
}

function byToken(name: string, login: TokenLogin, place: string): ClusterConnection['open'] {
  const { url, token } = login;
  if (token !== undefined && !url.startsWith('https://'))
    throw new Error(
      `The url of the cluster "${name}" of ${place} in the app-config must begin with https://, since a token is sent there; found "${redacted(url)}".`,
    );
  return signal => new Cluster(tokenKubeconfig(name, login), name, signal);
}
