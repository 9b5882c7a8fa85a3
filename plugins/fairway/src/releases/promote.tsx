import { useState } from 'react';
import { Button, Dialog, DialogBody, DialogFooter, DialogHeader, DialogTrigger, Flex, Text } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { fairwayReleasePromotePermission, serviceResourceRef } from '@fairway/backstage-plugin-fairway-common';
import type { RunningRelease } from '@fairway/backstage-plugin-fairway-common';
import { useUpdate } from '../alerts/use-update.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FailedUpdate } from '../view/failed-update.tsx';
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
    <DialogTrigger isOpen={isOpen} onOpenChange={open}>
      <Button size="small" variant="secondary" aria-label={t('releases.promoteOf', { candidate, namespace, cluster })}>
        {t('releases.promote', { candidate })}
      </Button>
      <Dialog width={440}>
        <DialogHeader>{t('releases.promote', { candidate })}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="3">
            <Text>{t('releases.promoteConfirm', holes)}</Text>
            <Text color="secondary">{t('releases.promoteThen', { candidate })}</Text>
            <FailedUpdate title={t('releases.failed')} error={promoting.error} />
          </Flex>
        </DialogBody>
        <DialogFooter>
          <Button
            variant="primary"
            isPending={promoting.isPending}
            onPress={() => void promoting.update({ path: { cluster, namespace, service }, body: { candidate } })}
          >
            {t('releases.promote', { candidate })}
          </Button>
          <Button variant="secondary" slot="close">
            {t('releases.cancel')}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}
