import { Alert } from '@backstage/ui';
import type { AlertSourceStatus } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';

interface WatchNoticesProps {
  readonly sources: readonly AlertSourceStatus[];
  /** Clusters without an Alertmanager. */
  readonly unwatched: readonly string[];
}

/** Says of which clusters nobody tells alerts, so that silence is not taken for peace. */
export function WatchNotices({ sources, unwatched }: WatchNoticesProps) {
  const { t } = useFairwayText();
  const say = useReasonText();
  return (
    <>
      {sources
        .filter(({ state }) => state === 'unreachable')
        .map(({ name, clusters, message, coded }) => (
          <Alert
            key={name}
            role="status"
            status="warning"
            icon
            title={t('alerts.unreachable', { clusters: clusters.join(', ') })}
            description={say(message, coded)}
          />
        ))}
      {unwatched.length > 0 && (
        <Alert
          role="status"
          status="warning"
          icon
          title={t('alerts.unwatched', { clusters: unwatched.join(', ') })}
          description={t('alerts.unwatchedHint')}
        />
      )}
    </>
  );
}
