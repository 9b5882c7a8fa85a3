import { Text } from '@backstage/ui';
import type { ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { CopyableCommand } from '../view/copyable-command.tsx';
import { curlOf } from './curl.ts';
import { FactCard } from './fact-card.tsx';

/** Where clients reach the service, with a command that asks it. */
export function Addresses({ summary: { url, model } }: { readonly summary: ServiceSummary }) {
  const { t } = useFairwayText();
  if (url === undefined)
    return (
      <FactCard title={t('service.answers')}>
        <Text color="secondary">{t('service.noAddress')}</Text>
      </FactCard>
    );
  return (
    <FactCard title={t('service.answers')}>
      <Text>{url}</Text>
      <CopyableCommand command={curlOf(url, model)} name="curl" copyName={t('service.copyCurl')}>
        <Text color="secondary">{t('service.token')}</Text>
      </CopyableCommand>
    </FactCard>
  );
}
