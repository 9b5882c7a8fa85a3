export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** Steps between ticks are these times a power of ten. */
const steps = [1, 2, 2.5, 5, 10];

/**
 * An axis that holds all values, with three to six ticks on round numbers.
 * @param bounds what it must hold, and what it must not go beyond
 */
export function scaleOf(
  values: readonly number[],
  bounds: { readonly holds?: number; readonly least?: number; readonly most?: number } = {},
): Scale {
  const { least = -Infinity, most = Infinity } = bounds;
  const inside = values.map(value => Math.min(most, Math.max(least, value)));
  const from = Math.min(...inside, bounds.holds ?? Infinity);
  const to = Math.max(...inside, bounds.holds ?? -Infinity);
  if (!Number.isFinite(from)) return scaleOf([0, 1], bounds);
  if (from === to)
    return from >= most
      ? scaleOf([from - 1, to], bounds)
      : scaleOf([from, from + (from === 0 ? 1 : Math.abs(from))], bounds);
  const power = 10 ** Math.floor(Math.log10((to - from) / 4));
  const step = steps.map(one => one * power).find(one => (to - from) / one <= 4) ?? 10 * power;
  const [first, last] = [Math.floor(from / step + 1e-9), Math.ceil(to / step - 1e-9)];
  const ticks = Array.from({ length: last - first + 1 }, (_, place) =>
    Number(((first + place) * step).toPrecision(12)),
  );
  return { low: ticks[0] ?? from, high: ticks.at(-1) ?? to, ticks };
}

/**
 * An SVG path in a square of 100 by 100. A moment without a value ends the line, and one with a value between two without is
 * a stroke of its own, which a round end makes a point.
 */
export function linePath(values: readonly (number | null)[], { low, high }: Scale): string {
  const x = (place: number) => round((100 * place) / Math.max(1, values.length - 1));
  const y = (value: number) => round(100 - (100 * (Math.min(high, Math.max(low, value)) - low)) / (high - low));
  return values
    .flatMap((value, place) => {
      if (value === null) return [];
      const before = values[place - 1];
      const point = `${x(place)} ${y(value)}`;
      if (before !== null && before !== undefined) return [`L${point}`];
      return [`M${point}`, `L${point}`];
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
