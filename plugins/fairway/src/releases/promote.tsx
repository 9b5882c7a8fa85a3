import { Text } from '@backstage/ui';
import { fairwayReleasePromotePermission } from '@fairway/backstage-plugin-fairway-common';
import type { RunningRelease } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { ConfirmedAction } from '../view/confirmed-action.tsx';
import type { Place } from './place.ts';

interface PromoteProps {
  readonly release: RunningRelease;
  readonly place: Place;
  readonly onChanged: () => void;
}

/** Asks whether the candidate should get all users before its steps have judged it. */
export function Promote({ release, place: { cluster, namespace, service }, onChanged }: PromoteProps) {
  const { t } = useFairwayText();
  return (
    <ConfirmedAction
      permission={fairwayReleasePromotePermission}
      service={{ namespace, service }}
      operation="promoteRelease"
      now={release}
      title={({ candidate }) => t('releases.promote', { candidate })}
      label={({ candidate }) => t('releases.promoteOf', { candidate, namespace, cluster })}
      request={({ candidate }) => ({ path: { cluster, namespace, service }, body: { candidate } })}
      onDone={onChanged}
    >
      {({ candidate, stable, weight }) => (
        <>
          <Text>
            {t('releases.promoteConfirm', {
              ...{ candidate, stable, service, namespace, cluster },
              weight: String(Math.round(weight)),
            })}
          </Text>
          <Text color="secondary">{t('releases.promoteThen', { candidate })}</Text>
        </>
      )}
    </ConfirmedAction>
  );
}
