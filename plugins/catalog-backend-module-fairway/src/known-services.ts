import { stringifyError } from '@backstage/errors';
import { isEntityName, ownerReference } from '@fairway/backstage-plugin-fairway-common';
import type { DeploymentView, ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import type { FairwayBackend } from './fairway-backend.ts';

/** A service as far as the catalog tells of it. */
export interface KnownService {
  readonly name: string;
  readonly namespace: string;
  /** A whole entity reference. */
  readonly owner: string;
  readonly system?: string;
  /** Clusters that run it. */
  readonly clusters: readonly string[];
  /** Whether the clusters that had it have it no more. */
  readonly decommissioned: boolean;
  /** Absent for a service that runs and was never delivered through this portal. */
  readonly delivered?: Pick<
    ServiceSummary,
    'engine' | 'model' | 'url' | 'projectSlug' | 'repository' | 'repositoryAt' | 'docs'
  >;
}

export interface KnownServices {
  readonly services: readonly KnownService[];
  /** Whether everything answered: only then may what is absent be taken away. */
  readonly complete: boolean;
  /** What did not answer. */
  readonly notice?: string;
  /** What single services have wrong; they take nothing from the others. */
  readonly problems: readonly string[];
}

/**
 * The services that were delivered and those that run.
 * @throws when the deliveries cannot be read; clusters that are silent only make the answer incomplete
 */
export async function knownServices(
  backend: Pick<FairwayBackend, 'ask'>,
  unknownOwner: string,
): Promise<KnownServices> {
  const [services, running] = await Promise.all([backend.ask('services'), deployments(backend)]);
  const delivered = services.answer.items;
  const places = new Set(delivered.map(({ namespace, name }) => `${namespace}/${name}`));
  const clustersOf = clustersByService(running.items);
  return {
    services: [
      ...delivered.map(service => ({
        name: service.name,
        namespace: service.namespace,
        owner: ownerReference(service.owner) ?? unknownOwner,
        system: service.system !== undefined && isEntityName(service.system) ? service.system : undefined,
        clusters: clustersOf(service.namespace, service.name),
        decommissioned: service.state === 'decommissioned',
        delivered: service,
      })),
      ...onlyRunning(running.items.filter(item => !places.has(`${item.namespace}/${item.service}`))).map(item => ({
        name: item.service,
        namespace: item.namespace,
        owner: unknownOwner,
        clusters: clustersOf(item.namespace, item.service),
        decommissioned: false,
      })),
    ],
    complete: running.notice === undefined && services.unreadable.length === 0,
    notice: running.notice,
    problems: [
      ...services.unreadable.map(problem => `Left out of the catalog: ${problem}`),
      ...delivered.flatMap(({ name, problems = [] }) => problems.map(problem => `The service ${name}: ${problem}`)),
    ],
  };
}

async function deployments(
  backend: Pick<FairwayBackend, 'ask'>,
): Promise<{ items: readonly DeploymentView[]; notice?: string }> {
  try {
    const { answer, unreadable } = await backend.ask('deployments');
    const { clusters, items } = answer;
    if (unreadable.length > 0)
      return { items, notice: `Nothing is taken out of the catalog: ${unreadable.join('; ')}` };
    const silent = clusters.filter(cluster => cluster.state !== 'live');
    if (silent.length === 0) return { items };
    const names = silent.map(cluster => `${cluster.name} (${cluster.state})`).join(', ');
    return { items, notice: `Nothing is taken out of the catalog while a cluster is not watched: ${names}.` };
  } catch (error) {
    return {
      items: [],
      notice: `What runs in the clusters could not be read, so nothing is taken out of the catalog: ${stringifyError(error)}`,
    };
  }
}

/** One of each namespace and name: several clusters may run it. */
function onlyRunning(items: readonly DeploymentView[]): DeploymentView[] {
  return [
    ...new Map(items.toReversed().map(item => [`${item.namespace}/${item.service}`, item])).values(),
  ].toReversed();
}

function clustersByService(items: readonly DeploymentView[]): (namespace: string, name: string) => string[] {
  const found = Map.groupBy(items, ({ namespace, service }) => `${namespace}/${service}`);
  return (namespace, name) => [
    ...new Set((found.get(`${namespace}/${name}`) ?? []).map(({ cluster }) => cluster).sort()),
  ];
}
