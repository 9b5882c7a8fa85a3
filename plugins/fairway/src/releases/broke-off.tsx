import type { ReactNode } from 'react';
import type { BrokenOff } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Time } from '../view/time.tsx';

/** Says of a release that broke off which versions have users, who held the lease and since when. */
export function useBrokeOff(): (service: string, of: BrokenOff) => { title: string; description: ReactNode } {
  const { t } = useFairwayText();
  return (service, { holder, since, renewed, candidates, released }) => ({
    title: t('releases.brokeOff', {
      service,
      candidates: candidates
        .map(({ revision, weight }) => t('releases.candidate', { revision, weight: String(Math.round(weight)) }))
        .join(', '),
    }),
    description: t('releases.heldBy', { holder, since: <Time at={since} />, renewed: <Time at={renewed} />, released }),
  });
}
