import { Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';

/** What each score means. */
export function ScoreDefinitions() {
  const { t } = useFairwayText();
  const rows = [
    [t('engines.throughput'), t('engines.defineThroughput')],
    [t('engines.latency'), t('engines.defineLatency')],
    [t('engines.goodput'), t('engines.defineGoodput')],
  ] as const;
  return (
    <section>
      <Text as="h3" weight="bold">
        {t('engines.definitions')}
      </Text>
      <dl>
        {rows.map(([name, meaning]) => (
          <Flex key={name} direction="column" gap="0.5" mt="2">
            <Text as="span" weight="bold">
              <dt>{name}</dt>
            </Text>
            <dd style={{ margin: 0 }}>{meaning}</dd>
          </Flex>
        ))}
      </dl>
    </section>
  );
}
