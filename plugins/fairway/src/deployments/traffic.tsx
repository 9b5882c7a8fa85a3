import { Text } from '@backstage/ui';
import type { VersionView } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Bars } from '../view/bars.tsx';

/** How the route shares the traffic among the versions. */
export function Traffic({ versions }: { readonly versions: readonly VersionView[] }) {
  const { t } = useFairwayText();
  const routed = versions.flatMap(({ revision, weight }) => (weight === undefined ? [] : [{ revision, weight }]));
  const [first, ...others] = routed;
  if (first === undefined) return <Text color="secondary">{t('deployments.noRoute')}</Text>;
  // a bar from edge to edge says nothing that the words do not
  if (others.length === 0 && first.weight === 100)
    return <Text color="secondary">{t('deployments.allTraffic', { revision: first.revision })}</Text>;
  return (
    <Bars
      label={t('deployments.traffic')}
      whole={100}
      bars={routed.map(({ revision, weight }) => ({
        id: revision,
        text: t('deployments.share', { revision, weight: String(weight) }),
        value: weight,
      }))}
    />
  );
}
