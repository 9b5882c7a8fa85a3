import { useState } from 'react';
import { Text } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { fairwayReleaseRollbackPermission, serviceResourceRef } from '@fairway/backstage-plugin-fairway-common';
import type { GoBack as Way } from '@fairway/backstage-plugin-fairway-common';
import { useUpdate } from '../alerts/use-update.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { ConfirmedAction } from '../view/confirmed-action.tsx';

/** A service where it runs. */
export interface Place {
  readonly cluster: string;
  readonly namespace: string;
  readonly service: string;
}

interface GoBackProps {
  readonly place: Place;
  readonly way: Way;
  readonly onDone: () => void;
}

/** Asks whether all users should get the version before, says what will happen, and does it; absent for those who may not. */
export function GoBack({ place, way, onDone }: GoBackProps) {
  const { t } = useFairwayText();
  const { allowed } = usePermission({
    permission: fairwayReleaseRollbackPermission,
    resourceRef: serviceResourceRef({ namespace: place.namespace, service: place.service }),
  });
  const [isOpen, setOpen] = useState(false);
  const { cluster, namespace, service } = place;
  // what was confirmed is what is sent, whatever the cluster does meanwhile
  const [shown, setShown] = useState(way);
  const going = useUpdate('rollback', () => {
    setOpen(false);
    onDone();
  });
  if (!allowed) return null;
  const open = (next: boolean) => {
    if (next) setShown(way);
    setOpen(next);
  };
  const { to } = isOpen ? shown : way;
  const from = shown.from.join(', ');
  return (
    <ConfirmedAction
      title={t('releases.goBack', { to })}
      label={t('releases.goBackOf', { to, namespace, cluster })}
      isOpen={isOpen}
      onOpenChange={open}
      update={going}
      onConfirm={() => void going.update({ path: { cluster, namespace, service }, body: shown })}
    >
      <Text>{t('releases.confirm', { service, namespace, cluster, from, to })}</Text>
      <Text color="secondary">{t('releases.then', { from })}</Text>
    </ConfirmedAction>
  );
}
