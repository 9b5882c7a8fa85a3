import { useMemo } from 'react';
import type { PodView } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { relativeTime } from '../../view/relative-time.ts';
import { useLanguage } from '../../view/use-language.ts';

/** Each pod in a line: name, state, reason, node, restarts and age, as they were when the pods were read. */
export function usePodFacts(pods: readonly PodView[]): ReadonlyMap<string, string> {
  const { t } = useFairwayText();
  const language = useLanguage();
  return useMemo(() => {
    const now = Date.now();
    return new Map(
      pods.map(({ name, state, reason, node, restarts, startedAt }) => {
        const facts = [
          `${name}: ${t(`pods.state.${state}`)}`,
          ...(state !== 'ready' && reason !== undefined ? [reason] : []),
          ...(node === undefined ? [] : [t('pods.onNode', { node })]),
          ...(restarts > 0 ? [t('pods.restarts', { restarts: String(restarts) })] : []),
          ...(startedAt === undefined
            ? []
            : [t('pods.started', { when: relativeTime(Date.parse(startedAt), now, language) })]),
        ];
        return [name, facts.join(' · ')];
      }),
    );
  }, [pods, t, language]);
}
