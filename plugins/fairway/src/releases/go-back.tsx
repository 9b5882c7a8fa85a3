import { Text } from '@backstage/ui';
import { fairwayReleaseRollbackPermission } from '@fairway/backstage-plugin-fairway-common';
import type { GoBack as Way } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { ConfirmedAction } from '../view/confirmed-action.tsx';
import type { Place } from './place.ts';

interface GoBackProps {
  readonly place: Place;
  readonly way: Way;
  readonly onDone: () => void;
}

/** Asks whether all users should get the version before, says what will happen, and does it. */
export function GoBack({ place: { cluster, namespace, service }, way, onDone }: GoBackProps) {
  const { t } = useFairwayText();
  return (
    <ConfirmedAction
      permission={fairwayReleaseRollbackPermission}
      service={{ namespace, service }}
      operation="rollback"
      now={way}
      title={({ to }) => t('releases.goBack', { to })}
      label={({ to }) => t('releases.goBackOf', { to, namespace, cluster })}
      request={body => ({ path: { cluster, namespace, service }, body })}
      onDone={onDone}
    >
      {({ to, from }) => (
        <>
          <Text>{t('releases.confirm', { service, namespace, cluster, from: from.join(', '), to })}</Text>
          <Text color="secondary">{t('releases.then', { from: from.join(', ') })}</Text>
        </>
      )}
    </ConfirmedAction>
  );
}
