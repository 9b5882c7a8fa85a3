import { useState } from 'react';
import { Alert, Flex, Text } from '@backstage/ui';
import { fairwayReleaseRollbackPermission } from '@fairway/backstage-plugin-fairway-common';
import type { DeploymentView, GoBack as Way } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useServicePermission } from '../view/use-service-permission.ts';
import { useBrokeOff } from './broke-off.tsx';
import { GoBack } from './go-back.tsx';
import type { Place } from './place.ts';
import { RunningRelease } from './running-release.tsx';

interface ReleaseStateProps {
  readonly deployment: DeploymentView;
  /** Whether the portal may move its traffic. */
  readonly actions: boolean;
  /** Whether the page is of this service: then it also says why one cannot go back from here. */
  readonly ofOne: boolean;
  readonly onChanged: () => void;
}

/** Whether a release is in its steps or broke off, and the way back to the version that was released before. */
export function ReleaseState({ deployment, actions, ofOne, onChanged }: ReleaseStateProps) {
  const { t } = useFairwayText();
  const brokeOff = useBrokeOff();
  const [gone, setGone] = useState<Way>();
  const { service, release, brokenOff, versions } = deployment;
  // while a release holds the lease nothing else moves the traffic
  const goBack = release ? undefined : deployment.goBack;
  const hasStable = versions.some(({ revision, readyReplicas }) => revision === release?.stable && readyReplicas > 0);
  return (
    <Flex direction="column" gap="2">
      {release && <RunningRelease {...{ release, place: deployment, actions, hasStable, onChanged }} />}
      {brokenOff && <Alert role="alert" status="danger" icon {...brokeOff(service, brokenOff)} />}
      {brokenOff && !goBack && <Text>{t('releases.noWayBack')}</Text>}
      {goBack && actions && (
        <GoBack
          place={deployment}
          way={goBack}
          onDone={() => {
            setGone(goBack);
            onChanged();
          }}
        />
      )}
      {goBack && (brokenOff || ofOne) && <Hindrance actions={actions} place={deployment} />}
      {gone && <Text role="status">{t('releases.done', { revision: gone.to, from: gone.from.join(', ') })}</Text>}
    </Flex>
  );
}

/** Why one cannot go back from here. */
export function Hindrance({ actions, place }: { readonly actions: boolean; readonly place: Place }) {
  const { t } = useFairwayText();
  const { cluster, namespace, service } = place;
  const { allowed, loading } = useServicePermission(fairwayReleaseRollbackPermission, { namespace, service });
  if (!actions) return <Text color="secondary">{t('releases.off', { cluster })}</Text>;
  return allowed || loading ? null : <Text color="secondary">{t('releases.notAllowed')}</Text>;
}
