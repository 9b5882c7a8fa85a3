import { english } from '@fairway/service/reasons/reason';
import { type Reason, reasonOf } from '@fairway/service/reasons/reason-of';
import type { CodedSentence } from '../coded.ts';
import type { Comparison } from './record.ts';
import { efficiencyRuns, type Measured, titlesOf } from './scores.ts';

/** What a reader should know of a comparison: what its figures do not say, and what was noted. @public */
export function comparisonNotes(comparison: Comparison): readonly string[] {
  return [...comparisonReasons(comparison).map(({ sentence }) => sentence), ...comparison.notes];
}

/** What the figures of a comparison do not say. @public */
export function comparisonReasons({ unfinished, contenders }: Comparison): readonly CodedSentence[] {
  const titleOf = titlesOf(contenders);
  const named = (found: (result: Measured) => boolean) =>
    contenders
      .filter(({ result }) => result.outcome === 'measured' && found(result))
      .map(titleOf)
      .join(', ');
  const searchedOnce = named(({ searches }) => searches.length === 1);
  const loadedOnce = named(({ common }) => common.length === 1);
  const searchedEfficiency = named(result => {
    const { sent, runs } = efficiencyRuns(result);
    return sent === 'within the search' && runs.length > 0;
  });
  const unbounded = named(({ searches }) =>
    searches.some(({ held, missed }) => held !== undefined && missed === undefined),
  );
  const reasons: readonly Reason[] = [
    ...(unfinished === undefined ? [] : [reasonOf('comparison.interrupted')]),
    ...(unbounded ? [reasonOf('comparison.heldAll', { engines: unbounded })] : []),
    ...(searchedOnce ? [reasonOf('comparison.searchedOnce', { engines: searchedOnce })] : []),
    ...(loadedOnce ? [reasonOf('comparison.loadedOnce', { engines: loadedOnce })] : []),
    ...(searchedEfficiency ? [reasonOf('comparison.efficiencyOfSearch', { engines: searchedEfficiency })] : []),
  ];
  return reasons.map(coded => ({ sentence: english(coded), coded }));
}
