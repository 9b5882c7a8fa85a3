import { Alert } from '@backstage/ui';
import type { ClusterStatus } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { useReasonText } from '../translation/use-reason-text.ts';

/** Says of which clusters a view cannot speak, so that what is missing is not taken for nothing. */
export function ClusterNotices({ clusters }: { readonly clusters: readonly ClusterStatus[] }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  return clusters
    .filter(({ state, message }) => state !== 'live' || message !== undefined)
    .map(({ name, state, message, coded }) => (
      <Alert
        key={name}
        role="status"
        status={state === 'connecting' ? 'info' : 'warning'}
        icon
        title={t(`clusters.${state}`, { name })}
        description={say(message, coded)}
      />
    ));
}
