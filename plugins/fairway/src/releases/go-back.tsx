import { useState } from 'react';
import { Button, Dialog, DialogBody, DialogFooter, DialogHeader, DialogTrigger, Flex, Text } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { fairwayReleaseRollbackPermission, serviceResourceRef } from '@fairway/backstage-plugin-fairway-common';
import type { GoBack as Way } from '@fairway/backstage-plugin-fairway-common';
import { useUpdate } from '../alerts/use-update.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FailedUpdate } from '../view/failed-update.tsx';

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
    <DialogTrigger isOpen={isOpen} onOpenChange={open}>
      <Button size="small" variant="secondary" aria-label={t('releases.goBackOf', { to, namespace, cluster })}>
        {t('releases.goBack', { to })}
      </Button>
      <Dialog width={440}>
        <DialogHeader>{t('releases.goBack', { to })}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="3">
            <Text>{t('releases.confirm', { service, namespace, cluster, from, to })}</Text>
            <Text color="secondary">{t('releases.then', { from })}</Text>
            <FailedUpdate title={t('releases.failed')} error={going.error} />
          </Flex>
        </DialogBody>
        <DialogFooter>
          <Button
            variant="primary"
            isPending={going.isPending}
            onPress={() => void going.update({ path: { cluster, namespace, service }, body: shown })}
          >
            {t('releases.goBack', { to })}
          </Button>
          <Button variant="secondary" slot="close">
            {t('releases.cancel')}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}
