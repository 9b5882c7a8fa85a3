import { useState } from 'react';
import { Link, Text } from '@backstage/ui';
import { fairwayDeliveryStartPermission } from '@fairway/backstage-plugin-fairway-common';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { ConfirmedAction } from '../view/confirmed-action.tsx';
import { CopyableCommand } from '../view/copyable-command.tsx';

/** The way to deliver this again: by the portal, on the page of its run, or from a terminal. Absent for those who may not, and while it runs. */
export function DeliverAgain({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useFairwayText();
  const { id, namespace, service, origin, again, verdict } = delivery;
  const [started, setStarted] = useState(false);
  if (verdict === 'running') return null;
  if (started)
    return (
      <Text role="status">
        {t('again.started')} <RunLink origin={origin} />
      </Text>
    );
  return (
    <ConfirmedAction
      permission={fairwayDeliveryStartPermission}
      service={{ namespace, service }}
      operation="deliverAgain"
      now={again}
      title={() => t('again.title')}
      width={520}
      {...(again === 'portal' && { request: () => ({ path: { id }, body: {} }) })}
      onDone={() => setStarted(true)}
    >
      {way => (
        <>
          <Text>{t(`again.${way}`)}</Text>
          {way === 'command' ? <CopyableCommand command={commandOf(delivery)} /> : <RunLink origin={origin} />}
        </>
      )}
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
