import type { ReactNode } from 'react';
import { useEntity } from '@backstage/plugin-catalog-react';
import { serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Empty } from './empty.tsx';

/** Shows something of the service that the entity of the page names. */
export function OfEntity({ children }: { readonly children: (service: string) => ReactNode }) {
  const { t } = useFairwayText();
  const service = useEntity().entity.metadata.annotations?.[serviceAnnotation];
  if (!service) return <Empty title={t('state.noService')} description={t('state.noServiceHint')} />;
  return children(service);
}
