import { Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import classes from './score-definitions.module.css';

/** What each score means. */
export function ScoreDefinitions() {
  const { t } = useFairwayText();
  const rows = [
    [t('engines.throughput'), t('engines.defineThroughput')],
    [t('engines.latency'), t('engines.defineLatency')],
    [t('engines.efficiency'), t('engines.defineEfficiency')],
  ] as const;
  return (
    <section>
      <Text as="h2" weight="bold">
        {t('engines.definitions')}
      </Text>
      <dl>
        {rows.map(([name, meaning]) => (
          <div key={name} className={classes.score}>
            <dt className={classes.name}>{name}</dt>
            <dd className={classes.meaning}>{meaning}</dd>
          </div>
        ))}
      </dl>
      <Text color="secondary">{t('engines.intervals')}</Text>
    </section>
  );
}
