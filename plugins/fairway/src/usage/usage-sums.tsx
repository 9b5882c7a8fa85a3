import { Text } from '@backstage/ui';
import type { AllUsage } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useLanguage } from '../view/use-language.ts';
import { Cost } from './cost.tsx';

/** What all of it comes to, with the rows that are not shown. */
export function UsageSums({ usage: { sum, currency, from, to } }: { readonly usage: AllUsage }) {
  const { t } = useFairwayText();
  const language = useLanguage();
  const whole = new Intl.NumberFormat(language);
  return (
    <div>
      <Text as="p">
        {t('usage.sum', {
          ...{ from, to },
          requests: whole.format(sum.requests),
          prompt: whole.format(sum.promptTokens),
          completion: whole.format(sum.completionTokens),
        })}
      </Text>
      <Cost of={[sum]} currency={currency} />
    </div>
  );
}
