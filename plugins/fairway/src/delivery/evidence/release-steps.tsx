import { z } from 'zod';
import { Flex } from '@backstage/ui';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { Bars } from '../../view/bars.tsx';
import { DataTable } from '../../view/data-table.tsx';
import { figureText } from '../../view/figures.ts';

const requestSchema = z.object({
  revision: z.string().optional(),
  error: z.string().optional(),
  timeToFirstToken: z.number().optional(),
});

const stepSchema = z.object({
  weight: z.number(),
  seconds: z.number(),
  requests: z.array(requestSchema),
  objection: z.string().optional(),
});

export const stepsSchema = z.object({
  candidate: z.string(),
  stable: z.string().nullish(),
  steps: z.array(stepSchema),
});

/** The steps by which the traffic moved to the new version, and how each was judged. */
export function ReleaseSteps({ of: { candidate, steps } }: { readonly of: z.output<typeof stepsSchema> }) {
  const { t } = useFairwayText();
  const slowest = (step: z.output<typeof stepSchema>) => {
    const times = step.requests.flatMap(one => (one.revision === candidate ? (one.timeToFirstToken ?? []) : []));
    return times.length === 0 ? t('diff.none') : `${figureText(Math.max(...times))} ms`;
  };
  return (
    <Flex direction="column" gap="3">
      <Bars
        label={t('steps.weight')}
        whole={100}
        bars={steps.map((step, index) => ({
          id: String(index),
          text: t('deployments.share', { revision: candidate, weight: String(step.weight) }),
          value: step.weight,
          kind: step.objection ? 'bad' : 'good',
        }))}
      />
      <DataTable
        label={t('steps.title')}
        rows={steps.map((step, index) => ({ ...step, index }))}
        idOf={({ index }) => String(index)}
        columns={[
          { id: 'weight', label: t('steps.weight'), cell: ({ weight }) => `${weight} %` },
          { id: 'judged', label: t('steps.judged'), cell: ({ objection }) => objection ?? t('steps.good') },
          { id: 'seconds', label: t('steps.seconds'), number: true, cell: ({ seconds }) => `${seconds} s` },
          { id: 'requests', label: t('steps.requests'), number: true, cell: step => String(step.requests.length) },
          {
            id: 'own',
            label: t('steps.own', { revision: candidate }),
            number: true,
            cell: step => String(step.requests.filter(one => one.revision === candidate).length),
          },
          {
            id: 'errors',
            label: t('steps.errors'),
            number: true,
            cell: step => String(step.requests.filter(one => one.error).length),
          },
          { id: 'slowest', label: t('steps.slowest'), number: true, cell: slowest },
        ]}
      />
    </Flex>
  );
}
