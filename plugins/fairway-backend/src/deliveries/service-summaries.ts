import {
  catalogProblems,
  codedCatalogProblems,
  type DeploymentView,
  folderPage,
  runRepository,
  type ServicePlace,
  type ServiceSummary,
} from '@fairway/backstage-plugin-fairway-common';
import type { AlertViews } from '../alert-views.ts';
import { goneSince, goneUntil } from '../presence/presence.ts';
import { codedOf } from './coded-column.ts';
import type { DeliveryRow } from './row.ts';
import { lastDeliveryOf, releaseOf, servicePlaces } from './service-places.ts';
import { runsUntil } from './silence.ts';
import type { StoredService, StoredServices, StoredState } from './stored-services.ts';
import type { Described, FromRun, Tested } from './telling-deliveries.ts';

type Views = readonly DeploymentView[];

/** A summary and what it was drawn from, beside the numbers of alerts that it shows. */
interface Drawn {
  readonly summary: ServiceSummary;
  readonly names: StoredState['names'];
  readonly views: Views;
  /** Milliseconds since 1970 from which it may say something else. */
  readonly until: number;
}

const none: Views = [];

/** Services as the pages show them. One of which nothing changed is the same object as the last time. */
export class ServiceSummaries {
  readonly #stored: StoredServices;
  readonly #firing: AlertViews['firing'];
  readonly #drawn = new WeakMap<StoredService, Drawn>();
  #deployments: Views = none;
  /** Those by namespace/name. */
  #views: ReadonlyMap<string, Views> = new Map();

  constructor(stored: StoredServices, firing: AlertViews['firing']) {
    this.#stored = stored;
    this.#firing = firing;
  }

  /**
   * By name.
   * @param deployments what the clusters have of them now
   * @param wanted      default: all
   */
  async list(
    deployments: Views,
    wanted: (service: StoredService) => boolean = () => true,
  ): Promise<readonly ServiceSummary[]> {
    const { services, names } = await this.#stored.read();
    const views = this.#byService(deployments);
    const now = new Date();
    const summaries: ServiceSummary[] = [];
    for (const [key, service] of services)
      if (wanted(service)) summaries.push(this.#summary(service, names, views.get(key) ?? none, now));
    return summaries;
  }

  /** @returns undefined for one of which no delivery has read fairway.yaml */
  async get(
    deployments: Views,
    { namespace, service }: { readonly namespace: string; readonly service: string },
  ): Promise<ServiceSummary | undefined> {
    const { services, names } = await this.#stored.read();
    const found = services.get(`${namespace}/${service}`);
    const views = deployments.filter(view => view.namespace === namespace && view.service === service);
    return found && this.#summary(found, names, views, new Date());
  }

  #byService(deployments: Views): ReadonlyMap<string, Views> {
    if (!same(this.#deployments, deployments))
      this.#views = Map.groupBy(deployments, ({ namespace, service }) => `${namespace}/${service}`);
    this.#deployments = deployments;
    return this.#views;
  }

  #summary(service: StoredService, names: StoredState['names'], views: Views, now: Date): ServiceSummary {
    const drawn = this.#drawn.get(service);
    if (drawn && drawn.names === names && now.getTime() < drawn.until && same(drawn.views, views)) {
      const { summary } = drawn;
      const { name, namespace } = summary;
      const unchanged =
        this.#firing({ service: name, namespace }) === summary.firingAlerts &&
        summary.places.every(
          ({ cluster, firingAlerts }) => this.#firing({ service: name, namespace, cluster }) === firingAlerts,
        );
      if (unchanged) return summary;
    }
    const summary = summaryOf(service, names, views, this.#firing, now);
    this.#drawn.set(service, { summary, names, views, until: holdsUntil(service, now) });
    return summary;
  }
}

function summaryOf(
  service: StoredService,
  names: StoredState['names'],
  views: Views,
  firing: AlertViews['firing'],
  now: Date,
): ServiceSummary {
  const { described: row, last, released: production, tested: load, fromRun, seen } = service;
  const { service: name, namespace } = row;
  const places = servicePlaces(service, names, views, firing, now);
  const runs = places.some(({ state }) => state === 'serving' || state === 'not-serving');
  const decommissionedAt = runs ? undefined : goneSince(seen, now);
  const fields = { owner: row.owner, system: row.system ?? undefined };
  const problems = catalogProblems(fields);
  // what runs is what was released; the newest file says who answers for it
  const running: Described = production && isDescribed(production) ? production : row;
  return {
    name,
    namespace,
    owner: row.owner,
    system: row.system ?? undefined,
    engine: running.engine,
    model: running.model,
    url: running.url ?? row.url ?? undefined,
    ...(fromRun && repositoryOf(fromRun)),
    state: stateOf(places, decommissionedAt),
    places: [...places],
    decommissionedAt,
    released: production && releaseOf(production),
    lastDelivery: lastDeliveryOf(last, now),
    objectives: load && objectivesOf(load),
    firingAlerts: firing({ service: name, namespace }),
    ...(problems.length > 0 && { problems, codedProblems: codedCatalogProblems(fields) }),
  };
}

function objectivesOf({ objectives_verdict: verdict, objectives_reason: reason, objectives_coded }: Tested) {
  const coded = codedOf(objectives_coded, reason);
  return { verdict, reason, ...(coded && { coded }) };
}

/** The run proved its address and its commit; the folder is its own word, and leads nowhere else. */
function repositoryOf({ project_slug: projectSlug, origin, commit, docs }: FromRun) {
  const repository = runRepository(origin);
  if (!repository) return {};
  const { server, address } = repository;
  const folder = docs !== null && commit !== null ? { docs: folderPage(repository, commit, docs) } : {};
  return { projectSlug, repository: address, repositoryAt: server, ...folder };
}

function stateOf(places: readonly ServicePlace[], decommissionedAt: string | undefined): ServiceSummary['state'] {
  const found = (['serving', 'not-serving'] as const).find(state => places.some(place => place.state === state));
  return found ?? (decommissionedAt === undefined ? 'unknown' : 'decommissioned');
}

function isDescribed(row: DeliveryRow): row is Described {
  return row.owner !== null;
}

/** Until when the time alone changes nothing of a service. */
function holdsUntil({ last, lastThere, seen }: StoredService, now: Date): number {
  return Math.min(...[last, ...lastThere].map(row => runsUntil(row, now)), ...seen.map(row => goneUntil(row, now)));
}

function same(one: Views, other: Views): boolean {
  return one.length === other.length && one.every((view, place) => view === other[place]);
}
