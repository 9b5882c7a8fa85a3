import { Text } from '@backstage/ui';
import type { AllUsage } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useLanguage } from '../view/use-language.ts';
import { Cost } from './cost.tsx';

/** What the rows come to together. */
export function UsageSums({ usage: { items, currency, from, to } }: { readonly usage: AllUsage }) {
  const { t } = useFairwayText();
  const language = useLanguage();
  const whole = new Intl.NumberFormat(language);
  const sum = (of: (item: AllUsage['items'][number]) => number) => items.reduce((total, item) => total + of(item), 0);
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
      <Cost of={items} currency={currency} />
    </div>
  );
}
