import { z } from 'zod';
import { Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { DataTable } from '../../view/data-table.tsx';
import { shortDigest } from '../../view/figures.ts';

export const attachedSchema = z.object({
  reference: z.string(),
  referrers: z.array(z.object({ title: z.string(), digest: z.string(), artifactType: z.string().optional() })),
});

/** What the registry holds beside the image: bill of materials, findings, provenance, signatures. */
export function AttachedDocuments({ of }: { readonly of: z.output<typeof attachedSchema> }) {
  const { t } = useFairwayText();
  return (
    <Flex direction="column" gap="2">
      <Text style={{ overflowWrap: 'anywhere' }}>{of.reference}</Text>
      {of.referrers.length === 0 ? (
        <Text color="secondary">{t('attached.none')}</Text>
      ) : (
        <DataTable
          label={t('attached.title')}
          rows={of.referrers}
          idOf={({ digest }) => digest}
          columns={[
            { id: 'document', label: t('attached.document'), cell: ({ title }) => title },
            { id: 'type', label: t('attached.type'), cell: ({ artifactType }) => artifactType },
            { id: 'digest', label: t('attached.digest'), cell: ({ digest }) => shortDigest(digest) },
          ]}
        />
      )}
    </Flex>
  );
}
