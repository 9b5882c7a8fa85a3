import { ToolError } from '@fairway/clients/tool-error';
import { applyObjects } from '@fairway/clients/kubernetes/apply';
import { waitUntilAccepted } from '@fairway/clients/kubernetes/acceptance';
import type { Cluster } from '@fairway/clients/kubernetes/cluster';
import { revisionLabel, routeNames, serviceLabels, usersLabel } from '@fairway/clients/kubernetes/names';
import { sharesOf } from '@fairway/clients/kubernetes/traffic';
import type { HttpRoute } from '@fairway/clients/kubernetes/traffic';
import { withShares } from './places.ts';

const acceptDeadline = 30_000;

/** The routes of a service with the weights of its versions. */
export class Traffic {
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

  /** Revision → weight; empty when there is no route. */
  async shares(): Promise<ReadonlyMap<string, number>> {
    return sharesOf(await this.chatRoute(), this.#name);
  }

  /**
   * Gives the versions these weights on both routes; versions that are not named leave them. Waits until the gateway took it.
   * @throws ToolError when it does not
   */
  async set(shares: ReadonlyMap<string, number>): Promise<void> {
    const desired = (await this.#routes()).map(route => withShares(route, this.#name, shares));
    await applyObjects(this.#cluster, desired);
    const against = await waitUntilAccepted(this.#cluster, desired, acceptDeadline, this.#signal);
    if (against.length > 0)
      throw new ToolError('gateway', `setting the weights of ${this.#name}`, undefined, `${against.join('; ')}.`);
    await this.#labelUsers(shares);
  }

  /** Says on the Services which versions users reach, for Prometheus to tell their requests from those of tests. */
  async #labelUsers(shares: ReadonlyMap<string, number>): Promise<void> {
    for (const found of await this.#cluster.list('v1', 'Service', this.#namespace, serviceLabels(this.#name))) {
      const reached = (shares.get(found.metadata.labels?.[revisionLabel] ?? '') ?? 0) > 0;
      if (reached === (found.metadata.labels?.[usersLabel] === 'true')) continue;
      await this.#cluster.request('PATCH', await this.#cluster.path(found), {
        query: { fieldManager: 'fairway-traffic' },
        body: { metadata: { labels: { [usersLabel]: reached ? 'true' : null } } },
        contentType: 'application/merge-patch+json',
      });
    }
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
