import { z } from 'zod';
import { codedReasonSchema } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { DataTable } from '../../view/data-table.tsx';
import { VerdictIcon } from '../../view/verdict.tsx';
import verdictClasses from '../../view/verdict.module.css';

const part = codedReasonSchema.optional();

export const probesSchema = z.object({
  probes: z.array(
    z.object({
      ...{ name: z.string(), expected: z.string(), seen: z.string(), holds: z.boolean() },
      coded: z.object({ name: part, expected: part, seen: part }).optional(),
    }),
  ),
});

/** What was asked of the gateway, what it should say and what it said. */
export function Probes({ of: { probes } }: { readonly of: z.output<typeof probesSchema> }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  return (
    <DataTable
      label={t('probes.title')}
      rows={probes}
      idOf={({ name }) => name}
      columns={[
        { id: 'name', label: t('probes.name'), cell: ({ name, coded }) => say(name, coded?.name) },
        {
          id: 'verdict',
          label: t('probes.verdict'),
          cell: ({ holds }) => (
            <span className={verdictClasses.verdict}>
              <VerdictIcon verdict={holds ? 'pass' : 'fail'} />
              {t(holds ? 'probes.holds' : 'probes.broken')}
            </span>
          ),
        },
        { id: 'expected', label: t('probes.expected'), cell: ({ expected, coded }) => say(expected, coded?.expected) },
        { id: 'seen', label: t('probes.seen'), cell: ({ seen, coded }) => say(seen, coded?.seen) },
      ]}
    />
  );
}
