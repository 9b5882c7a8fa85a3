import type { ServiceResource } from '@fairway/backstage-plugin-fairway-common';

/** Conditions whose answers are held; each person has their own. */
const held = 30;
/** Answers of one: a portal has fewer services, and whoever asks for names that there are not fills no memory. */
const most = 20_000;

/** What conditions answered: asking 5,000 services anew for each request would take longer than the rest of it. */
export class RememberedAnswers {
  /** By conditions, those that were asked last at the end. */
  readonly #answers = new Map<string, Map<string, boolean>>();

  /** @returns what `decide` answers, asked once for each resource */
  of(conditions: object, decide: (resource: ServiceResource) => boolean): (resource: ServiceResource) => boolean {
    const name = JSON.stringify(conditions);
    const known = this.#answers.get(name) ?? new Map<string, boolean>();
    this.#answers.delete(name);
    this.#answers.set(name, known);
    if (this.#answers.size > held) this.#answers.delete(this.#answers.keys().next().value ?? '');
    return resource => {
      const { namespace, service, owner } = resource;
      // whoever asks chooses names, so no sign could stand between them
      const key = `${namespace?.length}/${service?.length}/${namespace}/${service}/${owner}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const answer = decide(resource);
      if (known.size >= most) known.clear();
      known.set(key, answer);
      return answer;
    };
  }
}
