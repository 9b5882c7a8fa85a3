import { z } from 'zod';
import { Flex, Text } from '@backstage/ui';
import { codedReasonSchema } from '@fairway/backstage-plugin-fairway-common';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { useReasonText } from '../../translation/use-reason-text.ts';
import { Bars } from '../../view/bars.tsx';
import { Time } from '../../view/time.tsx';
import { DataTable } from '../../view/data-table.tsx';
import { CanaryBesideStable } from './canary-beside-stable.tsx';

const requestSchema = z.object({
  revision: z.string().optional(),
  error: z.string().optional(),
  timeToFirstToken: z.number().optional(),
});

/** A step before users were counted: every request that the release made. */
const requestsStepSchema = z
  .object({
    weight: z.number(),
    seconds: z.number(),
    requests: z.array(requestSchema),
    objection: z.string().optional(),
  })
  .transform(({ requests, ...step }) => ({
    ...step,
    ...{
      users: undefined,
      synthetic: requests.length,
      decisions: [],
      coded: undefined,
      paused: undefined,
      promoted: undefined,
      aborted: undefined,
    },
  }));

const decisionSchema = z.object({
  name: z.string(),
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  events: z.number(),
  bad: z.number(),
});

const countedStepSchema = z.object({
  weight: z.number(),
  seconds: z.number(),
  users: z.number(),
  synthetic: z.number(),
  decisions: z.array(decisionSchema),
  /** Of the latencies that the version before set a stricter limit for. */
  paces: z.record(z.string(), z.object({ milliseconds: z.number(), ofStable: z.number() })).optional(),
  objection: z.string().optional(),
  coded: codedReasonSchema.optional(),
  /** Who held the traffic then; what was judged before counts for nothing. */
  paused: z.object({ by: z.string(), at: z.string(), until: z.string() }).optional(),
  /** Who gave the new version all traffic then. */
  promoted: z.object({ by: z.string(), at: z.string() }).optional(),
  /** Who ended the release then, so that the version before got all traffic. */
  aborted: z.object({ by: z.string(), at: z.string() }).optional(),
});
export type CountedStep = z.output<typeof countedStepSchema>;

const stepSchema = z.union([countedStepSchema, requestsStepSchema]);

export const stepsSchema = z.object({
  candidate: z.string(),
  stable: z.string().nullish(),
  steps: z.array(stepSchema),
});

/** The steps by which the traffic moved to the new version, and how each was judged. */
export function ReleaseSteps({ of: { candidate, stable, steps } }: { readonly of: z.output<typeof stepsSchema> }) {
  const { t } = useFairwayText();
  const say = useReasonText();
  if (steps.length === 0) return <Text>{t('steps.none')}</Text>;
  const judged = ({ objection, coded, paused, promoted, aborted }: (typeof steps)[number]) => {
    if (aborted) return t('steps.aborted', { by: aborted.by, at: <Time at={aborted.at} /> });
    if (promoted) return t('steps.promoted', { by: promoted.by, at: <Time at={promoted.at} /> });
    const { by, at, until } = paused ?? {};
    if (by && at && until) return t('steps.paused', { by, at: <Time at={at} />, until: <Time at={until} /> });
    return say(objection, coded) ?? t('steps.good');
  };
  const counted = steps.filter(step => step.users !== undefined);
  return (
    <Flex direction="column" gap="3">
      <Bars
        label={t('steps.weight')}
        whole={100}
        bars={steps.map((step, index) => ({
          id: String(index),
          text: t('deployments.share', { revision: candidate, weight: String(step.weight) }),
          value: step.weight,
          kind: step.objection ? 'bad' : step.paused || step.promoted ? 'plain' : 'good',
        }))}
      />
      <DataTable
        label={t('steps.title')}
        rows={steps.map((step, index) => ({ ...step, index }))}
        idOf={({ index }) => String(index)}
        columns={[
          { id: 'weight', label: t('steps.weight'), cell: ({ weight }) => `${weight} %` },
          { id: 'judged', label: t('steps.judged'), cell: judged },
          { id: 'seconds', label: t('steps.seconds'), number: true, cell: ({ seconds }) => `${seconds} s` },
          {
            id: 'users',
            label: t('steps.users'),
            number: true,
            cell: ({ users }) => (users === undefined ? t('diff.none') : String(users)),
          },
          { id: 'synthetic', label: t('steps.synthetic'), number: true, cell: step => String(step.synthetic) },
        ]}
      />
      {stable && counted.length > 0 && <CanaryBesideStable candidate={candidate} stable={stable} steps={counted} />}
    </Flex>
  );
}
