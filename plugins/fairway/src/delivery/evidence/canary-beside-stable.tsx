import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { DataTable } from '../../view/data-table.tsx';
import { figureText } from '../../view/figures.ts';
import type { CountedStep } from './release-steps.tsx';

interface CanaryBesideStableProps {
  readonly candidate: string;
  readonly stable: string;
  readonly steps: readonly CountedStep[];
}

/** Of each step and objective what the canary did, what it had to keep to and what the version that served did beside it. */
export function CanaryBesideStable({ candidate, stable, steps }: CanaryBesideStableProps) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const milliseconds = (value: number) => `${figureText(value)} ms`;
  const rows = steps.flatMap(({ weight, decisions, paces = {} }, step) =>
    decisions.map(decision => ({ ...decision, id: `${step} ${decision.name}`, weight, pace: paces[decision.name] })),
  );
  return (
    <DataTable
      label={t('canary.title')}
      rows={rows}
      idOf={({ id }) => id}
      columns={[
        {
          id: 'traffic',
          label: t('canary.traffic', { candidate, stable }),
          cell: ({ weight }) => `${weight} % : ${100 - weight} %`,
        },
        {
          id: 'objective',
          label: t('canary.objective'),
          cell: ({ name }) => say(name, { code: `objective.${name}`, parameters: {} }),
        },
        {
          id: 'candidate',
          label: t('canary.candidate', { candidate }),
          cell: ({ bad, events }) =>
            t('canary.bad', {
              // Prometheus counts between its samples
              bad: String(Math.round(bad)),
              events: String(Math.round(events)),
              share: figureText((100 * bad) / Math.max(1, events)),
            }),
        },
        {
          id: 'stable',
          label: t('canary.stable', { stable }),
          cell: ({ pace }) =>
            pace
              ? t('canary.pace', { kept: milliseconds(pace.ofStable), limit: milliseconds(pace.milliseconds) })
              : t('canary.alone'),
        },
        { id: 'verdict', label: t('canary.verdict'), cell: ({ verdict }) => t(`verdict.${verdict}`) },
      ]}
    />
  );
}
