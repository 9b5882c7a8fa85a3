import { Alert, Text } from '@backstage/ui';
import type { ServiceUsage } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { Cost } from '../usage/cost.tsx';
import { Answer } from '../view/answer.tsx';
import { Bars } from '../view/bars.tsx';
import { useLanguage } from '../view/use-language.ts';
import { useOperation } from '../view/use-operation.ts';
import type { Refresh } from '../view/use-operation.ts';
import { FactCard } from './fact-card.tsx';

const refresh: Refresh = { on: [], every: 300 };

/** Days that are drawn; the sums are of all. */
const drawn = 7;

interface UsageCardProps {
  readonly service: string;
  readonly namespace: string;
}

/** Who pays for what: requests, tokens and their cost, by the ledger. */
export function UsageCard({ service, namespace }: UsageCardProps) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const asked = useOperation('usage', { path: { namespace, service } }, refresh);
  return (
    <FactCard title={t('service.usage')}>
      <Answer asked={asked}>
        {usage => {
          const { state, message, coded, days } = usage;
          if (state === 'none') return <Text color="secondary">{t('service.usageNone')}</Text>;
          if (state === 'unreachable')
            return (
              <Alert
                role="status"
                status="warning"
                icon
                title={t('service.usageUnreachable')}
                description={say(message, coded)}
              />
            );
          if (days.length === 0) return <Text color="secondary">{t('service.usageEmpty')}</Text>;
          return <Sums usage={usage} />;
        }}
      </Answer>
    </FactCard>
  );
}

function Sums({ usage: { days, currency } }: { readonly usage: ServiceUsage }) {
  const { t } = useFairwayText();
  const whole = new Intl.NumberFormat(useLanguage());
  const sum = (of: (day: ServiceUsage['days'][number]) => number) => days.reduce((total, day) => total + of(day), 0);
  return (
    <>
      <Cost of={days} currency={currency} />
      <Text>
        {t('service.usageTokens', {
          prompt: whole.format(sum(day => day.promptTokens)),
          completion: whole.format(sum(day => day.completionTokens)),
        })}
      </Text>
      <Text color="secondary">
        {t('service.usageRequests', {
          requests: whole.format(sum(day => day.requests)),
          failed: whole.format(sum(day => day.failed)),
        })}
      </Text>
      <Bars
        label={t('service.usage')}
        bars={days.slice(-drawn).map(({ day, promptTokens, completionTokens }) => ({
          id: day,
          text: t('service.usageDay', { day, tokens: whole.format(promptTokens + completionTokens) }),
          value: promptTokens + completionTokens,
        }))}
      />
    </>
  );
}
