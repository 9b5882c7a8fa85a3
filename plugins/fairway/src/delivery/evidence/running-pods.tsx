import { z } from 'zod';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { DataTable } from '../../view/data-table.tsx';

export const podsSchema = z.array(z.object({ name: z.string(), images: z.array(z.string()).optional() }));

/** The pods that were ready, and the images that they really run. */
export function RunningPods({ of }: { readonly of: z.output<typeof podsSchema> }) {
  const { t } = useFairwayText();
  return (
    <DataTable
      label={t('pods.title')}
      rows={of}
      idOf={({ name }) => name}
      columns={[
        { id: 'name', label: t('objects.name'), cell: ({ name }) => name },
        { id: 'images', label: t('pods.images'), cell: ({ images = [] }) => images.join(', ') },
      ]}
    />
  );
}
