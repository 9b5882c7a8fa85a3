import type { Comparison, Contender } from './record.ts';
import { titlesOf } from './scores.ts';

/** What a reader should know of a comparison: what its figures do not say, and what was noted. @public */
export function comparisonNotes({ unfinished, notes, contenders }: Comparison): readonly string[] {
  const titleOf = titlesOf(contenders);
  const named = (found: (result: Measured) => boolean) =>
    contenders
      .filter(({ result }) => result.outcome === 'measured' && found(result))
      .map(titleOf)
      .join(', ');
  const searchedOnce = named(({ searches }) => searches.length === 1);
  const loadedOnce = named(({ common }) => common.length === 1);
  const unbounded = named(({ searches }) =>
    searches.some(({ held, missed }) => held !== undefined && missed === undefined),
  );
  return [
    ...(unfinished === undefined ? [] : ['The comparison was interrupted: what is missing was not measured yet.']),
    ...(unbounded ? [`Held the highest rate that was sent, and may hold more: ${unbounded}.`] : []),
    ...(searchedOnce
      ? [
          `The highest rate was looked for once, so that how it varies is not known and a tie may not be seen: ${searchedOnce}.`,
        ]
      : []),
    ...(loadedOnce
      ? [
          `The common load was sent once, so that how latency varies is not known and a tie may not be seen: ${loadedOnce}.`,
        ]
      : []),
    ...notes,
  ];
}

type Measured = Extract<Contender['result'], { outcome: 'measured' }>;
