import { Text } from '@backstage/ui';
import type { Saturation } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Bars } from '../view/bars.tsx';

/** Requests that wait in the queues of the engines. */
export function SaturationList({ saturation }: { readonly saturation: readonly Saturation[] }) {
  const { t } = useFairwayText();
  if (saturation.length === 0) return <Text color="secondary">{t('gpu.noSaturation')}</Text>;
  return (
    <Bars
      label={t('gpu.saturation')}
      bars={saturation.map(({ cluster, namespace, service, waiting }) => ({
        id: `${cluster} ${namespace}/${service}`,
        text: t('gpu.queue', { cluster, namespace, service, waiting: String(waiting) }),
        value: waiting,
        kind: waiting > 0 ? 'notable' : 'good',
      }))}
    />
  );
}
