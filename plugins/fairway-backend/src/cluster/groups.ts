/** Values by a key of their own, for lookups that would otherwise go over all of them. */
export class Groups<T> {
  readonly #key: (value: T) => string | undefined;
  readonly #groups = new Map<string, Set<T>>();

  /** @param key undefined for values that are in no group */
  constructor(key: (value: T) => string | undefined) {
    this.#key = key;
  }

  get(key: string): readonly T[] {
    return [...(this.#groups.get(key) ?? [])];
  }

  change(before: T | undefined, after: T | undefined): void {
    const old = before === undefined ? undefined : this.#key(before);
    if (before !== undefined && old !== undefined) {
      const group = this.#groups.get(old);
      group?.delete(before);
      if (group?.size === 0) this.#groups.delete(old);
    }
    const next = after === undefined ? undefined : this.#key(after);
    if (after === undefined || next === undefined) return;
    const group = this.#groups.get(next);
    if (group) group.add(after);
    else this.#groups.set(next, new Set([after]));
  }
}
