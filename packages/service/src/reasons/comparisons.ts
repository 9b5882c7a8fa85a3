/** What a comparison of engines says of itself: what its figures do not show, and why a score is missing. */
export const comparisonTexts = {
  'comparison.interrupted': 'The comparison was interrupted: what is missing was not measured yet.',
  'comparison.heldAll': 'Held the highest rate that was sent, and may hold more: {{engines}}.',
  'comparison.searchedOnce':
    'The highest rate was looked for once, so that how it varies is not known and a tie may not be seen: {{engines}}.',
  'comparison.loadedOnce':
    'The common load was sent once, so that how latency varies is not known and a tie may not be seen: {{engines}}.',
  'comparison.efficiencyOfSearch':
    'Efficiency is that within the search for the highest rate, with the memory that the rates before it left behind: {{engines}}.',
  'comparison.notReached': 'It was not measured: the comparison was interrupted before its turn.',
  'comparison.shortAnswers':
    'Its answers had {{tokens}} tokens where {{asked}} were asked for: it did not get the load that the others got, so its figures are no part of the comparison.',
  'comparison.noRate': 'It met the objectives at no rate that was tried.',
  'comparison.noCommonLoad': 'It has no score of latency: it did not get the load that all engines get.',
  'comparison.noLatency':
    'It has no score of latency: of the load that all engines got it answered no request, or each in one piece, which has no time per token.',
  'comparison.noUse': 'It has no score of efficiency: no use of the machine was seen of it.',
  'comparison.alone': 'It is the only engine that was measured: there is nobody to score it against.',
} as const;
