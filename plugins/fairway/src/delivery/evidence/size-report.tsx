import { z } from 'zod';
import { Flex, Text } from '@backstage/ui';
import { useFairwayText } from '../../translation/use-fairway-text.ts';
import { Bars } from '../../view/bars.tsx';
import { bytesText } from '../../view/figures.ts';

export const sizeSchema = z.object({
  sizeBefore: z.number(),
  sizeAfter: z.number(),
  layersBefore: z.number(),
  layersAfter: z.number(),
  answerAfter: z.object({ text: z.string() }).optional(),
});

/** What slimming the image saved, and that the model still says the same. */
export function SizeReport({ of }: { readonly of: z.output<typeof sizeSchema> }) {
  const { t } = useFairwayText();
  return (
    <Flex direction="column" gap="2">
      <Bars
        label={t('size.title')}
        bars={[
          { id: 'before', text: t('size.before', { size: bytesText(of.sizeBefore) }), value: of.sizeBefore },
          { id: 'after', text: t('size.after', { size: bytesText(of.sizeAfter) }), value: of.sizeAfter, kind: 'good' },
        ]}
      />
      <Text>{t('size.layers', { before: String(of.layersBefore), after: String(of.layersAfter) })}</Text>
      {of.answerAfter && <Text color="secondary">{t('size.answer', { text: of.answerAfter.text })}</Text>}
    </Flex>
  );
}
