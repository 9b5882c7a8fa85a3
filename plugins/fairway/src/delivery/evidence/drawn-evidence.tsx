import { Flex, Text } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import type { Evidence } from '@fairway/stage/record';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { Answer } from '../../view/answer.tsx';
import type { Drawing } from './drawings.tsx';
import { useEvidence } from './use-evidence.ts';

interface DrawnEvidenceProps {
  readonly delivery: Delivery;
  readonly piece: Evidence;
  readonly drawing: Drawing;
}

/** A piece of evidence as its drawing shows it. */
export function DrawnEvidence({ delivery, piece, drawing }: DrawnEvidenceProps) {
  const { t } = useFairwayText();
  const asked = useEvidence(delivery, piece);
  return (
    <section>
      <Flex direction="column" gap="2">
        <Text as="h4" weight="bold">
          {t(drawing.title)}
        </Text>
        <Answer asked={asked}>
          {({ content }) => {
            const drawn = drawing.draw(content);
            return 'problem' in drawn ? (
              <Text color="warning">{t('delivery.unreadable', { path: piece.path, problem: drawn.problem })}</Text>
            ) : (
              drawn.value
            );
          }}
        </Answer>
      </Flex>
    </section>
  );
}
