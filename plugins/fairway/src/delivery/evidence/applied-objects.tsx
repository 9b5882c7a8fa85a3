import { z } from 'zod';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { DataTable } from '../../view/data-table.tsx';

export const objectsSchema = z.array(
  z.object({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  }),
);

/** What the stage applied to the cluster. */
export function AppliedObjects({ of }: { readonly of: z.output<typeof objectsSchema> }) {
  const { t } = useFairwayText();
  return (
    <DataTable
      label={t('objects.title')}
      rows={of}
      idOf={({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.namespace}/${metadata.name}`}
      columns={[
        { id: 'name', label: t('objects.name'), cell: ({ metadata }) => metadata.name },
        { id: 'kind', label: t('objects.kind'), cell: ({ kind, apiVersion }) => `${kind} (${apiVersion})` },
        {
          id: 'namespace',
          label: t('objects.namespace'),
          cell: ({ metadata }) => metadata.namespace ?? t('objects.cluster'),
        },
      ]}
    />
  );
}
