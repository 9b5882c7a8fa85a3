import { Flex, Text } from '@backstage/ui';
import type { Delivery } from '@fairway/backstage-plugin-fairway-common';
import type { StageEntry } from '@fairway/stage/record';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { DrawnEvidence } from './drawn-evidence.tsx';
import { drawings } from './drawings.tsx';
import { FixedFindings } from './fixed-findings.tsx';
import { RawEvidence } from './raw-evidence.tsx';
import { isKept } from './use-evidence.ts';

interface StageEvidenceProps {
  readonly delivery: Delivery;
  readonly entry: StageEntry;
}

/** Every piece of evidence of a stage: drawn where there is a drawing, and as it was written. */
export function StageEvidence({ delivery, entry: { evidence } }: StageEvidenceProps) {
  const { t } = useFairwayText();
  if (evidence.length === 0) return <Text color="secondary">{t('delivery.noFiles')}</Text>;
  const before = evidence.find(piece => piece.path.endsWith('/findings-before.json') && isKept(delivery, piece));
  const after = evidence.find(piece => piece.path.endsWith('/findings-after.json') && isKept(delivery, piece));
  return (
    <Flex direction="column" gap="5">
      {before && after && <FixedFindings delivery={delivery} before={before} after={after} />}
      {evidence.map(piece => {
        const drawing = isKept(delivery, piece) ? drawings.get(piece.path.replace(/^evidence\//, '')) : undefined;
        return drawing && <DrawnEvidence key={piece.path} delivery={delivery} piece={piece} drawing={drawing} />;
      })}
      <Flex direction="column" gap="1">
        <Text as="h4" weight="bold">
          {t('delivery.files')}
        </Text>
        {evidence.map(piece => (
          <RawEvidence key={piece.path} delivery={delivery} piece={piece} />
        ))}
      </Flex>
    </Flex>
  );
}
