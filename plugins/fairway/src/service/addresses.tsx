import { useState } from 'react';
import { Button, Text } from '@backstage/ui';
import type { ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import viewClasses from '../view/view.module.css';
import { curlOf } from './curl.ts';
import { FactCard } from './fact-card.tsx';

/** Where clients reach the service, with a command that asks it. */
export function Addresses({ summary: { url, model } }: { readonly summary: ServiceSummary }) {
  const { t } = useFairwayText();
  const [copied, setCopied] = useState<boolean>();
  if (url === undefined)
    return (
      <FactCard title={t('service.answers')}>
        <Text color="secondary">{t('service.noAddress')}</Text>
      </FactCard>
    );
  const command = curlOf(url, model);
  const copy = () =>
    // a page without TLS has no clipboard, and a browser may forbid it
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(command))
      .then(
        () => setCopied(true),
        () => setCopied(false),
      );
  return (
    <FactCard title={t('service.answers')}>
      <Text>{url}</Text>
      <pre className={viewClasses.raw} tabIndex={0} aria-label="curl">
        {command}
      </pre>
      <Text color="secondary">{t('service.token')}</Text>
      <div>
        <Button size="small" variant="secondary" aria-label={t('service.copyCurl')} onPress={() => void copy()}>
          {t('service.copy')}
        </Button>{' '}
        <span role="status">
          {copied !== undefined && (
            <Text color={copied ? 'success' : 'danger'}>{t(copied ? 'service.copied' : 'service.notCopied')}</Text>
          )}
        </span>
      </div>
    </FactCard>
  );
}
