import { Text } from '@backstage/ui';
import { fairwayReleaseRollbackPermission } from '@fairway/backstage-plugin-fairway-common';
import type { RunningRelease } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { ConfirmedAction } from '../view/confirmed-action.tsx';
import type { Place } from './place.ts';

interface AbortProps {
  readonly release: RunningRelease;
  readonly place: Place;
  readonly onChanged: () => void;
}

/** Asks whether the release should end, with all users at the stable version. */
export function Abort({ release, place: { cluster, namespace, service }, onChanged }: AbortProps) {
  const { t } = useFairwayText();
  return (
    <ConfirmedAction
      permission={fairwayReleaseRollbackPermission}
      service={{ namespace, service }}
      operation="abortRelease"
      now={release}
      title={({ stable }) => t('releases.abort', { stable })}
      label={({ candidate, stable }) => t('releases.abortOf', { candidate, stable, namespace, cluster })}
      request={({ candidate }) => ({ path: { cluster, namespace, service }, body: { candidate } })}
      onDone={onChanged}
    >
      {({ candidate, stable, weight }) => (
        <>
          <Text>
            {t('releases.abortConfirm', {
              ...{ candidate, stable, service, namespace, cluster },
              weight: String(Math.round(weight)),
            })}
          </Text>
          <Text color="secondary">{t('releases.abortThen', { candidate })}</Text>
        </>
      )}
    </ConfirmedAction>
  );
}
