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
  const { asked, said } = useAsked(release);
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
        description={
          asked === state ? (
            said
          ) : (
            <>
              {said} {t('releases.notHeard')}
            </>
          )
        }
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

/** What people ask of the release, as the state in which it is once it has heard, and in words. */
function useAsked({ stable, paused, promoted, aborted }: Release) {
  const { t } = useFairwayText();
  const when = ({ by, at }: { readonly by: string; readonly at: string }) => ({ by, at: <Time at={at} /> });
  if (aborted) return { asked: 'aborted', said: t('releases.abortedBy', { ...when(aborted), stable }) };
  if (promoted) return { asked: 'promoted', said: t('releases.promotedBy', when(promoted)) };
  if (paused) return { asked: 'paused', said: t('releases.pausedBy', when(paused)) };
  return { asked: 'judging', said: t('releases.judged') };
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
