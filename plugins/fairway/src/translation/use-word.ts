import { useCallback } from 'react';
import { useFairwayText } from './use-fairway-text.ts';
import { wordsEnglish } from './words-english.ts';

/** Gives a stage or a severity in the language of the reader, and a word that only others write as they wrote it. */
export function useWord() {
  const { t } = useFairwayText();
  return useCallback((word: string) => (isKnown(word) ? t(`word.${word}`) : word), [t]);
}

type Known = keyof typeof wordsEnglish extends `word.${infer Word}` ? Word : never;

function isKnown(word: string): word is Known {
  return Object.hasOwn(wordsEnglish, `word.${word}`);
}
