import type { ReactNode } from 'react';
import { useEntity } from '@backstage/plugin-catalog-react';
import { namespaceAnnotation, serviceAnnotation } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../translation/use-fairway-text.ts';
import { Empty } from './empty.tsx';

export interface ServiceOfEntity {
  readonly service: string;
  /** Absent where the catalog file of somebody does not name it: then services of the name in every namespace are meant. */
  readonly namespace: string | undefined;
}

/** Shows something of the service that the entity of the page names. */
export function OfEntity({ children }: { readonly children: (of: ServiceOfEntity) => ReactNode }) {
  const { t } = useFairwayText();
  const { annotations = {} } = useEntity().entity.metadata;
  const service = annotations[serviceAnnotation];
  if (!service) return <Empty title={t('state.noService')} description={t('state.noServiceHint')} />;
  return children({ service, namespace: annotations[namespaceAnnotation] });
}
