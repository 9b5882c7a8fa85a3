import { useCallback } from 'react';
import type { CodedReason } from '@fairway/backstage-plugin-fairway-common';
import { useReasonTexts } from './use-fairway-text.ts';
import { translatedReason } from './translated-reason.ts';

/** Gives a sentence of the backend in the language of the reader, and in the backend's own words where its code is not known here. */
export function useReasonText() {
  const { t } = useReasonTexts();
  return useCallback(
    <Text extends string | undefined>(text: Text, coded: CodedReason | undefined): Text | string =>
      (coded && translatedReason(coded, t as Translate)) ?? text,
    [t],
  );
}

type Translate = Parameters<typeof translatedReason>[1];
