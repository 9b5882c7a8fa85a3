import { ConfigurationError } from '@fairway/service';
import { type Reason, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import {
  frontLabel,
  managedLabels,
  revisionLabel,
  revisionLabels,
  serviceLabels,
  servingLabel,
} from '@fairway/clients/kubernetes/names';
import type { KubernetesObject } from '@fairway/clients/kubernetes/objects';
import { podShares } from '@fairway/clients/kubernetes/traffic';
import type { Traffic } from '../traffic.ts';
import { labelUsers } from './users-label.ts';
import { versions } from './versions.ts';

interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

interface Front extends KubernetesObject {
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

/** Where a gateway of the team sends users: a port that stays when `serving.port` changes. */
const frontPort = 80;

/**
 * The Service that users reach. Its pods are those of one version, or of all versions during a step, and then their number is the share.
 * It has not the labels of the versions' Services, or Prometheus would find each pod twice.
 * @param revision the only version that users reach; undefined: all versions
 */
export function frontService({ namespace, name }: ServiceName, revision: string | undefined): KubernetesObject {
  const versions = revision === undefined ? serviceLabels(name) : revisionLabels(name, revision);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, labels: { ...managedLabels, [frontLabel]: name } },
    spec: {
      selector: { ...versions, [servingLabel]: 'true' },
      ports: [{ name: 'http', port: frontPort, targetPort: 'http', protocol: 'TCP' }],
    },
  };
}

/** That Service as it is; undefined when there is none of ours. */
export async function readFront(cluster: Cluster, { namespace, name }: ServiceName): Promise<Front | undefined> {
  const found = await cluster.get<Front>({ apiVersion: 'v1', kind: 'Service', metadata: { namespace, name } });
  return found?.metadata.labels?.[frontLabel] === name ? found : undefined;
}

/** What keeps us from making that Service, as a paragraph; undefined when nothing does. */
export async function foreignFront(cluster: Cluster, { namespace, name }: ServiceName): Promise<Reason | undefined> {
  const found = await cluster.get({ apiVersion: 'v1', kind: 'Service', metadata: { namespace, name } });
  if (!found || found.metadata.labels?.[frontLabel] === name) return undefined;
  return reasonOf('gateway.foreignFront', { service: `${namespace}/${name}` });
}

/** Users by the number of pods: for a cluster in which no gateway weighs for Fairway. */
export class PodTraffic implements Traffic {
  readonly #cluster: Cluster;
  readonly #service: ServiceName;

  constructor(cluster: Cluster, service: ServiceName) {
    this.#cluster = cluster;
    this.#service = service;
  }

  async shares(): Promise<ReadonlyMap<string, number>> {
    const { namespace, name } = this.#service;
    const [front, found] = await Promise.all([
      readFront(this.#cluster, this.#service),
      versions(this.#cluster, namespace, name),
    ]);
    const only = front?.spec?.selector?.[revisionLabel];
    return podShares(found, revision => front !== undefined && (only === undefined || only === revision));
  }

  async set(shares: ReadonlyMap<string, number>): Promise<void> {
    const whole = [...shares].find(([, share]) => share === 100)?.[0];
    const reached = (revision: string) => (shares.get(revision) ?? 0) > 0;
    const foreign = await foreignFront(this.#cluster, this.#service);
    if (foreign) throw new ConfigurationError(foreign);
    // whoever reads the labels may take a version for one with users, never the other way round
    if (whole === undefined) await this.#label(reached);
    await applyObjects(this.#cluster, [frontService(this.#service, whole)]);
    await this.#label(reached);
  }

  async #label(reached: (revision: string) => boolean): Promise<void> {
    const { namespace, name } = this.#service;
    await labelUsers(this.#cluster, await this.#cluster.list('v1', 'Service', namespace, serviceLabels(name)), reached);
    // for the portal, which does not watch Services
    await labelUsers(this.#cluster, await versions(this.#cluster, namespace, name), reached);
  }
}
