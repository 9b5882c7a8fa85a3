import { Text } from '@backstage/ui';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useLanguage } from '../view/use-language.ts';
import { costText } from './cost-text.ts';

interface CostProps {
  readonly of: readonly { readonly cost?: number | undefined; readonly unpriced?: number | undefined }[];
  /** Of the price table; undefined without one. */
  readonly currency: string | undefined;
}

/** What requests cost together, and how many are left out of it. */
export function Cost({ of, currency }: CostProps) {
  const { t } = useFairwayText();
  const language = useLanguage();
  if (currency === undefined)
    return (
      <Text as="p" color="secondary">
        {t('service.usageNoPrices')}
      </Text>
    );
  const unpriced = of.reduce((sum, one) => sum + (one.unpriced ?? 0), 0);
  const sum = of.reduce((total, { cost = 0 }) => total + cost, 0);
  const cost = costText(sum, unpriced, language);
  return (
    <>
      {cost !== undefined && (
        <Text as="p" variant="title-small">
          {t('service.usageCost', { cost, currency })}
        </Text>
      )}
      {unpriced > 0 && (
        <Text as="p" color="warning">
          {t('service.usageUnpriced', { unpriced: new Intl.NumberFormat(language).format(unpriced) })}
        </Text>
      )}
    </>
  );
}
