import { Button, Text } from '@backstage/ui';
import { fairwayServiceRemovePermission } from '@fairway/backstage-plugin-fairway-common';
import type { ServiceSummary } from '@fairway/backstage-plugin-fairway-common';
import { useUpdate } from '../view/use-update.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useFailureText } from '../view/use-failure-text.ts';
import { useServicePermission } from '../view/use-service-permission.ts';

interface RemoveServiceProps {
  readonly service: ServiceSummary;
  /** Default: wherever it was. */
  readonly cluster?: string;
  readonly onRemoved: () => void;
}

/** Takes a service that is decommissioned, everywhere or in one cluster, out of the portal; absent for those who may not. */
export function RemoveService({ service: { name, namespace }, cluster, onRemoved }: RemoveServiceProps) {
  const { t } = useFairwayText();
  const failureText = useFailureText();
  const { allowed } = useServicePermission(fairwayServiceRemovePermission, { namespace, service: name });
  const removing = useUpdate('removeService', onRemoved);
  if (!allowed) return null;
  return (
    <>
      <Button
        size="small"
        variant="secondary"
        aria-label={
          cluster === undefined
            ? t('services.removeOf', { name, namespace })
            : t('services.removeAt', { name, namespace, cluster })
        }
        isPending={removing.isPending}
        onPress={() => void removing.update({ path: { namespace, service: name }, body: { cluster } })}
      >
        {t('services.remove')}
      </Button>
      {removing.error && (
        <Text role="alert" color="danger">
          {failureText(removing.error)}
        </Text>
      )}
    </>
  );
}
