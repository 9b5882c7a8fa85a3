import { Link, Text } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { changeLink } from './change-link.ts';

/** What was delivered, in the words of its author, and the pull or merge request that it came by; nothing for what came from no commit. */
export function Change({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useFairwayText();
  const { subject, author } = delivery.record.source;
  if (!subject) return null;
  const change = changeLink(delivery);
  return (
    <Text>
      {author ? t('delivery.change', { subject, author }) : subject}
      {change && (
        <>
          {' '}
          <Link href={change.address} target="_blank" rel="noopener">
            {t(change.server === 'gitlab' ? 'delivery.mergeRequest' : 'delivery.pull', { number: change.number })}
          </Link>
        </>
      )}
    </Text>
  );
}
