import { Flex, Grid, Text } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import type { Evidence } from '@fairway/stage/record';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { Answer } from '../../view/answer.tsx';
import { FindingsTable, Scanned, SeverityBars } from './findings.tsx';
import { findingsSchema } from './findings-schema.ts';
import { readEvidence } from './read-evidence.ts';
import { useEvidence } from './use-evidence.ts';

interface FixedFindingsProps {
  readonly delivery: Delivery;
  readonly before: Evidence;
  readonly after: Evidence;
}

/** What the fix loop found and what it left, side by side. */
export function FixedFindings({ delivery, before, after }: FixedFindingsProps) {
  const { t } = useFairwayText();
  const found = useEvidence(delivery, before);
  const left = useEvidence(delivery, after);
  const read = (piece: Evidence, content: string) => ({ piece, ...readEvidence(findingsSchema, content) });
  return (
    <Answer asked={found}>
      {first => (
        <Answer asked={left}>
          {second => {
            const [was, is] = [read(before, first.content), read(after, second.content)];
            for (const one of [was, is])
              if ('problem' in one)
                return (
                  <Text color="warning">
                    {t('delivery.unreadable', { path: one.piece.path, problem: one.problem })}
                  </Text>
                );
            if ('problem' in was || 'problem' in is) return null;
            const sides = [
              { title: t('findings.before'), findings: was.value.findings },
              { title: t('findings.after'), findings: is.value.findings },
            ];
            return (
              <Flex direction="column" gap="3">
                <Text>
                  {t('findings.fixedCount', {
                    before: String(was.value.findings.length),
                    after: String(is.value.findings.length),
                  })}
                </Text>
                <Grid.Root columns={{ initial: '1', md: '2' }} gap="4">
                  {sides.map(({ title, findings }) => (
                    <Flex key={title} direction="column" gap="2">
                      <Text as="h4" weight="bold">
                        {title}
                      </Text>
                      <SeverityBars label={title} findings={findings} />
                    </Flex>
                  ))}
                </Grid.Root>
                {sides.map(({ title, findings }) => (
                  <details key={title}>
                    <summary>{`${t('findings.title')}: ${title} (${findings.length})`}</summary>
                    <FindingsTable label={title} findings={findings} />
                  </details>
                ))}
                <Scanned by={is.value} />
              </Flex>
            );
          }}
        </Answer>
      )}
    </Answer>
  );
}
