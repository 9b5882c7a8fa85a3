import { ownerReference, type ServiceResource } from '@fairway/backstage-plugin-fairway-common';

/** Who answers for each service, by what their last deliveries say. */
export class ServiceOwners {
  readonly #owners = new Map<string, string | undefined>();
  readonly #namespaces = new Map<string, string[]>();

  /** @param owners by namespace/name, as fairway.yaml spells them */
  constructor(owners: ReadonlyMap<string, string>) {
    for (const [key, owner] of owners) {
      const [namespace = '', service = ''] = key.split('/');
      this.#owners.set(key, ownerReference(owner));
      this.#namespaces.set(service, [...(this.#namespaces.get(service) ?? []), namespace]);
    }
  }

  /** The namespaces that have a service of this name. */
  namespacesOf(service: string): readonly string[] {
    return this.#namespaces.get(service) ?? [];
  }

  servicesIn(namespace: string): readonly string[] {
    return [...this.#namespaces].filter(([, places]) => places.includes(namespace)).map(([service]) => service);
  }

  /**
   * With the owner that the portal knows; only of a service that it does not know the given one counts.
   * @returns undefined for a name that several namespaces have, when no namespace is given: nobody can say whose it is
   */
  completed({ namespace, service, owner }: ServiceResource): ServiceResource | undefined {
    if (service === undefined) return { namespace, owner };
    const [only, ...others] = namespace === undefined ? this.namespacesOf(service) : [namespace];
    if (others.length > 0) return undefined;
    const key = `${only}/${service}`;
    return { namespace: only, service, owner: this.#owners.has(key) ? this.#owners.get(key) : owner };
  }
}
