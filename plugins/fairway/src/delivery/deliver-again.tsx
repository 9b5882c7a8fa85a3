import { useState } from 'react';
import { Button, Dialog, DialogBody, DialogFooter, DialogHeader, DialogTrigger, Flex, Link, Text } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { fairwayDeliveryStartPermission, serviceResourceRef } from '@fairway/backstage-plugin-fairway-common';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { useUpdate } from '../alerts/use-update.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { CopyableCommand } from '../view/copyable-command.tsx';
import { FailedUpdate } from '../view/failed-update.tsx';

/** The way to deliver this again: by the portal, on the page of its run, or from a terminal. Absent for those who may not, and while it runs. */
export function DeliverAgain({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useFairwayText();
  const { id, namespace, service, origin, again, verdict } = delivery;
  const { allowed } = usePermission({
    permission: fairwayDeliveryStartPermission,
    resourceRef: serviceResourceRef({ namespace, service }),
  });
  const [isOpen, setOpen] = useState(false);
  const [started, setStarted] = useState(false);
  const running = useUpdate('deliverAgain', () => {
    setOpen(false);
    setStarted(true);
  });
  if (!allowed || verdict === 'running') return null;
  if (started)
    return (
      <Text role="status">
        {t('again.started')} <RunLink origin={origin} />
      </Text>
    );
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button size="small" variant="secondary">
        {t('again.title')}
      </Button>
      <Dialog width={520}>
        <DialogHeader>{t('again.title')}</DialogHeader>
        <DialogBody>
          <Flex direction="column" gap="3">
            <Text>{t(`again.${again}`)}</Text>
            {again === 'command' ? <CopyableCommand command={commandOf(delivery)} /> : <RunLink origin={origin} />}
            <FailedUpdate title={t('releases.failed')} error={running.error} />
          </Flex>
        </DialogBody>
        <DialogFooter>
          {again === 'portal' && (
            <Button
              variant="primary"
              isPending={running.isPending}
              onPress={() => void running.update({ path: { id }, body: {} })}
            >
              {t('again.title')}
            </Button>
          )}
          <Button variant="secondary" slot="close">
            {t('releases.cancel')}
          </Button>
        </DialogFooter>
      </Dialog>
    </DialogTrigger>
  );
}

function RunLink({ origin }: { readonly origin: string }) {
  return (
    <Link href={origin} target="_blank" rel="noopener">
      {origin}
    </Link>
  );
}

/** In the folder of the service, at the commit that was delivered. */
function commandOf({ commit, environment }: Delivery): string {
  const deliver = `fairway deliver${environment ? ` --environment ${environment}` : ''}`;
  return commit ? `git checkout ${commit} && ${deliver}` : deliver;
}
