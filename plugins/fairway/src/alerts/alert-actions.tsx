import { Button, Flex, Text } from '@backstage/ui';
import { fairwayAlertUpdatePermission } from '@fairway/backstage-plugin-fairway-common';
import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import { GoBack } from '../releases/go-back.tsx';
import { Hindrance } from '../releases/release-state.tsx';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useFailureText } from '../view/use-failure-text.ts';
import { useServicePermission } from '../view/use-service-permission.ts';
import { SilenceDialog } from './silence-dialog.tsx';
import { useUpdate } from '../view/use-update.ts';

interface AlertActionsProps {
  readonly alert: Alert;
  readonly onUpdated: () => void;
}

/** What one can do about an alert: say that one works on it, or silence it. Whether one may is a question of each service. */
export function AlertActions({ alert, onUpdated }: AlertActionsProps) {
  const { t } = useFairwayText();
  const failureText = useFailureText();
  const { source, fingerprint, name, acknowledged, state, brokenOff } = alert;
  const acknowledging = useUpdate('acknowledge', onUpdated);
  const { allowed, loading } = useServicePermission(fairwayAlertUpdatePermission, alert);
  if (loading) return null;
  const ending = brokenOff && <BrokenOffActions alert={alert} brokenOff={brokenOff} onUpdated={onUpdated} />;
  // going back is another permission
  if (!allowed)
    return (
      <Flex direction="column" gap="1">
        {ending}
        <Text color="secondary" title={t('alerts.notAllowed')}>
          {t('alerts.readOnly')}
        </Text>
      </Flex>
    );
  return (
    <Flex direction="column" gap="1">
      <Flex gap="2">
        {!acknowledged && (
          <Button
            size="small"
            variant="secondary"
            aria-label={t('alerts.acknowledgeOf', { name })}
            isPending={acknowledging.isPending}
            onPress={() => void acknowledging.update({ path: { source, fingerprint }, body: {} })}
          >
            {t('alerts.acknowledge')}
          </Button>
        )}
        {ending}
        {!brokenOff && state !== 'suppressed' && <SilenceDialog alert={alert} onUpdated={onUpdated} />}
      </Flex>
      {acknowledging.error && (
        <Text role="alert" color="danger">
          {t('alerts.failed')}: {failureText(acknowledging.error)}
        </Text>
      )}
    </Flex>
  );
}

interface BrokenOffActionsProps extends AlertActionsProps {
  readonly brokenOff: NonNullable<Alert['brokenOff']>;
}

/** Nobody can silence an alert of the portal itself, but one can end it. */
function BrokenOffActions({ alert, brokenOff: { goBack, actions = false }, onUpdated }: BrokenOffActionsProps) {
  const { t } = useFairwayText();
  const { cluster, namespace, service } = alert;
  if (cluster === undefined || namespace === undefined || service === undefined) return null;
  if (!goBack) return <Text color="secondary">{t('releases.noWayBack')}</Text>;
  const place = { cluster, namespace, service };
  return (
    <>
      {actions && <GoBack place={place} way={goBack} onDone={onUpdated} />}
      <Hindrance actions={actions} place={place} />
    </>
  );
}
