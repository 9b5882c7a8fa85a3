import { listOf, reasonOf } from '@fairway/service/reasons/delivery-reason';
import { ToolError } from '@fairway/clients/tool-error';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { routeNames, serviceLabels } from '@fairway/clients/kubernetes/names';
import { sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import type { Traffic } from '../traffic.ts';
import { labelUsers } from '../workload/users-label.ts';
import { weightPatch, withShares } from './places.ts';

const acceptDeadline = 30_000;

/** Whether nobody but Fairway has applied the rules of a route. */
function isOurs({ metadata }: HttpRoute): boolean {
  return !metadata.managedFields?.some(
    ({ manager, operation, fieldsV1 }) =>
      fieldsV1?.['f:spec']?.['f:rules'] !== undefined && !(manager === 'fairway' && operation === 'Apply'),
  );
}

/** Users by the weights of the versions on the routes of a service. */
export class WeightTraffic implements Traffic {
  readonly #cluster: Cluster;
  readonly #namespace: string;
  readonly #name: string;
  readonly #signal: AbortSignal;

  constructor(cluster: Cluster, service: { readonly namespace: string; readonly name: string }, signal: AbortSignal) {
    this.#cluster = cluster;
    this.#namespace = service.namespace;
    this.#name = service.name;
    this.#signal = signal;
  }

  async shares(): Promise<ReadonlyMap<string, number>> {
    return sharesOf(await this.chatRoute(), this.#name);
  }

  /**
   * Versions that are not named leave the routes, or stay there with weight 0 where somebody else applies the routes: then weights
   * are patched and nothing else. Waits until the gateway took it.
   */
  async set(shares: ReadonlyMap<string, number>): Promise<void> {
    const routes = await this.#routes();
    const [ours, theirs] = [routes.filter(isOurs), routes.filter(route => !isOurs(route))];
    const desired = ours.map(route => withShares(route, this.#name, shares));
    await applyObjects(this.#cluster, desired);
    for (const route of theirs)
      await this.#cluster.request('PATCH', await this.#cluster.path(route), {
        query: { fieldManager: 'fairway-traffic' },
        body: weightPatch(route, this.#name, shares),
        contentType: 'application/json-patch+json',
      });
    const against = await waitUntilAccepted(this.#cluster, routes, acceptDeadline, this.#signal);
    if (against.length > 0)
      throw new ToolError(
        'gateway',
        reasonOf('request.weights', { service: this.#name }),
        undefined,
        reasonOf('stage.ended', { sentence: listOf('list.also', against) }),
      );
    const service = { namespace: this.#namespace, name: this.#name };
    const services = await this.#cluster.list('v1', 'Service', service.namespace, serviceLabels(service.name));
    await labelUsers(this.#cluster, services, revision => (shares.get(revision) ?? 0) > 0);
  }

  /** The route of completions, whose serving rule holds the shares. */
  async chatRoute(): Promise<HttpRoute | undefined> {
    return (await this.#routes())[0];
  }

  async #routes(): Promise<readonly HttpRoute[]> {
    const names = routeNames(this.#name);
    const routes = await Promise.all(
      [names.chat, names.models].map(name =>
        this.#cluster.get<HttpRoute>({
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'HTTPRoute',
          metadata: { name, namespace: this.#namespace },
        }),
      ),
    );
    return routes.filter(route => route !== undefined);
  }
}
