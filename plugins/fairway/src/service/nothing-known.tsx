import { Alert } from '@backstage/ui';
import type { ServiceIndicators } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';

/** Why nobody can say how users fare: never an empty page, which would look like health. */
export function NothingKnown({ indicators }: { readonly indicators: ServiceIndicators }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const { state, cluster = '', message = '', coded } = indicators;
  const [title, description] = {
    unreachable: [
      t('service.unreachable', { cluster }),
      t('service.unreachableHint', { message: say(message, coded) }),
    ],
    unmonitored: [t('service.unmonitored', { cluster }), t('service.unmonitoredHint')],
    nowhere: [t('service.nowhere'), t('service.nowhereHint')],
    live: ['', ''],
  }[state];
  return <Alert role="status" status="warning" icon title={title} description={description} />;
}
