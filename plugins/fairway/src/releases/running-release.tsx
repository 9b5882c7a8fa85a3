import { Alert, Button, Flex, Text } from '@backstage/ui';
import { fairwayReleasePausePermission } from '@fairway/backstage-plugin-fairway-common';
import type { RunningRelease as Release } from '@fairway/backstage-plugin-fairway-common';
import { useUpdate } from '../view/use-update.ts';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { FailedUpdate } from '../view/failed-update.tsx';
import { Time } from '../view/time.tsx';
import { useServicePermission } from '../view/use-service-permission.ts';
import type { Place } from './place.ts';
import { Promote } from './promote.tsx';
import { Abort } from './abort.tsx';

interface RunningReleaseProps {
  readonly release: Release;
  readonly place: Place;
  /** Whether the portal may ask something of it. */
  readonly actions: boolean;
  /** Whether the stable version has a pod that answers. */
  readonly hasStable: boolean;
  readonly onChanged: () => void;
}

/** The step in which a release is and who holds it, with what a person may ask of it. */
export function RunningRelease({ release, place, actions, hasStable, onChanged }: RunningReleaseProps) {
  const { t } = useFairwayText();
  const { candidate, stable, weight, step, steps, paused, promoted, aborted, state } = release;
  const said = aborted
    ? t('releases.abortedBy', { by: aborted.by, at: <Time at={aborted.at} />, stable })
    : promoted
      ? t('releases.promotedBy', { by: promoted.by, at: <Time at={promoted.at} /> })
      : paused
        ? t('releases.pausedBy', { by: paused.by, at: <Time at={paused.at} /> })
        : t('releases.judged');
  const asked = aborted ? 'aborted' : promoted ? 'promoted' : paused ? 'paused' : 'judging';
  const heard = asked === state;
  return (
    <Flex direction="column" gap="2">
      <Alert
        role="status"
        status={paused || aborted ? 'warning' : 'info'}
        icon
        title={t('releases.running', {
          candidate,
          weight: String(Math.round(weight)),
          step: String(step),
          steps: String(steps),
        })}
        description={heard ? said : [said, ' ', t('releases.notHeard')]}
      />
      {actions && !promoted && !aborted && (
        <Flex gap="2">
          <PauseOrResume release={release} place={place} onChanged={onChanged} />
          <Promote release={release} place={place} onChanged={onChanged} />
          {hasStable && <Abort release={release} place={place} onChanged={onChanged} />}
        </Flex>
      )}
      {actions && !hasStable && <Text color="secondary">{t('releases.noStable', { stable })}</Text>}
    </Flex>
  );
}

/** Absent for those who may not. */
function PauseOrResume({ release, place, onChanged }: Pick<RunningReleaseProps, 'release' | 'place' | 'onChanged'>) {
  const { t } = useFairwayText();
  const { cluster, namespace, service } = place;
  const { allowed } = useServicePermission(fairwayReleasePausePermission, { namespace, service });
  const pausing = useUpdate('pauseRelease', onChanged);
  const resuming = useUpdate('resumeRelease', onChanged);
  if (!allowed) return null;
  const { candidate } = release;
  const [verb, asking] = release.paused ? (['resume', resuming] as const) : (['pause', pausing] as const);
  return (
    <Flex direction="column" gap="2">
      <Button
        size="small"
        variant="secondary"
        isPending={asking.isPending}
        aria-label={t(`releases.${verb}Of`, { candidate, namespace, cluster })}
        onPress={() => void asking.update({ path: { cluster, namespace, service }, body: { candidate } })}
      >
        {t(`releases.${verb}`)}
      </Button>
      <FailedUpdate title={t('releases.failed')} error={asking.error} />
    </Flex>
  );
}
