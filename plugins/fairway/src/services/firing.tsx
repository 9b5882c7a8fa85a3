import { Text } from '@backstage/ui';
import { RiAlarmWarningFill } from '@remixicon/react';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import classes from './services.module.css';

/** How many alerts fire; undefined while nobody watches. */
export function Firing({ count }: { readonly count: number | undefined }) {
  const { t } = useFairwayText();
  if (count === undefined) return <Text color="warning">{t('services.unwatched')}</Text>;
  if (count === 0) return <Text color="secondary">{t('services.quiet')}</Text>;
  return (
    <Text color="danger" weight="bold" className={classes.firing}>
      <RiAlarmWarningFill aria-hidden="true" size={16} />
      {t('services.firing', { amount: String(count) })}
    </Text>
  );
}
