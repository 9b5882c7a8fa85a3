import { type FormEvent, useState } from 'react';
import { Alert as Notice, Button, Flex, PasswordField, Text, TextAreaField } from '@backstage/ui';
import { fairwayServiceTryPermission, tryRequestSchema } from '@fairway/backstage-plugin-fairway-common';
import type { ServiceSummary, TryAnswer } from '@fairway/backstage-plugin-fairway-common';
import { useUpdate } from '../view/use-update.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';
import { latencyText } from '../view/latency-text.ts';
import { FailedUpdate } from '../view/failed-update.tsx';
import { useServicePermission } from '../view/use-service-permission.ts';
import viewClasses from '../view/view.module.css';
import { FactCard } from './fact-card.tsx';

/** Asks the service one question; absent until it has an address. */
export function TryService({ summary: { namespace, name, url } }: { readonly summary: ServiceSummary }) {
  const { t } = useFairwayText();
  const { allowed, loading } = useServicePermission(fairwayServiceTryPermission, { namespace, service: name });
  if (url === undefined || loading) return null;
  return (
    <FactCard title={t('service.try')}>
      {allowed ? (
        <TryForm path={{ namespace, service: name }} />
      ) : (
        <Text color="secondary">{t('service.tryNotAllowed')}</Text>
      )}
    </FactCard>
  );
}

interface TryFormProps {
  readonly path: { readonly namespace: string; readonly service: string };
}

function TryForm({ path }: TryFormProps) {
  const { t } = useFairwayText();
  const [written, setWritten] = useState<string>();
  const question = written ?? t('service.tryHello');
  // in the memory of this page alone
  const [token, setToken] = useState('');
  const [answer, setAnswer] = useState<TryAnswer>();
  const asking = useUpdate('tryService', setAnswer);
  // copied with the name of the scheme, as it stands in a header
  const bare = token.trim().replace(/^bearer +/i, '');
  const request = tryRequestSchema.safeParse({ question, ...(bare !== '' && { token: bare }) });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!request.success || asking.isPending) return;
    setAnswer(undefined);
    void asking.update({ path, body: request.data });
  };
  return (
    <form onSubmit={send} autoComplete="off">
      <Flex direction="column" gap="3">
        <TextAreaField
          label={t('service.tryQuestion')}
          value={question}
          onChange={setWritten}
          maxLength={4000}
          isRequired
          secondaryLabel={t('state.required')}
        />
        <PasswordField
          label={t('service.tryToken')}
          description={t('service.tryTokenHint')}
          // no browser offers to keep it
          autoComplete="off"
          value={token}
          onChange={setToken}
        />
        <div>
          <Button size="small" type="submit" isDisabled={!request.success} isPending={asking.isPending}>
            {t('service.trySend')}
          </Button>
        </div>
        <FailedUpdate title={t('service.tryFailed')} error={asking.error} />
        <div role="status">{answer && <Answered answer={answer} />}</div>
      </Flex>
    </form>
  );
}

function Answered({ answer }: { readonly answer: TryAnswer }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const { text, timeToFirstToken, milliseconds, promptTokens, completionTokens, problem, coded, said } = answer;
  return (
    <Flex direction="column" gap="2">
      {problem !== undefined && (
        <Notice status="warning" icon title={t('service.tryNothing')} description={say(problem, coded)} />
      )}
      {said !== undefined && <Text color="secondary">{t('service.trySaid', { words: said })}</Text>}
      {text !== '' && (
        <pre className={viewClasses.raw} tabIndex={0} aria-label={t('service.tryAnswer')}>
          {text}
        </pre>
      )}
      {answer.cut && <Text color="secondary">{t('service.tryCut')}</Text>}
      {timeToFirstToken !== undefined && (
        <Text color="secondary">
          {t('service.tryFirstToken', { time: latencyText(timeToFirstToken) })},{' '}
          {t('service.tryEnd', { time: latencyText(milliseconds) })};{' '}
          {completionTokens === undefined
            ? t('service.tryUncounted')
            : t('service.tryTokens', { prompt: String(promptTokens ?? '?'), completion: String(completionTokens) })}
        </Text>
      )}
    </Flex>
  );
}
