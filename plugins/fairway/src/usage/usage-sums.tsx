import { Text } from '@backstage/ui';
import type { AllUsage } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useLanguage } from '../view/use-language.ts';
import { moneyText } from './money-text.ts';

/** What the rows come to together. */
export function UsageSums({ usage: { items, currency, from, to } }: { readonly usage: AllUsage }) {
  const { t } = useFairwayText();
  const language = useLanguage();
  const whole = new Intl.NumberFormat(language);
  const sum = (of: (item: AllUsage['items'][number]) => number) => items.reduce((total, item) => total + of(item), 0);
  const unpriced = sum(({ unpriced: without = 0 }) => without);
  return (
    <div>
      <Text as="p">
        {t('usage.sum', {
          ...{ from, to },
          requests: whole.format(sum(({ requests }) => requests)),
          prompt: whole.format(sum(({ promptTokens }) => promptTokens)),
          completion: whole.format(sum(({ completionTokens }) => completionTokens)),
        })}
      </Text>
      <Text
        as="p"
        weight={currency === undefined ? undefined : 'bold'}
        color={currency === undefined ? 'secondary' : undefined}
      >
        {currency === undefined
          ? t('service.usageNoPrices')
          : t('service.usageCost', {
              cost: moneyText(
                sum(({ cost = 0 }) => cost),
                language,
              ),
              currency,
            })}
      </Text>
      {unpriced > 0 && (
        <Text as="p" color="warning">
          {t('service.usageUnpriced', { unpriced: whole.format(unpriced) })}
        </Text>
      )}
    </div>
  );
}
