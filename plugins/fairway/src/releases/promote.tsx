import { useState } from 'react';
import { Text } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { fairwayReleasePromotePermission, serviceResourceRef } from '@fairway/backstage-plugin-fairway-common';
import type { RunningRelease } from '@fairway/backstage-plugin-fairway-common';
import { useUpdate } from '../alerts/use-update.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { ConfirmedAction } from '../view/confirmed-action.tsx';
import type { Place } from './go-back.tsx';

interface PromoteProps {
  readonly release: RunningRelease;
  readonly place: Place;
  readonly onChanged: () => void;
}

/** Asks whether the candidate should get all users before its steps have judged it; absent for those who may not. */
export function Promote({ release, place, onChanged }: PromoteProps) {
  const { t } = useFairwayText();
  const { cluster, namespace, service } = place;
  const { allowed } = usePermission({
    permission: fairwayReleasePromotePermission,
    resourceRef: serviceResourceRef({ namespace, service }),
  });
  const [isOpen, setOpen] = useState(false);
  // what was confirmed is what is sent, whatever the cluster does meanwhile
  const [shown, setShown] = useState(release);
  const promoting = useUpdate('promoteRelease', () => {
    setOpen(false);
    onChanged();
  });
  if (!allowed) return null;
  const open = (next: boolean) => {
    if (next) setShown(release);
    setOpen(next);
  };
  const { candidate, stable, weight } = isOpen ? shown : release;
  const holes = { candidate, stable, service, namespace, cluster, weight: String(Math.round(weight)) };
  return (
    <ConfirmedAction
      title={t('releases.promote', { candidate })}
      label={t('releases.promoteOf', { candidate, namespace, cluster })}
      isOpen={isOpen}
      onOpenChange={open}
      update={promoting}
      onConfirm={() => void promoting.update({ path: { cluster, namespace, service }, body: { candidate } })}
    >
      <Text>{t('releases.promoteConfirm', holes)}</Text>
      <Text color="secondary">{t('releases.promoteThen', { candidate })}</Text>
    </ConfirmedAction>
  );
}
