import { Link, Text } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { pullRequest } from './commit-address.ts';

/** What was delivered, in the words of its author, and the pull request that it came by; nothing for what came from no commit. */
export function Change({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useFairwayText();
  const { subject, author } = delivery.record.source;
  if (!subject) return null;
  const pull = pullRequest(delivery);
  return (
    <Text>
      {author ? t('delivery.change', { subject, author }) : subject}
      {pull && (
        <>
          {' '}
          <Link href={pull.address} target="_blank" rel="noopener">
            {t('delivery.pull', { number: pull.number })}
          </Link>
        </>
      )}
    </Text>
  );
}
