import { z } from 'zod';
import { Flex, Text } from '@backstage/ui';
import { codedReasonSchema } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { DataTable } from '../../view/data-table.tsx';

const changeSchema = z.object({
  action: z.string(),
  package: z.string(),
  environment: z.string().optional(),
  installed: z.string().optional(),
  atLeast: z.string().optional(),
  /** Digests of a base image. */
  from: z.string().optional(),
  to: z.string().optional(),
  until: z.string().optional(),
  because: z.string().optional(),
  coded: codedReasonSchema.optional(),
  /** Line of a Dockerfile. */
  command: z.string().optional(),
  findings: z.array(z.string()),
});
type Change = z.output<typeof changeSchema>;

export const fixPlanSchema = z.object({
  steps: z.array(z.object({ image: z.string(), plan: z.array(changeSchema) })),
  left: z.array(changeSchema).optional(),
  /** Absent in plans of earlier versions. */
  proposed: z.array(changeSchema).optional(),
});

/** What the fix loop changed, round by round, which findings that was for, what is left, and what may fix it in the source. */
export function FixPlan({ of: { steps, left = [], proposed = [] } }: { readonly of: z.output<typeof fixPlanSchema> }) {
  const { t } = useFairwayText();
  const rounds = [
    ...steps.map(({ image, plan }) => ({ title: t('plan.step', { image }), plan })),
    ...(left.length > 0 ? [{ title: t('plan.left'), plan: left }] : []),
    ...(proposed.length > 0 ? [{ title: t('plan.proposed'), plan: proposed }] : []),
  ];
  return (
    <Flex direction="column" gap="3">
      {rounds.map(({ title, plan }) => (
        <Flex key={title} direction="column" gap="1">
          <Text color="secondary">{title}</Text>
          <Changes label={title} changes={plan} />
        </Flex>
      ))}
    </Flex>
  );
}

/** By the names of `remediate`; one that a newer one has is shown as it is. */
const actions = {
  'patch-layer': 'plan.upgrade',
  // what earlier versions called it
  upgrade: 'plan.upgrade',
  rebase: 'plan.rebase',
  remove: 'plan.remove',
  rebuild: 'plan.rebuild',
  'unfixable-now': 'plan.notNow',
  'accept-until': 'plan.accepted',
  vex: 'plan.harmless',
} as const;

function Changes({ label, changes }: { readonly label: string; readonly changes: readonly Change[] }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  const action = (name: string) => (Object.hasOwn(actions, name) ? t(actions[name as keyof typeof actions]) : name);
  return (
    <DataTable
      label={label}
      rows={changes}
      idOf={change => `${change.action} ${change.package} ${change.environment}`}
      columns={[
        {
          id: 'package',
          label: t('findings.package'),
          cell: change => [change.package, change.environment].filter(Boolean).join(' · '),
        },
        {
          id: 'action',
          label: t('plan.action'),
          cell: ({ action: name, until }) => [action(name), until].filter(Boolean).join(' '),
        },
        { id: 'installed', label: t('findings.installed'), cell: ({ installed, from }) => installed ?? from },
        { id: 'atLeast', label: t('plan.atLeast'), cell: ({ atLeast, to }) => atLeast ?? to },
        {
          id: 'findings',
          label: t('plan.findings'),
          cell: ({ because, coded, command, findings }) =>
            [say(because, coded), command, findings.join(', ')].filter(Boolean).join(': '),
        },
      ]}
    />
  );
}
