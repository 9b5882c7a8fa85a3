import { Text } from '@backstage/ui';
import { fairwayServiceRemovePermission } from '@fairway/backstage-plugin-fairway-common';
import type { ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { ConfirmedAction } from '../view/confirmed-action.tsx';

interface RemoveServiceProps {
  readonly service: ServiceSummary;
  /** Default: wherever it was. */
  readonly cluster?: string;
  readonly onRemoved: () => void;
}

/** Asks whether a service that is decommissioned, everywhere or in one cluster, should go out of the portal, and removes it. */
export function RemoveService({ service: { name, namespace }, cluster, onRemoved }: RemoveServiceProps) {
  const { t } = useFairwayText();
  return (
    <ConfirmedAction
      permission={fairwayServiceRemovePermission}
      service={{ namespace, service: name }}
      operation="removeService"
      now={cluster}
      title={() => t('services.remove')}
      label={of =>
        of === undefined
          ? t('services.removeOf', { name, namespace })
          : t('services.removeAt', { name, namespace, cluster: of })
      }
      request={of => ({ path: { namespace, service: name }, body: { cluster: of } })}
      onDone={onRemoved}
    >
      {of => (
        <Text>
          {of === undefined
            ? t('services.removeConfirm', { name, namespace })
            : t('services.removeAtConfirm', { name, namespace, cluster: of })}
        </Text>
      )}
    </ConfirmedAction>
  );
}
