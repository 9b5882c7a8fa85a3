import { useState } from 'react';
import { Link, Text } from '@backstage/ui';
import { usePermission } from '@backstage/plugin-permission-react';
import { fairwayDeliveryStartPermission, serviceResourceRef } from '@fairway/backstage-plugin-fairway-common';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { useUpdate } from '../alerts/use-update.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { ConfirmedAction } from '../view/confirmed-action.tsx';
import { CopyableCommand } from '../view/copyable-command.tsx';

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
    <ConfirmedAction
      title={t('again.title')}
      width={520}
      isOpen={isOpen}
      onOpenChange={setOpen}
      update={running}
      {...(again === 'portal' && { onConfirm: () => void running.update({ path: { id }, body: {} }) })}
    >
      <Text>{t(`again.${again}`)}</Text>
      {again === 'command' ? <CopyableCommand command={commandOf(delivery)} /> : <RunLink origin={origin} />}
    </ConfirmedAction>
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
