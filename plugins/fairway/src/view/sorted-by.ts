const collator = new Intl.Collator(undefined, { numeric: true });

/** A copy in the order of `by`: numbers by size, text as people read it, those without a value last in both directions. */
export function sortedBy<Item>(
  items: readonly Item[],
  by: (item: Item) => string | number | undefined,
  descending: boolean,
): readonly Item[] {
  const direction = descending ? -1 : 1;
  return items.toSorted((one, other) => {
    const [a, b] = [by(one), by(other)];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return (
      direction * (typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b)))
    );
  });
}
