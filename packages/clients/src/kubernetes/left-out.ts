/**
 * Paths of what was sent and is not in the answer. A cluster on which a feature is switched off, or that is older than a field, takes an object and
 * forgets that part of it, without a word.
 */
export function leftOut(sent: unknown, answered: unknown, path = ''): readonly string[] {
  if (isEmpty(sent)) return [];
  if (answered === undefined || answered === null) return [path];
  if (Array.isArray(sent)) {
    const others = Array.isArray(answered) ? (answered as readonly unknown[]) : [];
    return sent.flatMap((item: unknown, index) => {
      const name = nameOf(item);
      const other = name === undefined ? others[index] : others.find(one => nameOf(one) === name);
      return leftOut(item, other, `${path}[${name ?? index}]`);
    });
  }
  if (typeof sent !== 'object') return [];
  return Object.entries(sent as object).flatMap(([key, value]) =>
    leftOut(value, (answered as Readonly<Record<string, unknown>>)[key], path ? `${path}.${key}` : key),
  );
}

/** What a server leaves out without a loss: most fields of Kubernetes are not written where they have the zero value of their type. */
function isEmpty(value: unknown): boolean {
  return !value || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** Lists of Kubernetes are merged by the names of their items. */
function nameOf(item: unknown): string | undefined {
  const name = (item as { readonly name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : undefined;
}
