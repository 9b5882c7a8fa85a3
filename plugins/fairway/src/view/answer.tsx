import type { ReactNode } from 'react';
import { Alert, Button, Flex, Skeleton, VisuallyHidden } from '@backstage/ui';
import { UnansweredError } from '../client/unanswered-error.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Empty } from './empty.tsx';
import { isNotAllowed } from './not-allowed.ts';
import { Time } from './time.tsx';
import { useFailureText } from './use-failure-text.ts';
import type { Asked } from './use-operation.ts';

interface AnswerProps<Value> {
  readonly asked: Asked<Value>;
  readonly children: (value: Value) => ReactNode;
}

/** Failures that end when the page is loaded anew: its session or its scripts are too old. */
const ofOldPages: ReadonlySet<UnansweredError['kind']> = new Set(['page', 'session', 'unsent', 'version']);

/** What was asked for, or that it is on its way, may not be seen, or could not be had. */
export function Answer<Value>({ asked, children }: AnswerProps<Value>) {
  const { t } = useFairwayText();
  const failureText = useFailureText();
  const { value, answeredAt, error, reload } = asked;
  if (isNotAllowed(error)) return <Empty title={t('state.notAllowed')} description={t('state.notAllowedHint')} />;
  const failure = error && (
    <Alert
      role="alert"
      status="danger"
      icon
      title={answeredAt === undefined ? t('state.failed') : t('state.stale', { when: <Time at={answeredAt} /> })}
      description={failureText(error)}
      customActions={
        outdated(error) ? (
          <Button size="small" variant="secondary" onPress={() => window.location.reload()}>
            {t('state.reload')}
          </Button>
        ) : (
          <Button size="small" variant="secondary" onPress={reload}>
            {t('state.retry')}
          </Button>
        )
      }
    />
  );
  if (value === undefined) {
    return (
      failure ?? (
        <div role="status" aria-live="polite">
          <VisuallyHidden>{t('state.loading')}</VisuallyHidden>
          <Flex direction="column" gap="2" aria-hidden="true">
            {[1, 2, 3].map(line => (
              <Skeleton key={line} height={32} width="100%" />
            ))}
          </Flex>
        </div>
      )
    );
  }
  return (
    <Flex direction="column" gap="4" align="stretch">
      {failure}
      {children(value)}
    </Flex>
  );
}

function outdated(error: Error): boolean {
  return error instanceof UnansweredError && ofOldPages.has(error.kind);
}
